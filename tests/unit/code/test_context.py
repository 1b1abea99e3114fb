"""What a model is shown: all that helps and fits, nothing that must not be sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Kind
from cope_lsp.code.context import BYTES_PER_TOKEN, Budget, Material, build_problem, tokens
from cope_lsp.code.problem import CodeProblem, Diagnostic, Request, RequestKind
from cope_lsp.languages.running import TestCase
from cope_lsp.languages.text import Span
from tests.unit.code.asking import ask

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = '''"""Module."""

import re
from .clean import tidy

LIMIT = 3


class Words:
    size: int = 1

    def other(self) -> str:
        return "secret body"

    # cope: use tidy
    def join(self, parts: list[str]) -> str:
        """Join.

        >>> Words().join(["a"])
        'a'
        """
        return tidy("-".join(parts), LIMIT)


def slugify(title):
    """Make a slug."""
    # hint
    ...
'''
FILES = {
    "pkg/clean.py": "KEY = 'k'\n\ndef tidy(text, most):\n    '''Tidies.'''\n    return text[:most]\n",
    "tests/test_words.py": "import x\n\n"
    "class TestJoin:\n    def test_one(self):\n        assert Words().join([]) == ''\n"
    "\n\ndef test_two():\n    assert 1\n",
}
TESTS = (
    TestCase("tests/test_words.py::TestJoin::test_one", "tests/test_words.py", "pytest"),
    TestCase("tests/test_words.py::test_two[a-b]", "tests/test_words.py", "pytest"),
    TestCase("tests/test_gone.py::test_three", "tests/test_gone.py", "pytest"),
)


def problem(request: Request, files: Mapping[str, str] = FILES, budget: Budget | None = None) -> CodeProblem:
    """The problem with the project's files in reach."""
    return build_problem(request, Material(files.get, TESTS), budget or Budget())


def test_the_statement_holds_what_a_reader_needs() -> None:
    """Imports, constants, the class, the definition in another file, tests, the target, the instruction."""
    statement = problem(ask(FILE, "Words.join")).problem.statement
    for part in [
        "Rewrite the Python function `Words.join`.",
        "from .clean import tidy",
        "LIMIT = 3",
        "class Words:\n    size: int = 1\n    def other(self) -> str:\n        ...\n\n    def join(",
        "# pkg/clean.py\ndef tidy(text, most):\n    '''Tidies.'''\n    ...",
        "def test_one(self):\n    assert Words().join([]) == ''",
        "def test_two():\n    assert 1",
        'return tidy("-".join(parts), LIMIT)',
        "Do this: use tidy",
    ]:
        assert part in statement


def test_the_statement_holds_nothing_else() -> None:
    """Not other bodies, not the comment that is the instruction, not what other files say besides."""
    statement = problem(ask(FILE, "Words.join")).problem.statement
    for part in ["secret body", "# cope:", "KEY", "slugify"]:
        assert part not in statement


def test_of_a_stub_only_the_promise_is_shown() -> None:
    """Signature and docstring, so that no model repeats the dots."""
    statement = problem(ask(FILE, "slugify")).problem.statement
    assert statement.endswith('def slugify(title):\n    """Make a slug."""\n```')
    assert "Complete the Python function `slugify`." in statement


def test_findings_are_told_with_tool_rule_and_line() -> None:
    """A model cannot fix what it is not told."""
    at = FILE.encode().index(b"LIMIT)")
    finding = Diagnostic("pyright", "reportX", "LIMIT is odd", Span(at, at + 5))
    request = replace(ask(FILE, "Words.join"), kind=RequestKind.FIX, instruction="", diagnostics=(finding,))
    statement = problem(request).problem.statement
    assert "pyright (reportX) says: LIMIT is odd\nin the line `return tidy(" in statement


def test_the_files_that_were_shown_are_named_and_no_others() -> None:
    """What was sent can be said; what may not be read is not missed."""
    assert problem(ask(FILE, "Words.join")).sent_files == (
        "pkg/words.py", "tests/test_words.py", "pkg/clean.py",
    )  # fmt: skip
    hidden = problem(ask(FILE, "Words.join"), {})
    assert hidden.sent_files == ("pkg/words.py",)
    assert "Tidies" not in hidden.problem.statement
    assert hidden.tests == TESTS


