"""`cope-lsp settings`: what is in force and who set it; the reference and the schema."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cope_lsp.cli.status import Status
from cope_lsp.settings import Origin, config_file, leaves, load, schema, settings_table

if TYPE_CHECKING:
    import argparse

    from cope_lsp.settings import Parsed, Settings


def define(parser: argparse.ArgumentParser) -> None:
    """`--schema` and `--table` print the reference instead."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--schema", dest="form", action="store_const", const="schema", help="the JSON schema")
    form.add_argument("--table", dest="form", action="store_const", const="table", help="a Markdown table")


def run(arguments: argparse.Namespace) -> int:
    """Show them; 1 if a setting was refused."""
    if arguments.form == "schema":
        sys.stdout.write(json.dumps(schema(), indent=2) + "\n")
    elif arguments.form == "table":
        sys.stdout.write(settings_table())
    else:
        return _show(load(arguments.set), Console())
    return Status.DONE


def _show(parsed: Parsed, console: Console) -> Status:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Setting", "Value", "Set by"):
        table.add_column(column, overflow="fold")
    for path in leaves():
        source = parsed.sources[path]
        style = "dim" if source.origin is Origin.DEFAULT else ""
        table.add_row(path, Text(_value(parsed.settings, path)), Text(str(source)), style=style)
    console.print(table)
    console.print(Text(f"\nYour own settings stand in {config_file()}"), soft_wrap=True)
    for problem in parsed.problems:
        console.print(Text(f"✗ {problem}", style="red"), soft_wrap=True)
    return Status.FAILED if parsed.problems else Status.DONE


def _value(settings: Settings, path: str) -> str:
    value: object = settings
    for name in path.split("."):
        value = getattr(value, name)
    return "(none)" if value is None or value in ("", ()) else str(value)
