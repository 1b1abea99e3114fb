"""Definitions by their lines alone, for texts whose tree is broken somewhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.python import tree
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = re.compile(rb"^([ \t]*)(?:async[ \t]+)?def[ \t]+\w+", re.MULTILINE)
_SCOPE = re.compile(rb"[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)([^\r\n]*)")

_MOST_HEAD_LINES = 24


@dataclass(frozen=True, slots=True)
class Scope:
    """A class or function header: its name, and what follows it on the line."""

    name: str
    rest: bytes


def headers(text: bytes) -> Iterator[int]:
    """Where each `def` (or `async def`) that opens a line begins."""
    for header in _HEADER.finditer(text):
        yield header.end(1)


def definitions_around(text: bytes, span: Span) -> Iterator[tuple[int, Span]]:
    """Definitions whose lines hold `span`, innermost first: where `def` begins, and the lines."""
    found = list(_HEADER.finditer(text, 0, tree.line_end(text, span.start)))
    # Decorators stand above the header, so one that begins below the span may hold it too.
    below = _HEADER.search(text, tree.line_end(text, span.start))
    depth = len(text)
    candidates = [*found, below] if below is not None else found
    for header in reversed(candidates):
        if len(header[1]) >= depth:
            continue  # ends above the header that was looked at last
        depth = depth if header is below else len(header[1])
        block = _lines_of(text, header)
        if Span(tree.line_start(text, block.start), tree.line_end(text, block.end)).holds(span):
            yield header.end(1), block


def heads(text: bytes, block: Span) -> Iterator[Span]:
    """The first line of a definition, the first two, and so on: one of them ends with its signature."""
    end = block.start
    for _ in range(_MOST_HEAD_LINES):
        end = tree.line_end(text, end)
        yield Span(block.start, min(end, block.end))
        if end >= block.end:
            return
        end = tree.next_line(text, end)


def scopes_above(text: bytes, header: int) -> list[Scope]:
    """The classes and functions whose less indented headers stand above, outermost first."""
    depth = header - tree.line_start(text, header)
    position = tree.line_start(text, header)
    scopes: list[Scope] = []
    while depth > 0 and position > 0:
        position = tree.line_start(text, position - 1)
        line = text[position : tree.line_end(text, position)]
        indent = _indent(line)
        if line.strip() and indent < depth and line.strip()[:1] not in {b"#", b"@", b")"}:
            depth = indent
            scope = _SCOPE.match(line)
            if scope is not None:
                scopes.insert(0, Scope(scope[1].decode(), scope[2]))
    return scopes


def _lines_of(text: bytes, header: re.Match[bytes]) -> Span:
    """The lines of a definition: decorators above, and below all that is deeper or closes a bracket."""
    depth = len(header[1])
    start = header.start()
    while start > 0:
        above = tree.line_start(text, start - 1)
        line = text[above:start]
        if not line.lstrip().startswith(b"@") or _indent(line) != depth:
            break
        start = above
    end = tree.line_end(text, header.start())
    position = tree.next_line(text, end)
    while position < len(text):
        stop = tree.line_end(text, position)
        line = text[position:stop]
        if line.strip() and _indent(line) <= depth and line.strip()[:1] not in {b")", b"]", b"}"}:
            break
        end = stop if line.strip() else end
        position = tree.next_line(text, stop)
    return Span(start + depth, end)


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" \t"))
