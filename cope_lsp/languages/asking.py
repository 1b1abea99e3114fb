"""Comments that ask for something, in any language: which lines belong together, and what goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node


def comment_block_above(text: bytes, offset: int, line_comment: str) -> int:
    """Where the comment lines right above the line of `offset` begin."""
    start = trees.line_start(text, offset)
    while start > 0:
        above = trees.line_start(text, start - 1)
        if not text[above:start].lstrip().startswith(line_comment.encode()):
            break
        start = above
    return start


def first_run(marked: list[Node]) -> list[Node]:
    """The first comment and those that follow it line by line."""
    run = marked[:1]
    for node in marked[1:]:
        if node.start_point.row != run[-1].start_point.row + 1:
            break
        run.append(node)
    return run


def removal(text: bytes, run: list[Node]) -> Span:
    """What goes with the comments: their whole lines, or what trails the code before them."""
    start = trees.line_start(text, run[0].start_byte)
    end = run[-1].start_byte + len(text[run[-1].start_byte : run[-1].end_byte].rstrip())
    before = text[start : run[0].start_byte]
    if not before.strip() and not text[end : trees.line_end(text, end)].strip():
        return Span(start, trees.next_line(text, end))
    return Span(start + len(before.rstrip()), end)
