"""Whether processes work, told by the processor time they use: true on a busy machine too."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_S = 0.5
_WORKING = 0.05


async def works_within(seconds: float, processes: Callable[[], list[psutil.Process]]) -> bool:
    """Whether the processes come to use more than a twentieth of a processor within some seconds."""
    return await _within(seconds, processes, lambda share: share > _WORKING)


async def rests_within(seconds: float, processes: Callable[[], list[psutil.Process]]) -> bool:
    """Whether the processes come to use less than that within some seconds."""
    return await _within(seconds, processes, lambda share: share < _WORKING)


async def _within(
    seconds: float, processes: Callable[[], list[psutil.Process]], condition: Callable[[float], bool]
) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before, began = _used(processes()), time.monotonic()
        await anyio.sleep(_LOOK_S)
        if condition((_used(processes()) - before) / (time.monotonic() - began)):
            return True
    return False


def _used(processes: list[psutil.Process]) -> float:
    seconds = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.user + times.system
    return seconds
