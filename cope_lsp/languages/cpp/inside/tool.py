"""Running a tool to its end, and what is said of it."""

from __future__ import annotations

import subprocess
from typing import NamedTuple

UNTRIED = 3
"""The status where nothing could be tried; what is said tells why."""


class Said(NamedTuple):
    """The status of a part of the build, and what went wrong."""

    status: int
    text: str


def run(argv: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a tool of the recipe; both its streams as text."""
    return subprocess.run(  # noqa: S603 -- the recipe's own, in the sandbox
        argv, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, check=False
    )
