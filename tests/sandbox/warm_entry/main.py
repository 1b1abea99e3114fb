"""What a worker of the sandbox tests runs for each job: the code that comes on standard input."""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def prepare(_base: str, modules: list[str], _avoided: list[str]) -> tuple[Callable[[], int], list[str]]:
    """Import the modules; a job then executes its code as a program of its own."""
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    return run, modules


def run() -> int:
    """Execute standard input."""
    exec(compile(sys.stdin.read(), "<job>", "exec"), {"__name__": "__main__"})  # noqa: S102 -- the job's code
    sys.stdout.flush()
    return 0
