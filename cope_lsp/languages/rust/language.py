"""Rust as one `Language` value."""

from __future__ import annotations

from cope_lsp.languages.grammar.syntax import GrammarSyntax
from cope_lsp.languages.language import Language, Rooted
from cope_lsp.languages.rust import tools
from cope_lsp.languages.rust.grammar import GRAMMAR
from cope_lsp.languages.toolchain.running import ToolRunning

RUST = Language(
    id="rust",
    suffixes=(".rs",),
    root_markers=("Cargo.toml",),
    line_comment="//",
    syntax=GrammarSyntax(GRAMMAR),
    running=ToolRunning(GRAMMAR, tools),
    name="Rust",
    test_files=("*.rs",),
    rooted=Rooted.OUTERMOST,
)
