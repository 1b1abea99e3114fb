"""Texts as trees in any grammar: parsing, parsing again after a change, and reading places and nodes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tree_sitter import Parser, Point, Range

from cope_lsp.languages.text import Source, Span, TextChange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Language as Grammar
    from tree_sitter import Node, Tree

LONGEST_S = 0.5
"""Seconds of processor time after which parsing a text is given up."""

_CHUNK = 4096
_BROKEN = b"\0"

Unread: TypeAlias = Callable[[bytes], Sequence[Span]]
"""What of a text its parser must not see, in order and apart."""


def nothing(text: bytes) -> Sequence[Span]:  # noqa: ARG001 -- the type's signature
    """For languages whose texts are as their grammar has them."""
    return ()


@dataclass(frozen=True, slots=True)
class Reader:
    """How texts of a language become trees: by a grammar that is not shown what `unread` finds."""

    grammar: Grammar
    unread: Unread = nothing


def parse(reader: Reader, text: bytes) -> Source:
    """Parse from nothing. A text that takes too long reads as a broken one that holds nothing."""
    return _bounded(_parser(reader, text, Span(0, len(text))), text)


def parse_part(reader: Reader, text: bytes, span: Span) -> Source:
    """Parse `span` of `text` as if it stood alone; offsets stay those of the whole text."""
    return _bounded(_parser(reader, text, span), text)


def reparse(reader: Reader, previous: Source, text: bytes, changes: tuple[TextChange, ...]) -> Source:
    """Parse the next version; `changes` apply one after the other, as LSP sends them.

    Changes that do not lead from the previous text to `text` cost a full parse, never a wrong tree. Nothing
    bounds the time of a step from one tree to the next: it is for steps that `tasting` has tried.
    """
    change = covering(changes)
    if change is None:
        return previous if previous.text == text else parse(reader, text)
    if previous.given_up or not leads(previous.text, text, change):
        return parse(reader, text)
    return step(reader, previous, text, change)[0]


def step(reader: Reader, previous: Source, text: bytes, change: TextChange) -> tuple[Source, Tree]:
    """Parse what a change made of the previous text; also the previous tree, its nodes moved along."""
    tree = previous.tree.copy()
    tree.edit(
        change.start,
        change.old_end,
        change.new_end,
        point_at(text, change.start),
        point_at(previous.text, change.old_end),
        point_at(text, change.new_end),
    )
    return Source(text, _parser(reader, text, Span(0, len(text))).parse(text, tree)), tree


def leads(before: bytes, after: bytes, change: TextChange) -> bool:
    """Whether a change makes one text of the other."""
    return (
        len(before) - change.old_end == len(after) - change.new_end
        and before[: change.start] == after[: change.start]
        and before[change.old_end :] == after[change.new_end :]
    )


def covering(changes: tuple[TextChange, ...]) -> TextChange | None:
    """One change that holds them all."""
    if not changes:
        return None
    start, old_end, new_end = changes[0].start, changes[0].old_end, changes[0].new_end
    for change in changes[1:]:
        start = min(start, change.start)
        beyond = max(0, change.old_end - new_end)
        old_end += beyond
        new_end += beyond + change.new_end - change.old_end
    return TextChange(start, old_end, new_end)


def _parser(reader: Reader, text: bytes, span: Span) -> Parser:
    """A parser of what of a span is to be read."""
    whole = span == Span(0, len(text))
    gaps = [gap for gap in reader.unread(text) if span.holds(gap)]
    if whole and not gaps:
        return Parser(reader.grammar)
    starts, ends = [span.start, *(gap.end for gap in gaps)], [*(gap.start for gap in gaps), span.end]
    at, ranges = Point(0, 0), list[Range]()
    seen = 0
    for start, end in zip(starts, ends, strict=True):
        first = _further(text, seen, at, start)
        seen, at = end, _further(text, start, first, end)
        ranges.append(Range(first, at, start, end))
    return Parser(reader.grammar, included_ranges=ranges)


def _further(text: bytes, start: int, at: Point, end: int) -> Point:
    """The place of `end`, where that of `start`, before it, is known."""
    rows = text.count(b"\n", start, end)
    column = end - line_start(text, end) if rows else at.column + end - start
    return Point(at.row + rows, column)


def _bounded(parser: Parser, text: bytes) -> Source:
    # tree-sitter asks whether to go on only where it reads by a callback. The tree is then taken over for
    # the bytes themselves, which costs little: nodes of a tree that was read by one give their text slowly.
    end = time.thread_time() + LONGEST_S

    def read(offset: int, _: Point) -> bytes:
        return text[offset : offset + _CHUNK]

    def is_spent(_: int, __: bool) -> bool:  # noqa: FBT001 -- tree-sitter's signature
        return time.thread_time() > end

    try:
        tree = parser.parse(read, progress_callback=is_spent)
    except ValueError:
        grammar = parser.language
        return Source(text, Parser(grammar).parse(_BROKEN), given_up=True)
    return Source(text, parser.parse(text, tree))


def point_at(text: bytes, offset: int) -> Point:
    """Row and byte column of an offset."""
    return Point(text.count(b"\n", 0, offset), offset - line_start(text, offset))


def line_start(text: bytes, offset: int) -> int:
    """Where the line of `offset` begins."""
    return text.rfind(b"\n", 0, offset) + 1


def line_end(text: bytes, offset: int) -> int:
    """Where the line of `offset` ends, before its line break."""
    end = text.find(b"\n", offset)
    if end < 0:
        return len(text)
    return end - 1 if end > offset and text[end - 1 : end] == b"\r" else end


def next_line(text: bytes, offset: int) -> int:
    """Where the line after that of `offset` begins; the text's end on the last one."""
    end = text.find(b"\n", offset)
    return len(text) if end < 0 else end + 1


def at_margin(source: Source, span: Span) -> str:
    """A part of a text without the indentation of the line it begins on, whatever its line breaks."""
    indent = indent_at(source.text, span.start)
    text = source.text[span.start : span.end].decode("utf-8", "replace").replace("\r\n", "\n")
    return "\n".join(line.removeprefix(indent) for line in text.split("\n"))


def indent_at(text: bytes, offset: int) -> str:
    """White space that opens the line of `offset`."""
    start = line_start(text, offset)
    line = text[start:offset]
    return line[: len(line) - len(line.lstrip(b" \t\x0c"))].decode()


def eol_at(text: bytes, offset: int) -> str:
    """The line break in use at `offset`: that of its line, or of the first line when it is the last."""
    end = text.find(b"\n", offset)
    if end < 0:
        end = text.find(b"\n")
    return "\r\n" if end > 0 and text[end - 1 : end] == b"\r" else "\n"


def lines(text: bytes) -> list[str]:
    """Lines without their breaks; only a line feed ends one, whatever else Unicode calls a line."""
    return [line.removesuffix("\r") for line in text.decode("utf-8", "surrogateescape").split("\n")]


def span_of(node: Node) -> Span:
    """A node's bytes."""
    return Span(node.start_byte, node.end_byte)


def read(source: Source, span: Span) -> str:
    """Text of a span."""
    return source.text[span.start : span.end].decode("utf-8", "replace")


def node_text(node: Node) -> str:
    """Text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def ancestors(node: Node) -> Iterator[Node]:
    """The nodes around a node, innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent
