"""cope-lsp: a language server that writes code, cheaply and only when tests agree."""

__version__ = "0.1.0"
