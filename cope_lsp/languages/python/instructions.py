"""`# cope:` comments: an instruction written into the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages.python import tree
from cope_lsp.languages.target import Instruction
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from cope_lsp.languages.text import Source

MARKER = re.compile(r"#\s*cope:[ \t]*(.*)", re.IGNORECASE)

TRAILING = re.compile(r"\s*#\s*cope:[^'\"]*$", re.IGNORECASE)


def instruction_at(source: Source, span: Span) -> Instruction | None:
    """The `cope:` comment inside or right above `span`; lines of it that follow each other are one."""
    window = Span(_comment_block_above(source.text, span.start), tree.line_end(source.text, span.end))
    found = [match["comment"] for match in tree.matches("comments", source.tree.root_node, window)]
    marked = [node for node in found if MARKER.match(tree.node_text(node)) and node.end_byte >= window.start]
    if not marked:
        return None
    run = _run(marked)
    text = " ".join(_text(node) for node in run).strip()
    return Instruction(text, _removal(source.text, run)) if text else None


def _comment_block_above(text: bytes, offset: int) -> int:
    """Where the comment lines right above the line of `offset` begin."""
    start = tree.line_start(text, offset)
    while start > 0:
        above = tree.line_start(text, start - 1)
        if not text[above:start].lstrip().startswith(b"#"):
            break
        start = above
    return start


def _run(marked: list[Node]) -> list[Node]:
    """The first comment and those that follow it line by line."""
    run = marked[:1]
    for node in marked[1:]:
        if node.start_point.row != run[-1].start_point.row + 1:
            break
        run.append(node)
    return run


def _text(node: Node) -> str:
    match = MARKER.match(tree.node_text(node))
    return match[1].strip() if match else ""


def _removal(text: bytes, run: list[Node]) -> Span:
    """What goes with the comment: its whole lines, or what trails the code before it."""
    first, last = run[0], run[-1]
    start = tree.line_start(text, first.start_byte)
    before = text[start : first.start_byte]
    if not before.strip():
        return Span(start, tree.next_line(text, last.end_byte))
    return Span(start + len(before.rstrip()), last.end_byte)
