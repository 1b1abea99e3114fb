"""Limits as the shell sets them right before a job's program starts, the same on every rung."""

from __future__ import annotations

import os
import platform
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cope_lsp.sandbox.job import Limits

# Written to descriptor 3 when all is set up: without it, what ended was not the job's program.
READY = b"."

# Since Linux 5.14 processes count by user namespace; before, all of the user's count together.
_COUNTED_APART = (5, 14)


def per_process(limits: Limits) -> tuple[str, ...]:
    """Shell commands that bound one process; CPU in seconds, sizes in the shell's own units."""
    return (
        "ulimit -c 0",
        f"ulimit -t {limits.cpu_s}",
        f"ulimit -f {limits.file_mb * 2048}",
        f"ulimit -n {limits.files}",
        f"ulimit -d {limits.memory_mb * 1024}",
    )


def by_name(limits: Limits) -> dict[str, int]:
    """The same bounds as `per_process` and `per_namespace` set, in bytes, by the C library's names."""
    bounds = {
        "CORE": 0,
        "CPU": limits.cpu_s,
        "FSIZE": limits.file_mb << 20,
        "NOFILE": limits.files,
        "DATA": limits.memory_mb << 20,
    }
    return {**bounds, "NPROC": limits.processes} if _counts_processes() else bounds


def per_namespace(limits: Limits) -> tuple[str, ...]:
    """Shell commands that bound the number of processes, where the kernel can; root's the watch counts."""
    if not _counts_processes():
        return ()
    return (f"ulimit -u {limits.processes} 2>/dev/null || ulimit -p {limits.processes}",)


def _counts_processes() -> bool:
    version = tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])
    return os.getuid() != 0 and version >= _COUNTED_APART


def launcher(commands: tuple[str, ...]) -> tuple[str, ...]:
    """The command that runs shell commands, says `READY` and becomes the program that follows it."""
    script = "; ".join((*commands, f"printf {READY.decode()} >&3", 'exec "$@"'))
    return ("/bin/sh", "-c", script, "sandbox")
