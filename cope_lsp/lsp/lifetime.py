"""When the server must go: its parent is gone, or it was told to and something still hangs."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path

POLL_S = 0.5
"""Seconds between two looks at the parent."""


async def parent_death(process_id: int | None) -> None:
    """Return once the process that started us, or the editor `process_id`, is gone.

    An id that does not exist from the start belongs to another process namespace (an editor outside
    our container) and is not watched. Windows tells by the end of stdin alone.
    """
    if sys.platform == "win32":
        await asyncio.Event().wait()
    parent = os.getppid()
    watched = process_id if process_id is not None and _is_alive(process_id) else None
    while os.getppid() == parent and (watched is None or _is_alive(watched)):  # noqa: ASYNC110 -- only polling tells
        await asyncio.sleep(POLL_S)


def exit_within(seconds: float, status: int) -> None:
    """End this process with `status` after `seconds` if a thread still keeps it from ending by itself."""
    timer = threading.Timer(seconds, os._exit, (status,))
    timer.daemon = True
    timer.start()


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(process_id)


def _is_zombie(process_id: int) -> bool:
    try:
        stat = Path(f"/proc/{process_id}/stat").read_bytes()
    except OSError:
        return False
    return stat.rpartition(b")")[2].split()[:1] == [b"Z"]
