"""Python as a language: which files, which formatter, and what the registry answers."""

from __future__ import annotations

import pytest

from cope_lsp.languages.python import formatting
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.registry import for_document, for_id, for_path


def test_files_find_their_language() -> None:
    """By suffix and by the editor's id; files that only declare, and other files, find none."""
    assert for_path("/a/b.py") is PYTHON
    assert for_path("/a/b.pyi") is None
    assert for_path("/a/Makefile") is None
    assert for_id("python") is PYTHON
    assert for_id("plaintext") is None
    assert for_document("python", "/a/script") is PYTHON
    assert for_document("python", "/a/b.pyi") is None
    assert for_document("fortran", "/a/b.f90") is None


CHOSEN: list[tuple[dict[str, str], str | None]] = [
    ({}, None),
    ({"pyproject.toml": "[project]\nname = 'a'\n"}, None),
    ({"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, "ruff"),
    ({"pyproject.toml": "[tool.ruff.format]\nquote-style = 'single'\n"}, "ruff"),
    ({"pyproject.toml": "[tool.black]\n\n[tool.ruff]\n"}, "black"),
    ({"pyproject.toml": "[tool.ruff]\n[tool.yapf]\n"}, None),
    ({"ruff.toml": ""}, "ruff"),
    ({".pre-commit-config.yaml": "repos:\n- hooks:\n  - id: ruff-format\n"}, "ruff"),
    ({".pre-commit-config.yaml": "repos:\n- hooks:\n  - id: black\n"}, "black"),
    ({".pre-commit-config.yaml": "repos:\n- hooks:\n  - id: ruff\n"}, None),
    ({"pyproject.toml": "[tool.ruff"}, None),
    ({"pyproject.toml": "tool = 1\n"}, None),
]


@pytest.mark.parametrize(("configs", "name"), CHOSEN)
def test_the_formatter_is_the_one_that_the_project_chose(configs: dict[str, str], name: str | None) -> None:
    """Where black is configured black, ruff where no other is; a broken file chooses none."""
    chosen = formatting.formatter_for(configs)
    assert (chosen.name if chosen else None) == name


def test_layout_does_not_change_what_a_definition_means() -> None:
    """Quotes, line breaks and commas are layout; a name, a string and what does not parse are not."""
    assert formatting.means_same("def f(a):\n  return 'x', (a)", 'def f(\n    a,\n):\n    return ("x", a)')
    assert formatting.means_same("    def f(self):\n        pass", "    def f(self):\n            pass")
    assert not formatting.means_same("def f(a):\n    return a", "def f(a):\n    return b")
    assert not formatting.means_same("def f(a):\n    return 'a'", "def f(a):\n    return 'a '")
    assert not formatting.means_same("def f(", "def f(")
