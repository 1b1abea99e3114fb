"""Texts as trees in any grammar: parsing, parsing again after a change, and reading places and nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Parser, Point, Range

from cope_lsp.languages.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Language as Grammar
    from tree_sitter import Node

    from cope_lsp.languages.text import TextChange


def parse(grammar: Grammar, text: bytes) -> Source:
    """Parse from nothing."""
    return Source(text, Parser(grammar).parse(text))


def parse_part(grammar: Grammar, text: bytes, span: Span) -> Source:
    """Parse `span` of `text` as if it stood alone; offsets stay those of the whole text."""
    part = Range(point_at(text, span.start), point_at(text, span.end), span.start, span.end)
    return Source(text, Parser(grammar, included_ranges=[part]).parse(text))


def reparse(grammar: Grammar, previous: Source, text: bytes, changes: tuple[TextChange, ...]) -> Source:
    """Parse the next version; `changes` apply one after the other, as LSP sends them.

    Changes that do not lead from the previous text to `text` cost a full parse, never a wrong tree.
    """
    change = _covering(changes)
    if change is None:
        return previous if previous.text == text else parse(grammar, text)
    start, old_end, new_end = change
    same_tail = len(previous.text) - old_end == len(text) - new_end
    if not same_tail or previous.text[:start] != text[:start] or previous.text[old_end:] != text[new_end:]:
        return parse(grammar, text)
    tree = previous.tree.copy()
    tree.edit(
        start,
        old_end,
        new_end,
        point_at(text, start),
        point_at(previous.text, old_end),
        point_at(text, new_end),
    )
    return Source(text, Parser(grammar).parse(text, tree))


def _covering(changes: tuple[TextChange, ...]) -> tuple[int, int, int] | None:
    """One change that holds them all: bytes `start:old_end` became `start:new_end`."""
    if not changes:
        return None
    start, old_end, new_end = changes[0].start, changes[0].old_end, changes[0].new_end
    for change in changes[1:]:
        start = min(start, change.start)
        beyond = max(0, change.old_end - new_end)
        old_end += beyond
        new_end += beyond + change.new_end - change.old_end
    return start, old_end, new_end


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
