"""TypeScript as `Language` values, one for each of the names that editors have for it."""

from __future__ import annotations

from cope_lsp.languages.javascript.language import family
from cope_lsp.languages.typescript import grammar

TYPESCRIPT = family(grammar.TYPESCRIPT, "typescript", "TypeScript", (".ts", ".mts", ".cts"))
TSX = family(grammar.TSX, "typescriptreact", "TypeScript JSX", (".tsx",))
