"""Starts the programs that are ours (formatters, model servers); untrusted ones belong to `sandbox`.

Invariant: every child gets its own session and dies with us; its stdin is empty or a pipe of ours.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import anyio
from anyio import open_process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import IO

    from anyio.abc import Process

Output: TypeAlias = "int | IO[bytes]"

_GRACE_S = 1.0
# Linux ends a process with its parent only if the process asks. This one asks, makes sure that the parent was
# still there, and becomes the program. (`preexec_fn` would do it too, and can deadlock in a threaded parent.)
_DIE_WITH_PARENT = """\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass(frozen=True, slots=True)
class Completed:
    """How a program ended, and what it said."""

    returncode: int
    stdout: bytes
    stderr: bytes


async def run(
    argv: Sequence[str],
    *,
    input_bytes: bytes = b"",
    timeout_s: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Completed:
    """Run a program to its end; `input_bytes` is all its stdin holds.

    Cancelling kills its whole process group. Raises: FileNotFoundError, TimeoutError.
    """
    process = await _open(argv, subprocess.PIPE, subprocess.PIPE, subprocess.PIPE, cwd, env)
    out: list[bytes] = []
    errors: list[bytes] = []
    try:
        with anyio.fail_after(timeout_s):
            async with anyio.create_task_group() as group:
                group.start_soon(_feed, process, input_bytes)
                group.start_soon(_drain, process.stdout, out)
                group.start_soon(_drain, process.stderr, errors)
            code = await process.wait()
    finally:
        await stop(process, grace_s=0)
    return Completed(code, b"".join(out), b"".join(errors))


async def start(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: Output = subprocess.DEVNULL,
    stdout: Output = subprocess.DEVNULL,
    stderr: Output = subprocess.DEVNULL,
) -> Process:
    """Start a program that stays; end it with `stop`. Raises: FileNotFoundError."""
    return await _open(argv, stdin, stdout, stderr, cwd, env)


async def stop(process: Process, *, grace_s: float = _GRACE_S) -> None:
    """End a process and its whole group: asked first, killed after the grace; finishes when cancelled too."""
    with anyio.CancelScope(shield=True):
        if grace_s and process.returncode is None:
            _signal(process, signal.SIGTERM)
            with anyio.move_on_after(grace_s):
                await process.wait()
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        await process.aclose()


async def _open(
    argv: Sequence[str],
    stdin: Output,
    stdout: Output,
    stderr: Output,
    cwd: Path | None,
    env: Mapping[str, str] | None,
) -> Process:
    program = shutil.which(argv[0], path=None if env is None else env.get("PATH"))
    if program is None:
        raise FileNotFoundError(f"There is no program {argv[0]} on this machine.")
    command = [program, *argv[1:]]
    if sys.platform == "linux":
        command = [sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid()), *command]
    return await open_process(
        command, stdin=stdin, stdout=stdout, stderr=stderr, cwd=cwd, env=env, start_new_session=True
    )


async def _feed(process: Process, data: bytes) -> None:
    if process.stdin is None:
        return
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError, BrokenPipeError, ConnectionError):
        await process.stdin.send(data)
        await process.stdin.aclose()


async def _drain(stream: anyio.abc.ByteReceiveStream | None, into: list[bytes]) -> None:
    if stream is not None:
        into.extend([piece async for piece in stream])


def _signal(process: Process, number: signal.Signals) -> None:
    # The group outlives its leader: a finished program may have left children behind.
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.send_signal(number)
        else:
            os.killpg(process.pid, number)
