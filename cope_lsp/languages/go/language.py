"""Go as one `Language` value."""

from __future__ import annotations

from cope_lsp.languages.go import tools
from cope_lsp.languages.go.grammar import GRAMMAR
from cope_lsp.languages.grammar.syntax import GrammarSyntax
from cope_lsp.languages.language import Language, Rooted
from cope_lsp.languages.toolchain.running import ToolRunning

GO = Language(
    id="go",
    suffixes=(".go",),
    root_markers=("go.work", "go.mod"),
    line_comment="//",
    syntax=GrammarSyntax(GRAMMAR),
    running=ToolRunning(GRAMMAR, tools),
    name="Go",
    test_files=("*_test.go",),
    rooted=Rooted.OUTERMOST,
)
