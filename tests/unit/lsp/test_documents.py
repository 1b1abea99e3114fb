"""Open documents follow every edit: text, lines, positions, tree."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from cope_lsp.languages.registry import for_id
from cope_lsp.languages.text import Span
from cope_lsp.lsp.documents import Documents, OpenDocument
from cope_lsp.lsp.parsing import parsed
from cope_lsp.workspace.tasting import Taster

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

URI = "file:///project/a.py"
ALPHABET = ("a", "ß", "€", "😋", " ", "\n", "\r\n", "\r", "\x0c", "\u2028", "def f(): ...\n")


@pytest.fixture
async def taster() -> AsyncGenerator[Taster]:
    """A child that tries texts."""
    made = Taster()
    yield made
    await made.close()


def opened(text: str, encoding: types.PositionEncodingKind) -> tuple[Documents, OpenDocument]:
    """One open document."""
    documents = Documents(encoding)
    documents.open(types.TextDocumentItem(URI, "python", 1, text))
    document = documents.get(URI)
    assert document is not None
    return documents, document


def change(version: int, place: types.Range, text: str) -> types.DidChangeTextDocumentParams:
    """One incremental edit."""
    identifier = types.VersionedTextDocumentIdentifier(version, URI)
    return types.DidChangeTextDocumentParams(
        identifier, [types.TextDocumentContentChangePartial(place, text)]
    )


@pytest.mark.parametrize("encoding", list(types.PositionEncodingKind))
async def test_random_edits_leave_what_a_plain_string_would(
    encoding: types.PositionEncodingKind, taster: Taster
) -> None:
    """Text, line starts and the tree after 300 edits, at code point boundaries, in every encoding."""
    chance = random.Random(7)  # noqa: S311 -- reproducible edits
    documents, document = opened("def f(): ...\n", encoding)
    language = for_id("python")
    assert language is not None
    plain = "def f(): ...\n"
    for version in range(2, 302):
        first, last = sorted(chance.randrange(len(plain) + 1) for _ in range(2))
        last = min(last, first + 6)
        if "\r\n" in (plain[first - 1 : first + 1], plain[last - 1 : last + 1]):
            continue  # LSP has no position between the two
        span = Span(len(plain[:first].encode()), len(plain[:last].encode()))
        text = "".join(chance.choices(ALPHABET, k=chance.randrange(4)))
        documents.change(change(version, document.range_of(span), text))
        plain = plain[:first] + text + plain[last:]
        assert document.text == plain.encode()
        _, fresh = opened(plain, encoding)
        assert document.starts == fresh.starts
        if version % 5 == 0:
            source = await parsed(document, language, taster)
            assert source is not None
            assert str(source.tree.root_node) == str(language.syntax.parse(document.text).tree.root_node)


@pytest.mark.parametrize(
    ("encoding", "character"),
    [
        (types.PositionEncodingKind.Utf8, 9),
        (types.PositionEncodingKind.Utf16, 4),
        (types.PositionEncodingKind.Utf32, 3),
    ],
)
def test_a_position_counts_in_the_negotiated_units(
    encoding: types.PositionEncodingKind, character: int
) -> None:
    """`ß€😋` is 9 bytes, 4 UTF-16 units, 3 code points."""
    _, document = opened("x\nß€😋y", encoding)
    assert document.offset_at(types.Position(1, character)) == len("x\nß€😋".encode())
    assert document.position_at(len("x\nß€😋".encode())) == types.Position(1, character)


def test_only_the_line_ends_of_lsp_end_lines() -> None:
    """A form feed or a Unicode separator does not."""
    _, document = opened("a\x0cb\u2028c\nd\re\r\nf", types.PositionEncodingKind.Utf16)
    assert document.starts == [0, 8, 10, 13]


def test_positions_past_the_end_are_pulled_back() -> None:
    """To the end of the line, before its line break, and to the end of the text."""
    _, document = opened("ab\r\ncd", types.PositionEncodingKind.Utf16)
    assert document.offset_at(types.Position(0, 99)) == 2
    assert document.offset_at(types.Position(99, 0)) == 6


def test_a_lone_surrogate_from_the_wire_breaks_nothing() -> None:
    """JSON can carry one; it reads as a question mark of the same width."""
    _, document = opened("x = '\ud800'", types.PositionEncodingKind.Utf16)
    assert document.frozen().text == "x = '?'"


def test_a_change_of_the_whole_text_replaces_it() -> None:
    """Clients may send one even where increments were agreed."""
    documents, document = opened("a\nb", types.PositionEncodingKind.Utf16)
    whole = types.TextDocumentContentChangeWholeDocument("c\nd\ne")
    documents.change(
        types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, URI), [whole])
    )
    assert (document.text, document.starts, document.version) == (b"c\nd\ne", [0, 2, 4], 2)


def test_a_change_of_a_document_that_is_not_open_is_ignored() -> None:
    """A client's mistake costs nobody anything."""
    start = types.Position(0, 0)
    Documents().change(change(2, types.Range(start, start), "x"))


async def test_who_asks_while_a_step_is_at_work_gets_the_tree_of_the_present_text(taster: Taster) -> None:
    """A tree of the text before is no answer: what stands at an offset is another thing there."""
    documents, document = opened("a = 1\n", types.PositionEncodingKind.Utf16)
    language = for_id("python")
    assert language is not None
    await parsed(document, language, taster)
    start = types.Position(0, 0)
    documents.change(change(2, types.Range(start, start), "b"))
    first = asyncio.create_task(parsed(document, language, taster))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert document.parsing is not None
    second = await parsed(document, language, taster)
    assert second is not None
    assert second.text == b"ba = 1\n" == document.text
    assert await first is second
