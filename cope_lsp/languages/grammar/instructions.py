"""`cope:` comments: an instruction written into the file."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import comments
from cope_lsp.languages.target import Instruction
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.text import Source


@cache
def marker(line_comment: str) -> re.Pattern[str]:
    """What a comment looks like that asks for something."""
    return re.compile(rf"(?:{re.escape(line_comment)}|/\*)\s*cope:[ \t]*(.*?)\s*(?:\*/)?\s*", re.IGNORECASE)


def instruction_at(grammar: Grammar, source: Source, span: Span) -> Instruction | None:
    """The `cope:` comment inside or right above `span`; lines of it that follow each other are one."""
    window = Span(
        _comment_block_above(grammar, source.text, span.start), trees.line_end(source.text, span.end)
    )
    found = comments(grammar, source.tree.root_node, window)
    marked = [node for node in found if _asked(grammar, node) is not None and node.end_byte >= window.start]
    if not marked:
        return None
    run = _run(marked)
    text = " ".join(_asked(grammar, node) or "" for node in run).strip()
    return Instruction(text, _removal(source.text, run)) if text else None


def is_marker(grammar: Grammar, line: str) -> bool:
    """Whether a line is such a comment and nothing else."""
    return marker(grammar.line_comment).fullmatch(line.strip()) is not None


def _asked(grammar: Grammar, node: Node) -> str | None:
    match = marker(grammar.line_comment).fullmatch(trees.node_text(node).strip())
    return match[1].strip() if match else None


def _comment_block_above(grammar: Grammar, text: bytes, offset: int) -> int:
    """Where the comment lines right above the line of `offset` begin."""
    start = trees.line_start(text, offset)
    while start > 0:
        above = trees.line_start(text, start - 1)
        if not text[above:start].lstrip().startswith(grammar.line_comment.encode()):
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


def _removal(text: bytes, run: list[Node]) -> Span:
    """What goes with the comment: its whole lines, or what trails the code before it."""
    start = trees.line_start(text, run[0].start_byte)
    end = run[-1].start_byte + len(text[run[-1].start_byte : run[-1].end_byte].rstrip())
    before = text[start : run[0].start_byte]
    if not before.strip() and not text[end : trees.line_end(text, end)].strip():
        return Span(start, trees.next_line(text, end))
    return Span(start + len(before.rstrip()), end)
