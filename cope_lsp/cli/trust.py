"""`cope-lsp trust`: whether the code of a folder may run in the sandbox."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cli.status import Status
from cope_lsp.cli.words import visible
from cope_lsp.engine.stores import stores
from cope_lsp.settings import load

if TYPE_CHECKING:
    import argparse


def define(parser: argparse.ArgumentParser) -> None:
    """A folder, and whether trust is given or taken back; nothing lists the trusted folders."""
    parser.add_argument(
        "path", nargs="?", type=Path, help="a project's folder; left out: list the trusted ones"
    )
    parser.add_argument("--revoke", action="store_true", help="trust the folder no longer")


def run(arguments: argparse.Namespace) -> int:
    """Change or list trust; takes effect for running servers with their next request."""
    decisions = stores(load(arguments.set).settings).decisions
    path: Path | None = arguments.path
    if path is None:
        said = "\n".join(map(str, anyio.run(decisions.trusted))) or "No folder is trusted."
    elif arguments.revoke:
        anyio.run(decisions.untrust, path)
        said = f"Not trusted: {path.resolve()}. Nothing of it runs, and nothing is sent to a remote model."
    elif path.is_dir():
        anyio.run(decisions.trust, path)
        said = f"Trusted: {path.resolve()}. Its tests and examples may run in the sandbox."
    else:
        sys.stderr.write(f"There is no folder {visible(str(path))}.\n")
        return Status.FAILED
    sys.stdout.write(f"{visible(said)}\n")
    return Status.DONE
