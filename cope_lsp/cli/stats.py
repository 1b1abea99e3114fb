"""`cope-lsp stats`: money, stages and hit rates of this user's requests."""

from __future__ import annotations

import json
import sqlite3
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cope_lsp.cli.status import Status
from cope_lsp.engine.front import money
from cope_lsp.engine.stores import stores
from cope_lsp.settings import load
from cope_lsp.storage.statistics import statistics

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from cope_lsp.storage.statistics import Statistics


def define(parser: argparse.ArgumentParser) -> None:
    """Over how many days, and whether for a program."""
    parser.add_argument("--days", type=int, default=30, help="how far to look back (default: 30)")
    parser.add_argument("--json", action="store_true", help="as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Show them; an empty ledger is all zeros."""
    ledger = stores(load(arguments.set).settings).ledger
    try:
        found = anyio.run(statistics, ledger, arguments.days)
    except (sqlite3.Error, OSError) as error:
        sys.stderr.write(f"The ledger {ledger.file} cannot be read: {error}.\n")
        return Status.FAILED
    if arguments.json:
        sys.stdout.write(json.dumps(asdict(found)) + "\n")
    else:
        _show(found, arguments.days, Console())
    return Status.DONE


def _show(found: Statistics, days: int, console: Console) -> None:
    table = Table(
        box=None, pad_edge=False, show_header=False, title=f"The last {days} days", title_justify="left"
    )
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in _rows(found):
        table.add_row(name, Text(value))
    console.print(table)


def _rows(found: Statistics) -> Iterable[tuple[str, str]]:
    yield "Requests", f"{found.requests}, half of them within {found.seconds_median:.1f} s"
    yield "Money", f"{money(found.usd)} in {found.calls} paid calls"
    for model, usd in found.by_model_usd.items():
        yield "", f"{money(usd)} {model}"
    yield "Tokens", f"{found.input_tokens} in ({found.cached_tokens} cached), {found.output_tokens} out"
    yield "Answered by stage", _shares(found.by_stage.items(), found.requests)
    yield "Ended as", _shares(found.by_ending.items(), found.requests)
    yield "Delivered as", _shares(found.by_delivery.items(), found.requests)
    hits = (("plan", found.cached_plans), ("solution", found.cached_solutions))
    yield "From the store", _shares(hits, found.requests)


def _shares(counts: Iterable[tuple[str, int]], whole: int) -> str:
    shown = [f"{name} {count} ({count / whole:.0%})" for name, count in counts if whole]
    return ", ".join(shown) or "nothing yet"
