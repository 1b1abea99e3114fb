"""`# cope:` comments are found above and in what is selected."""

from __future__ import annotations

import pytest

from cope_lsp.languages.python import syntax
from cope_lsp.languages.text import Span

FOUND = [
    ("right above", "# cope: faster\ndef f§(): pass\n", "faster", "# cope: faster\n"),
    ("on the comment itself", "# co§pe: faster\ndef f(): pass\n", "faster", "# cope: faster\n"),
    ("in the body", "def f():\n    x = 1§\n", None, ""),
    (
        "above with other comments between",
        "# cope: faster\n# note\ndef f§(): pass\n",
        "faster",
        "# cope: faster\n",
    ),
    (
        "several lines are one",
        "# cope: make it\n# COPE:  faster \n§x = 1\n",
        "make it faster",
        "# cope: make it\n# COPE:  faster \n",
    ),
    ("behind code", "x = 1  # cope: rename§\n", "rename", "  # cope: rename"),
    ("CRLF", "# cope: a\r\ndef f§(): pass\r\n", "a", "# cope: a\r\n"),
    ("non-ASCII", "s = 'ä'\n# cope: größer\n§x = 1\n", "größer", "# cope: größer\n"),
    ("indented", "class A:\n    # cope: a\n    def f§(self): pass\n", "a", "    # cope: a\n"),
    ("not in a string", "x = '# cope: a'§\n", None, ""),
    ("not two lines above", "# cope: a\n\nx§ = 1\n", None, ""),
    ("not when empty", "# cope:\nx§ = 1\n", None, ""),
    ("not another word", "# coped: a\nx§ = 1\n", None, ""),
]


@pytest.mark.parametrize(("text", "said", "gone"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_an_instruction_is_found_with_what_goes_when_it_is_done(
    text: str, said: str | None, gone: str
) -> None:
    """Its text without the marker, and the whole lines (or the tail of a line) that it takes up."""
    before, _, after = text.partition("§")
    source = syntax.parse((before + after).encode())
    cursor = len(before.encode())
    found = syntax.instruction_at(source, Span(cursor, cursor))
    assert (found.text if found else None) == said
    if found:
        assert source.text[found.span.start : found.span.end].decode() == gone


def test_a_selection_is_searched_whole() -> None:
    """The first comment in it counts."""
    text = b"x = 1\ny = 2  # cope: first\nz = 3\n# cope: second\n"
    found = syntax.instruction_at(syntax.parse(text), Span(0, len(text)))
    assert found is not None
    assert found.text == "first"
