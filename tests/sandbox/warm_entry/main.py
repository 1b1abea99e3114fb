"""What a worker of the sandbox tests runs for each job: the code that comes on standard input."""

from __future__ import annotations

import contextlib
import importlib
import sys
import traceback
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
    """Execute standard input, and end as a program of its own would."""
    try:
        exec(compile(sys.stdin.read(), "<job>", "exec"), {"__name__": "__main__"})  # noqa: S102 -- the job's code
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # noqa: BLE001 -- the job may raise anything
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
