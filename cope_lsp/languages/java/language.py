"""Java as one `Language` value."""

from __future__ import annotations

from cope_lsp.languages.grammar.syntax import GrammarSyntax
from cope_lsp.languages.java import tools
from cope_lsp.languages.java.grammar import GRAMMAR
from cope_lsp.languages.language import Language, Rooted
from cope_lsp.languages.toolchain.running import ToolRunning

JAVA = Language(
    id="java",
    suffixes=(".java",),
    root_markers=("pom.xml", "settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts"),
    line_comment="//",
    syntax=GrammarSyntax(GRAMMAR),
    running=ToolRunning(GRAMMAR, tools),
    name="Java",
    test_files=("*Test.java", "*Tests.java", "Test*.java", "*TestCase.java"),
    rooted=Rooted.OUTERMOST,
)
