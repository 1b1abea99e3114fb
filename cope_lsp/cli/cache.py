"""`cope-lsp cache clear`: forgets stored plans and solutions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cli.status import Status
from cope_lsp.engine.stores import stores
from cope_lsp.settings import load
from cope_lsp.storage.plan_store import clear_plans

if TYPE_CHECKING:
    import argparse


def define(parser: argparse.ArgumentParser) -> None:
    """The one thing that can be done with it."""
    parser.add_argument("action", choices=["clear"], help="forget all plans and accepted solutions")


def run(arguments: argparse.Namespace) -> int:
    """Forget them; money and decisions stay."""
    plans = stores(load(arguments.set).settings).plans
    try:
        anyio.run(clear_plans, plans)
    except OSError as error:
        sys.stderr.write(f"{plans.folder} cannot be cleared: {error.strerror}.\n")
        return Status.FAILED
    sys.stdout.write(f"Cleared: {plans.folder}\n")
    return Status.DONE
