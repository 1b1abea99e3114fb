"""Counts what a whole process namespace uses, where no limit of a single process could."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from cope_lsp.sandbox.job import Limits

EVERY_S = 0.05
_INODE_KB = 1


async def overuse(init: int, scratch: tuple[Path, ...], limits: Limits) -> str:
    """Return, once the namespace of process `init` uses more than it may, what it used too much of.

    `scratch` are its writable mounts in memory. Looked at 20 times a second from outside, through
    the namespace's own /proc, which nothing inside can change.
    """
    inside = Path(f"/proc/{init}/root")
    while True:
        if _is_entered(inside) and (excess := _excess(inside, scratch, limits)):
            return excess
        await anyio.sleep(EVERY_S)


def _excess(inside: Path, scratch: tuple[Path, ...], limits: Limits) -> str:
    processes = _processes(inside)
    if len(processes) > limits.processes:
        return f"more than {limits.processes} processes"
    used = sum(map(_memory_kb, processes)) + sum(_held_kb(inside, mount) for mount in scratch)
    return f"more than {limits.memory_mb} MiB of memory" if used > limits.memory_mb * 1024 else ""


def _is_entered(inside: Path) -> bool:
    """Whether the namespace has a root of its own yet: until then, what we would count is the host's."""
    try:
        return os.stat(inside / "proc").st_dev != os.stat("/proc").st_dev  # noqa: PTH116 -- often called
    except OSError:
        return False


def _processes(inside: Path) -> list[str]:
    try:
        return [f"{inside}/proc/{name}" for name in os.listdir(inside / "proc") if name.isdigit()]  # noqa: PTH208 -- called 20 times a second
    except OSError:
        return []


def _memory_kb(process: str) -> int:
    try:
        with open(f"{process}/status", "rb") as status:  # noqa: PTH123 -- called for every process
            lines = status.read().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith((b"RssAnon:", b"RssShmem:")))


def _held_kb(inside: Path, mount: Path) -> int:
    try:
        held = os.statvfs(f"{inside}{mount}")
    except OSError:
        return 0
    blocks = (held.f_blocks - held.f_bfree) * held.f_frsize // 1024
    return blocks + (held.f_files - held.f_ffree) * _INODE_KB
