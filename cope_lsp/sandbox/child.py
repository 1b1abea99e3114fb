"""A started job: its descriptors, and how its whole process tree is ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

    from anyio.abc import Process

T = TypeVar("T")

_REPORTS_WITHIN_S = 20.0

# Starting a process can place the first three descriptors only. A named pipe on the host's side gives
# the fourth, and inside there is no name by which to open it again. It is opened for both ways first, since
# opening it for writing alone would wait for ever where we were killed meanwhile.
_PLACE = 'exec 3<>"$1" && exec 3>"$1" && kill -0 "$2" || exit; shift 2; exec "$@"'
# Puts the shell that runs it into the control group that is its next argument.
JOIN = 'echo $$ >"$1" || exit; shift; '


@dataclass(frozen=True, slots=True)
class Start:
    """What to start.

    `records` is where to make the named pipe behind descriptor 3; `passed` are kept open and then
    belong to the child. `status` is our end of bubblewrap's reports (-1: none). `token` marks the
    environment of a job that has no process namespace, so that all of its processes can be found. `group` is
    the control group that it joins.
    """

    command: tuple[str, ...]
    records: Path
    env: Mapping[str, str]
    folder: Path = Path("/")
    passed: tuple[int, ...] = ()
    status: int = -1
    token: str = ""
    group: Path | None = None


@dataclass(frozen=True, slots=True)
class Streams:
    """Our ends of what a job reads and writes. Whoever writes `stdin` closes it."""

    stdin: int
    stdout: int
    stderr: int
    records: int


@dataclass(frozen=True, slots=True)
class Child:
    """A running job: its streams, and its namespace's first process (0: none).

    `wait` gives its exit code; `end` kills its whole tree, and returns when the kernel says that it is gone.
    """

    streams: Streams
    init: int
    wait: Callable[[], Awaitable[int]]
    end: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Tree:
    """What it takes to end a job; `held` keeps `records` from ending early."""

    process: Process
    gone: int
    token: str
    held: contextlib.ExitStack


@contextlib.asynccontextmanager
async def started(start: Start) -> AsyncGenerator[Child]:
    """Run a command; on leaving, in whatever way, no process of it is left."""
    with contextlib.ExitStack() as ours:
        held = ours.enter_context(contextlib.ExitStack())
        records = _named_pipe(start.records, ours, held)
        with contextlib.ExitStack() as theirs:
            theirs.callback(_close, start.passed)
            from_stdin, stdin = os.pipe()
            theirs.callback(os.close, from_stdin)
            stdout, to_stdout = pipe(ours, theirs)
            stderr, to_stderr = pipe(ours, theirs)
            ends = (from_stdin, to_stdout, to_stderr)
            process = await to_its_end(lambda: _open(start, ends))
        tree = _Tree(process, -1, start.token, held)
        streams = Streams(stdin, stdout, stderr, records)
        try:
            init = await to_its_end(lambda: _init(start.status))
            tree = replace(tree, gone=_pidfd(init, ours))
            yield Child(streams, init, process.wait, partial(_end, tree))
        finally:
            with anyio.CancelScope(shield=True):
                await _end(tree)
                await process.aclose()


async def _end(tree: _Tree) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(tree.process.pid, signal.SIGKILL)
    if tree.gone >= 0:
        await kill(tree.gone)
    await tree.process.wait()
    if tree.token:
        _kill_marked(tree.token.encode())
    tree.held.close()


async def kill(namespace: int) -> None:
    """Kill the first process of a namespace, by its descriptor: it is reported dead after all the others."""
    try:
        signal.pidfd_send_signal(namespace, signal.SIGKILL)
    except ProcessLookupError:  # dead, and waited for by its parent
        return
    await anyio.wait_readable(namespace)


def pipe(ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> tuple[int, int]:
    """A pipe whose reading end (it never blocks) closes with `ours`, and whose writing end with `theirs`."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    ours.callback(os.close, reading)
    theirs.callback(os.close, writing)
    return reading, writing


def _named_pipe(path: Path, ours: contextlib.ExitStack, held: contextlib.ExitStack) -> int:
    """A reading end that closes with `ours`; it does not end before `held` lets go of a writing one."""
    os.mkfifo(path, 0o600)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    ours.callback(os.close, reading)
    held.callback(os.close, os.open(path, os.O_WRONLY))
    return reading


async def _open(start: Start, ends: tuple[int, int, int]) -> Process:
    stdin, stdout, stderr = ends
    script, group = (JOIN + _PLACE, (str(start.group / "cgroup.procs"),)) if start.group else (_PLACE, ())
    return await anyio.open_process(
        ("/bin/sh", "-c", script, "sandbox", *group, str(start.records), str(os.getpid()), *start.command),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        cwd=start.folder,
        env=start.env,
        pass_fds=start.passed,
        start_new_session=True,
    )


async def to_its_end(work: Callable[[], Awaitable[T]]) -> T:
    """Do what must not stop half-way, even while we are being cancelled."""
    done: list[T] = []
    with anyio.CancelScope(shield=True):
        done.append(await work())
    return done[0]


async def _init(status: int) -> int:
    """The namespace's first process by its number outside, from bubblewrap's first report; 0 if it failed."""
    said = b""
    while status >= 0 and b"\n" not in said:
        with anyio.move_on_after(_REPORTS_WITHIN_S) as waiting:
            await anyio.wait_readable(status)
        more = b"" if waiting.cancelled_caught else os.read(status, 4096)
        if not more:
            return 0
        said += more
    return int(json.loads(said.partition(b"\n")[0])["child-pid"]) if said else 0


def _pidfd(process: int, ours: contextlib.ExitStack) -> int:
    if not process:
        return -1
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return -1
    ours.callback(os.close, descriptor)
    return descriptor


def _close(descriptors: tuple[int, ...]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _kill_marked(token: bytes) -> None:
    """Kill processes that left the group: they still carry the mark in their environment (Linux)."""
    while found := [process for process in Path("/proc").glob("[0-9]*") if _carries(process, token)]:
        for process in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGKILL)


def _carries(process: Path, token: bytes) -> bool:
    try:
        return token in (process / "environ").read_bytes()
    except OSError:
        return False
