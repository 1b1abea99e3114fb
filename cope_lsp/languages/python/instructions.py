"""`# cope:` comments: an instruction written into the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages.asking import comment_block_above, first_run, removal
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
    window = Span(comment_block_above(source.text, span.start, "#"), tree.line_end(source.text, span.end))
    found = [match["comment"] for match in tree.matches("comments", source.tree.root_node, window)]
    marked = [node for node in found if MARKER.match(tree.node_text(node)) and node.end_byte >= window.start]
    if not marked:
        return None
    run = first_run(marked)
    text = " ".join(_text(node) for node in run).strip()
    return Instruction(text, removal(source.text, run)) if text else None


def _text(node: Node) -> str:
    match = MARKER.match(tree.node_text(node))
    return match[1].strip() if match else ""
