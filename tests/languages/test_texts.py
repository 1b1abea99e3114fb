"""The text of a test that a runner names, for the prompt: what a model is told that must pass."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from cope_lsp.languages.registry import for_id
from tests.languages.cases import CASES
from tests.support.toolchains import Shop, ask

if TYPE_CHECKING:
    from pathlib import Path

    from tests.languages.cases import Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder.name)
def test_each_test_that_reaches_the_target_has_its_own_text(case: Case, tmp_path: Path) -> None:
    """At the margin, with the name that the runner gives it, whatever kind of thing a test is there."""
    root = tmp_path / "project"
    shutil.copytree(case.folder / "project", root)
    language = for_id(case.language)
    assert language is not None
    syntax = language.syntax
    tests = ask(Shop(language, root, tmp_path), case.file, case.symbol).tests
    texts = {
        each.id: syntax.test_text(syntax.parse((root / each.path).read_bytes()), each.id) for each in tests
    }
    assert len(set(texts.values())) == len(texts) >= len(case.reaching)
    for name, text in texts.items():
        last = re.findall(r"\w+", name)[-1]
        assert last in text
        assert not text[0].isspace()
        assert text.count("\n") < 40


def test_of_equal_names_the_suite_decides() -> None:
    """And what no test is called gives nothing."""
    language = for_id("javascript")
    assert language is not None
    first = 'describe("a", () => {\n  it("adds", () => { one(); });\n});\n'
    second = 'describe("b", () => {\n  it("adds", () => {\n    two();\n  });\n});\n'
    text = (first + second).encode()
    source = language.syntax.parse(text)
    assert "one()" in language.syntax.test_text(source, "x.test.js::a > adds")
    assert language.syntax.test_text(source, "x.test.js::b > adds") == 'it("adds", () => {\n  two();\n})'
    assert language.syntax.test_text(source, "x.test.js::b > takes off") == ""
