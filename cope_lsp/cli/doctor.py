"""`cope-lsp doctor`: every part on this machine, and the fix for what is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from cope_lsp.cli.checks import examine
from cope_lsp.cli.findings import State, as_data, render
from cope_lsp.cli.status import Status
from cope_lsp.settings import load

if TYPE_CHECKING:
    import argparse

    from cope_lsp.cli.findings import Finding
    from cope_lsp.settings import Parsed


def define(parser: argparse.ArgumentParser) -> None:
    """Which project, and whether for a program."""
    parser.add_argument(
        "path", nargs="?", type=Path, default=Path(), help="a project's folder (default: this one)"
    )
    parser.add_argument("--json", action="store_true", help="as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Examine everything; 1 if something that is needed is missing."""
    console = Console(quiet=arguments.json, soft_wrap=True, highlight=False)
    found = anyio.run(_examined, load(arguments.set), arguments.path, console)
    broken = [finding for finding in found if finding.state is State.BROKEN]
    if arguments.json:
        sys.stdout.write(json.dumps({"ok": not broken, "findings": as_data(found)}) + "\n")
    return Status.FAILED if broken else Status.DONE


async def _examined(parsed: Parsed, folder: Path, console: Console) -> list[Finding]:
    found: list[Finding] = []
    async for finding in examine(parsed, folder):
        console.print(render([finding]), end="")
        found.append(finding)
    return found
