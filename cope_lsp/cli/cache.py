"""`cope-lsp cache clear`: forgets stored plans and solutions, and what was built."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cli.status import Status
from cope_lsp.engine.stores import builds_folder, stores
from cope_lsp.sandbox import caches
from cope_lsp.settings import load
from cope_lsp.storage.plan_store import clear_plans

if TYPE_CHECKING:
    import argparse


def define(parser: argparse.ArgumentParser) -> None:
    """The one thing that can be done with it."""
    parser.add_argument("action", choices=["clear"], help="forget all plans, accepted solutions and builds")


def run(arguments: argparse.Namespace) -> int:
    """Forget them; money and decisions stay."""
    plans = stores(load(arguments.set).settings).plans
    try:
        anyio.run(clear_plans, plans)
    except OSError as error:
        sys.stderr.write(f"{plans.folder} cannot be cleared: {error.strerror}.\n")
        return Status.FAILED
    builds = builds_folder()
    caches.sweep(builds, older_than_s=0)
    left = builds.is_dir() and any(builds.iterdir())
    said = f"In use, not all cleared: {builds}" if left else f"Cleared: {builds}"
    sys.stdout.write(f"Cleared: {plans.folder}\n{said}\n")
    return Status.DONE
