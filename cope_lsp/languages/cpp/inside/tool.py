"""Running a tool to its end, and saying why nothing could be tried."""

from __future__ import annotations

import subprocess
import sys

UNTRIED = 3
"""Exit status where nothing could be tried; what was printed says why."""


def run(argv: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a tool of the recipe; both its streams as text."""
    return subprocess.run(  # noqa: S603 -- the recipe's own, in the sandbox
        argv, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, check=False
    )


def untried(why: str) -> int:
    """Say why; the status for it."""
    sys.stdout.write(why)
    return UNTRIED