@pytest.mark.parametrize("most", [1200, 250, 120, 60, 1])
def test_the_budget_is_kept_and_the_target_is_never_dropped(most: int) -> None:
    """Context goes first, whole pieces at a time; the target and the instruction always stay."""
    statement = problem(ask(FILE, "Words.join"), budget=Budget(most, 512)).problem.statement
    assert "def join(self, parts: list[str]) -> str:" in statement
    assert "Do this: use tidy" in statement
    least = tokens("def join(self, parts: list[str]) -> str:\n" * 5)
    assert tokens(statement) <= max(most, least) + 60


def test_a_token_is_counted_as_three_bytes() -> None:
    """The estimate errs high, so that a context window is not overrun."""
    assert BYTES_PER_TOKEN == 3
    assert tokens("") == 0
    assert tokens("abcd") == 2
    assert tokens("äöü") == 2


def test_the_same_question_has_the_same_key_and_another_has_another() -> None:
    """Text around, instruction and kind all count; what is elsewhere in the file does not."""
    key = problem(ask(FILE, "Words.join")).problem.key
    assert problem(ask(FILE, "Words.join")).problem.key == key
    assert problem(ask(FILE.replace("# hint", "# another"), "Words.join")).problem.key == key
    assert problem(ask(FILE.replace("use tidy", "use more"), "Words.join")).problem.key != key
    assert problem(ask(FILE.replace("size: int = 1", "size: int = 2"), "Words.join")).problem.key != key
    assert problem(ask(FILE, "Words.join"), {}).problem.key != key


def test_a_fence_in_the_users_text_does_not_end_ours() -> None:
    """A docstring with a Markdown fence is shown in a longer one."""
    text = FILE.replace("Make a slug.", "Make:\n\n    ```\n    x\n    ```\n    ")
    assert problem(ask(text, "slugify")).problem.statement.endswith("\n````")


def test_the_reply_is_bounded_by_the_targets_size() -> None:
    """A short function gets a short leash, a long one no more than the budget."""
    assert problem(ask(FILE, "slugify")).problem.max_tokens < 500
    long = FILE.replace("    ...", "    x = 1\n" * 400)
    assert problem(ask(long, "slugify", "faster")).problem.max_tokens == 1024


def test_examples_of_the_docstring_come_with_the_problem() -> None:
    """They judge the candidates."""
    assert [example.expected for example in problem(ask(FILE, "Words.join")).examples] == ["'a'"]


def test_a_stub_that_has_a_docstring_is_replied_to_without_it() -> None:
    """The file keeps it, and tokens cost; where there is code already, the docstring may have to change."""
    bare = FILE.replace('    """Make a slug."""\n', "")
    asked = [ask(FILE, "slugify"), ask(FILE, "Words.join", "faster"), ask(bare, "slugify")]
    told = ["without its docstring" in problem(each).problem.reply_format for each in asked]
    assert told == [True, False, False]


def test_documentation_is_asked_for_in_the_style_of_the_file() -> None:
    """Other docstrings are shown; examples are wanted only of what gives something back."""
    text = FILE.replace("# hint\n    ...", "return title") + "\n\ndef log(x):\n    print(x)\n"
    asked = {
        name: problem(replace(ask(text, name, "x"), kind=RequestKind.DOCUMENT, instruction="")).problem
        for name in ("slugify", "log")
    }
    assert "in the style of these, from the same file" in asked["slugify"].statement
    assert '"""Join.' in asked["slugify"].statement
    assert [">>>" in asked[name].reply_format for name in ("slugify", "log")] == [True, False]
    assert asked["slugify"].kind is Kind.CODE


def test_an_explanation_is_text_and_its_tests_need_not_pass() -> None:
    """They are shown as uses of it."""
    asked = problem(replace(ask(FILE, "Words.join", "x"), kind=RequestKind.EXPLAIN, instruction="")).problem
    assert asked.kind is Kind.TEXT
    assert "Tests that call it:" in asked.statement
    assert "must pass" not in asked.statement
