"""Laying out a reply's code at another indentation, with another unit, without touching its strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.targets import indent_unit

if TYPE_CHECKING:
    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.text import Source, Span

_TAB = 4


def lay_out(grammar: Grammar, source: Source, span: Span, indent: str, unit: str) -> list[str]:
    """The lines of `span`, which begins on a line of some indentation, at `indent` with steps of `unit`.

    Lines that begin inside a string stay as they are.
    """
    text = source.text[span.start : span.end]
    kept = string_rows(grammar, source)
    first = trees.point_at(source.text, span.start).row
    old = len(trees.indent_at(source.text, span.start).expandtabs(_TAB))
    step = len(indent_unit(grammar, source.text).expandtabs(_TAB))
    out: list[str] = []
    for row, line in enumerate(trees.lines(text), start=first):
        bare = line.lstrip(" \t")
        if row == first or row in kept:
            out.append(line if row in kept and row != first else line.rstrip())
            continue
        deeper = max(0, len(line[: len(line) - len(bare)].expandtabs(_TAB)) - old)
        out.append(f"{indent}{_white(deeper, step, unit)}{bare.rstrip()}" if bare else "")
    return out


def _white(width: int, step: int, unit: str) -> str:
    """White space of a width in the reply's steps, in the file's."""
    return unit * (width // step) + " " * (width % step)


def string_rows(grammar: Grammar, source: Source) -> set[int]:
    """Rows that begin inside a string; of comments that are kept like strings the first row too."""
    rows: set[int] = set()
    waiting = [source.tree.root_node]
    while waiting:
        node = waiting.pop()
        if node.type in grammar.strings:
            first, last = node.start_point.row, node.end_point.row
            rows |= {*range(first if node.type in grammar.comments and last > first else first + 1, last + 1)}
        else:
            waiting += node.children
    return rows
