"""The report as GitHub's Markdown, to stand between two markers of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.bench.report.tables import conditions, tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cope_lsp.bench.report.content import Report
    from cope_lsp.bench.report.tables import Table

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\|*_`<>[]"})


def markdown(report: Report) -> str:
    """The conditions, then every table under a heading of its own."""
    told = "\n".join(f"- {_plain(line)}" for line in conditions(report))
    return "\n\n".join((told, *(_section(table) for table in tables(report)))) + "\n"


def _section(table: Table) -> str:
    rule = ("---", *("---:" for _ in table.columns[1:]))
    lines = [_line(map(_plain, table.columns)), _line(rule)]
    lines += [_line(map(_plain, row)) for row in table.rows]
    notes = (f"*{_plain(note)}*" for note in table.notes)
    return "\n\n".join((f"### {_plain(table.title)}", "\n".join(lines), *notes))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Text that GitHub shows as it is; a dollar sign alone begins no formula, two in one line might."""
    return text.translate(_MARKS).replace("$", "\\$")
