"""Python text as trees: its grammar, its queries, and the places and nodes of any language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import tree_sitter_python
from tree_sitter import Language as Grammar
from tree_sitter import Query, QueryCursor

from cope_lsp.languages import trees
from cope_lsp.languages.trees import (
    ancestors,
    eol_at,
    indent_at,
    line_end,
    line_start,
    lines,
    next_line,
    node_text,
    point_at,
    read,
    span_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.text import Source, Span, TextChange

__all__ = [
    "GRAMMAR",
    "ancestors",
    "eol_at",
    "indent_at",
    "is_broken",
    "line_end",
    "line_start",
    "lines",
    "matches",
    "next_line",
    "node_text",
    "parse",
    "parse_part",
    "parser_name",
    "point_at",
    "query",
    "read",
    "reparse",
    "span_of",
]

GRAMMAR = Grammar(tree_sitter_python.language())

READER = trees.Reader(GRAMMAR)

parser_name = ("tree_sitter_python:language", "cope_lsp.languages.trees:nothing")


def parse(text: bytes) -> Source:
    """Parse from nothing."""
    return trees.parse(READER, text)


def parse_part(text: bytes, span: Span) -> Source:
    """Parse `span` of `text` as if it stood alone; offsets stay those of the whole text."""
    return trees.parse_part(READER, text, span)


def reparse(previous: Source, text: bytes, changes: tuple[TextChange, ...]) -> Source:
    """Parse the next version; `changes` apply one after the other, as LSP sends them."""
    return trees.reparse(READER, previous, text, changes)


@cache
def query(name: str) -> Query:
    """The query of that name in this folder."""
    return Query(GRAMMAR, (files("cope_lsp.languages.python") / f"{name}.scm").read_text("utf-8"))


def matches(name: str, root: Node, span: Span | None = None) -> Iterator[dict[str, Node]]:
    """Matches of a query, in order, each capture by its name; only those that touch `span`."""
    cursor = QueryCursor(query(name))
    if span is not None:
        cursor.set_byte_range(span.start, max(span.end, span.start + 1))
    for _, captures in cursor.matches(root):
        yield {capture: nodes[0] for capture, nodes in captures.items()}


def is_broken(source: Source) -> bool:
    """Whether the text is no valid Python 3; stricter than the grammar, which forgives some of it."""
    root = source.tree.root_node
    return root.has_error or any(
        "old" in match or match["block"].end_byte == match["block"].start_byte
        for match in matches("blocks", root)
    )
