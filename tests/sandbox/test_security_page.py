"""The page that reviewers read names tests that exist, and every protection is taken away once."""

from __future__ import annotations

import re
from pathlib import Path

from cope_lsp.sandbox.isolation import Protection

TESTS = Path(__file__).parent
ALL_TESTS = TESTS.parent
PAGE = TESTS.parents[1] / "docs" / "security.md"


def test_every_test_that_the_page_names_exists() -> None:
    """A row of the table cannot outlive its test."""
    sources = "".join(file.read_text("utf-8") for file in ALL_TESTS.rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text("utf-8")))
    assert len(named) > 30
    assert {name for name in named if f"def {name}(" not in sources} == set()


def test_every_protection_is_taken_away_somewhere() -> None:
    """No protection of the namespaces rung goes without a test that can fail."""
    sources = "".join(file.read_text("utf-8") for file in TESTS.glob("test_*.py"))
    assert {each for each in Protection if f"Protection.{each.name}" not in sources} == set()
