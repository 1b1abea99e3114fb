"""Bounds root's processes by a control group, since the kernel never counts root's against a limit.

A bomb of thousands of processes starves the watch that should end it, so where no group can be made
(a container that mounts them read-only) the watch is slow to come.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_MOUNTED = Path("/sys/fs/cgroup")

_PREFIX = "cope-run-"
_NEW_S = 60.0

# bubblewrap outside and the first process inside.
_OURS = 2


@contextlib.contextmanager
def bounded(processes: int) -> Generator[Path | None]:
    """A new group of at most that many processes, for root where it may be made; it goes when it is empty."""
    group = make(processes + _OURS)
    try:
        yield group
    finally:
        if group:
            with contextlib.suppress(OSError):
                group.rmdir()


def needed() -> bool:
    """Whether only a group counts our processes."""
    return os.getuid() == 0


def sweep() -> None:
    """Remove groups that servers which were killed in mid-run left behind: the empty and not new ones."""
    for parent in _parents(_memberships()):
        for group in parent.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                if group.stat().st_mtime < time.time() - _NEW_S:
                    group.rmdir()


def make(processes: int) -> Path | None:
    """A new group of at most that many processes, where it is needed and may be made."""
    for parent in _parents(_memberships()) if needed() else ():
        group = parent / f"{_PREFIX}{secrets.token_hex(8)}"
        with contextlib.suppress(OSError):
            group.mkdir()
            if _limit(group, processes):
                return group
            group.rmdir()
    return None


def _limit(group: Path, processes: int) -> bool:
    try:
        (group / "pids.max").write_text(str(processes), encoding="ascii")
    except OSError:
        return False
    return True


def _memberships() -> str:
    try:
        return Path("/proc/self/cgroup").read_text(encoding="utf-8")
    except OSError:
        return ""


def _parents(memberships: str) -> list[Path]:
    """Where a group inherits what bounds us: below our own in version 1, beside it in version 2."""
    own = {names: path for _, names, path in (line.split(":", 2) for line in memberships.splitlines())}
    found = [_MOUNTED / "pids" / own["pids"].lstrip("/")] if "pids" in own else []
    return [*found, (_MOUNTED / own[""].lstrip("/")).parent] if own.get("", "/") != "/" else found
