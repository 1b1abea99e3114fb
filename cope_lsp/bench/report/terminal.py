"""The report in a terminal: tables where they fit, else a block for each strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from cope_lsp.bench.report.tables import conditions, tables

if TYPE_CHECKING:
    from rich.console import Console

    from cope_lsp.bench.report.content import Report
    from cope_lsp.bench.report.tables import Table

_GAP = 2
_NAME = 18
"""Least width of the names: below it they are hard to read."""


def show(report: Report, console: Console) -> None:
    """Print the report."""
    for table in tables(report):
        console.print()
        console.print(Text(table.title, "bold"))
        if _needed(table) <= console.width:
            console.print(_grid(table, console.width))
        else:
            _show_stacked(table, console)
        for note in table.notes:
            console.print(Text(note, "dim"))
    console.print()
    for line in conditions(report):
        console.print(Text(line))


def _needed(table: Table) -> int:
    """Least width at which no figure is broken: a cell may break at its spaces."""
    columns = zip(*(table.columns, *table.rows), strict=True)
    next(columns)
    return _NAME + sum(_GAP + max(_widest(cell) for cell in column) for column in columns)


def _widest(cell: str) -> int:
    return max(map(len, cell.split()), default=0)


def _grid(table: Table, width: int) -> Grid:
    """The table; where it is too wide, every figure gets its least width, and the names what is left."""
    grid = Grid(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, collapse_padding=True, header_style="dim")
    name, *others = table.columns
    tight = _natural(table) > width
    left = width - (_needed(table) - _NAME)
    grid.add_column(Text(name), min_width=_NAME, max_width=left if tight else None, style="bold")
    for column in others:
        least = max(_widest(cell) for cell in (column, *_cells(table, column)))
        grid.add_column(Text(column), justify="right", min_width=least, max_width=least if tight else None)
    for row in table.rows:
        grid.add_row(*map(Text, row))
    return grid


def _natural(table: Table) -> int:
    """The width at which no cell is broken at all."""
    columns = zip(*(table.columns, *table.rows), strict=True)
    return sum(_GAP + max(map(len, column)) for column in columns) - _GAP


def _cells(table: Table, column: str) -> list[str]:
    place = table.columns.index(column)
    return [row[place] for row in table.rows]


def _show_stacked(table: Table, console: Console) -> None:
    for name, *cells in table.rows:
        console.print(Text(name, "bold"))
        for column, cell in zip(table.columns[1:], cells, strict=True):
            line = Text.assemble((f"{column}: ", "dim"), cell)
            console.print(Padding(line, (0, 0, 0, _GAP), expand=False))
