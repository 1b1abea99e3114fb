"""Laying out a reply's code at another indentation, with another unit, without touching its strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.python import tree
from cope_lsp.languages.python.targets import indent_unit

if TYPE_CHECKING:
    from tree_sitter import Node

    from cope_lsp.languages.text import Source, Span

_COMPOUND = {
    *("if_statement", "for_statement", "while_statement", "with_statement", "try_statement"),
    *("match_statement", "case_clause", "function_definition", "class_definition", "decorated_definition"),
}
_CLAUSES = {"elif_clause", "else_clause", "except_clause", "except_group_clause", "finally_clause"}
_PARTS = {"decorator", "function_definition", "class_definition"}


def lay_out(source: Source, span: Span, container: Node, indent: str, unit: str) -> list[str]:
    """The lines of `span` at `indent` with steps of `unit`.

    `container` holds the statements: a function, whose body comes to stand at `indent`, or a module.

    Lines inside strings stay as they are, but for docstrings; lines that go on shift with their statement.
    """
    depths = _depths(container)
    strings = _string_rows(container)
    step = len(indent_unit(source.text).expandtabs(4))
    text = source.text.decode("utf-8", "replace")
    first = tree.point_at(source.text, span.start).row
    last = tree.point_at(source.text, span.end).row
    out: list[str] = []
    old, new = "", indent
    for row, line in enumerate(text.split("\n")[first : last + 1], start=first):
        cut = _cut(source, span, row, line.removesuffix("\r"))
        bare = cut.lstrip(" \t\x0c")
        white = cut[: len(cut) - len(bare)]
        if row in strings and not strings[row]:
            out.append(cut)
            continue
        if row in depths and row not in strings:
            old, new = white, indent + unit * depths[row]
            out.append((new + bare).rstrip() if bare else "")
            continue
        out.append((new + _beyond(white, old, step, unit) + bare).rstrip() if bare else "")
    return _trimmed(out)


def _cut(source: Source, span: Span, row: int, line: str) -> str:
    """The part of a line that lies in the span; a first statement beside its header loses the header."""
    data = line.encode()
    begin = sum(len(each) + 1 for each in source.text.split(b"\n")[:row])
    start = max(0, span.start - begin)
    if not data[:start].strip():
        start = 0
    return data[start : max(start, span.end - begin)].decode("utf-8", "replace")


def _beyond(white: str, old: str, step: int, unit: str) -> str:
    """White space by which a line goes in further than its statement, in the new unit when that is a tab."""
    extra = max(0, len(white.expandtabs(4)) - len(old.expandtabs(4)))
    return "\t" * (extra // step) + " " * (extra % step) if unit == "\t" else " " * extra


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _depths(container: Node) -> dict[int, int]:
    """How deep the statement, clause or comment that begins on a row lies below the container."""
    depths: dict[int, int] = {}
    waiting = [(container, -1)]
    if container.type == "module":
        waiting = [(child, 0) for child in reversed(container.named_children)]
    while waiting:
        node, depth = waiting.pop()
        depths.setdefault(node.start_point.row, depth)
        if node.type not in _COMPOUND and node.type not in _CLAUSES:
            continue
        for child in reversed(node.named_children):
            if child.type == "block":
                waiting += [(each, depth + 1) for each in reversed(child.named_children)]
            elif child.type in _CLAUSES or child.type in _PARTS:
                waiting.append((child, depth))
            elif child.type == "comment":
                waiting.append((child, depth + 1))
    return depths


def _string_rows(container: Node) -> dict[int, bool]:
    """Rows that begin inside a string, and whether that is a docstring."""
    rows: dict[int, bool] = {}
    for match in tree.matches("strings", container):
        node = match["string"]
        parent = node.parent
        alone = parent is not None and parent.type == "expression_statement" and parent.named_child_count == 1
        rows |= dict.fromkeys(range(node.start_point.row + 1, node.end_point.row + 1), alone)
    return rows
