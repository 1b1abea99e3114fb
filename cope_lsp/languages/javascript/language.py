"""JavaScript as `Language` values, one for each of the names that editors have for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.javascript import tools
from cope_lsp.languages.javascript.grammar import GRAMMAR
from cope_lsp.languages.javascript.syntax import ModuleSyntax
from cope_lsp.languages.language import Language, Rooted
from cope_lsp.languages.toolchain.running import ToolRunning

if TYPE_CHECKING:
    from cope_lsp.languages.grammar.grammar import Grammar


def family(grammar: Grammar, id_: str, name: str, suffixes: tuple[str, ...]) -> Language:
    """A language of the family: its grammar, its names, and what all share."""
    return Language(
        id=id_,
        suffixes=suffixes,
        root_markers=("package.json", "pnpm-workspace.yaml"),
        line_comment="//",
        syntax=ModuleSyntax(grammar),
        running=ToolRunning(grammar, tools),
        name=name,
        declarations=(".d.ts", ".d.mts", ".d.cts"),
        test_files=tools.TEST_FILES,
        rooted=Rooted.OUTERMOST,
    )


JAVASCRIPT = family(GRAMMAR, "javascript", "JavaScript", (".js", ".mjs", ".cjs"))
JSX = family(GRAMMAR, "javascriptreact", "JavaScript JSX", (".jsx",))
