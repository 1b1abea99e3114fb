"""`cope:` comments: an instruction written into the file."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.asking import comment_block_above, first_run, removal
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
        comment_block_above(source.text, span.start, grammar.line_comment),
        trees.line_end(source.text, span.end),
    )
    found = comments(grammar, source.tree.root_node, window)
    marked = [node for node in found if _asked(grammar, node) is not None and node.end_byte >= window.start]
    if not marked:
        return None
    run = first_run(marked)
    text = " ".join(_asked(grammar, node) or "" for node in run).strip()
    return Instruction(text, removal(source.text, run)) if text else None


def is_marker(grammar: Grammar, line: str) -> bool:
    """Whether a line is such a comment and nothing else."""
    return marker(grammar.line_comment).fullmatch(line.strip()) is not None


def _asked(grammar: Grammar, node: Node) -> str | None:
    match = marker(grammar.line_comment).fullmatch(trees.node_text(node).strip())
    return match[1].strip() if match else None
