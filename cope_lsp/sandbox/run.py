"""Runs one job on one rung and says what came of it; cancelling it leaves no process behind."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio

from cope_lsp.sandbox.child import started
from cope_lsp.sandbox.isolation import Kind, Projection
from cope_lsp.sandbox.job import Ending, Finished, SetUpFailed
from cope_lsp.sandbox.limits import READY
from cope_lsp.sandbox.prepare import prepared
from cope_lsp.sandbox.watch import EVERY_S, overuse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from cope_lsp.sandbox.child import Child
    from cope_lsp.sandbox.isolation import Isolation
    from cope_lsp.sandbox.job import Job, Limits

_DRAINED_WITHIN_S = 2.0
_CHUNK = 1 << 16
_SIGNALLED = 128


def capacity() -> anyio.CapacityLimiter:
    """A limiter for jobs that run at the same time: one for each core this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return anyio.CapacityLimiter(cores or 1)


async def run(job: Job, isolation: Isolation) -> Finished:
    """Run a job to its end or to its limits; raises CannotIsolate where the rung cannot hold this job.

    Where the project's file system takes no overlay, the view is a copy.
    """
    try:
        return await run_exactly(job, isolation)
    except SetUpFailed:
        if isolation.projection is Projection.COPY:
            raise
        return await run_exactly(job, replace(isolation, projection=Projection.COPY))


async def run_exactly(job: Job, isolation: Isolation) -> Finished:
    """Run a job with this very view; raises SetUpFailed where the rung's own set-up failed."""
    outcomes: list[Finished | Exception] = []

    async def settle() -> None:
        try:
            outcomes.append(await _run(job, isolation))
        except Exception as error:  # noqa: BLE001 -- raised again below, out of the group's wrapping
            outcomes.append(error)

    # In a task of its own: when the caller's is cancelled by asyncio itself, which respects no shield, the
    # group turns that into a cancelling that does, so that a half-started process is ended too.
    async with anyio.create_task_group() as group:
        group.start_soon(settle)
    if isinstance(outcomes[0], Exception):
        raise outcomes[0]
    return outcomes[0]


async def _run(job: Job, isolation: Isolation) -> Finished:
    async with prepared(job, isolation) as ready:
        begun = time.monotonic()
        async with started(ready.start) as child:
            finished = await observed(child, job, ready.scratch)
    finished = replace(finished, seconds=time.monotonic() - begun)
    if isolation.kind is Kind.NAMESPACES:
        finished = replace(finished, exit_code=_signal(finished))
    return concluded(finished, job.limits)


def concluded(finished: Finished, limits: Limits) -> Finished:
    """What a run means; raises SetUpFailed where it ended before its program was started."""
    if finished.records.startswith(READY):
        return _blamed(replace(finished, records=finished.records.removeprefix(READY)), limits)
    if finished.ending is Ending.EXITED:
        raise SetUpFailed(
            f"The sandbox did not start: {_said(finished.stderr)}.", fix="`cope-lsp doctor` names the remedy."
        )
    return finished


def _said(stderr: bytes) -> str:
    return stderr.decode(errors="replace").strip().rstrip(".") or "it gave no reason"


async def observed(child: Child, job: Job, scratch: tuple[Path, ...]) -> Finished:
    """Give a running job its input and watch it to its end; it took no seconds yet."""
    streams, limits = child.streams, job.limits
    said: dict[int, bytes] = {}
    flooded = anyio.Event()
    most = limits.output_kb * 1024

    async def drain(descriptor: int, most: int) -> None:
        said[descriptor] = await _drained(descriptor, most, flooded)

    ending, reason = Ending.KILLED, ""
    async with anyio.create_task_group() as group:
        if left := _fed_at_once(streams.stdin, job.stdin):
            group.start_soon(_feed, streams.stdin, left)
        group.start_soon(drain, streams.stdout, most)
        group.start_soon(drain, streams.stderr, most)
        group.start_soon(drain, streams.records, most + len(READY))
        ending, reason = await _ended(child, limits, scratch, flooded)
        await child.end()
        # A process outside any namespace may have handed a pipe to another that we do not find.
        group.cancel_scope.deadline = anyio.current_time() + _DRAINED_WITHIN_S
    if flooded.is_set() and ending is Ending.EXITED:
        ending, reason = _flood(limits)
    texts = (said.get(stream, b"") for stream in (streams.stdout, streams.stderr, streams.records))
    stdout, stderr, records = texts
    return Finished(ending, await child.wait(), stdout, stderr, records, 0.0, reason)


async def _ended(
    child: Child, limits: Limits, scratch: tuple[Path, ...], flooded: anyio.Event
) -> tuple[Ending, str]:
    """Wait for the first of: the program's end, its deadline, a flood, overuse of memory or processes."""

    async def exits() -> tuple[Ending, str]:
        await child.wait()
        return Ending.EXITED, ""

    async def floods() -> tuple[Ending, str]:
        await flooded.wait()
        return _flood(limits)

    async def overuses() -> tuple[Ending, str]:
        return Ending.KILLED, await overuse(child.init, scratch, limits)

    with anyio.move_on_after(limits.wall_s):
        # Most jobs are over before a watch would look for the first time, and need no tasks for it.
        with anyio.move_on_after(EVERY_S):
            return await exits()
        return await _first(exits, floods, *((overuses,) if child.init else ()))
    return Ending.TIMED_OUT, f"more than {limits.wall_s:g} s"


async def _first(*waits: Callable[[], Awaitable[tuple[Ending, str]]]) -> tuple[Ending, str]:
    outcomes: list[tuple[Ending, str]] = []

    async def settle(wait: Callable[[], Awaitable[tuple[Ending, str]]]) -> None:
        outcomes.append(await wait())
        group.cancel_scope.cancel()

    async with anyio.create_task_group() as group:
        for wait in waits:
            group.start_soon(settle, wait)
    return outcomes[0]


def _fed_at_once(descriptor: int, text: bytes) -> memoryview:
    """Write what fits of a job's input; what is left. Where nothing is, the input is closed."""
    left = memoryview(text)
    os.set_blocking(descriptor, False)
    try:
        left = left[os.write(descriptor, left) :]
    except BrokenPipeError:
        left = left[:0]
    if not left:
        os.close(descriptor)
    return left


async def _feed(descriptor: int, left: memoryview) -> None:
    """Write the rest of a job's input, or what it reads of it."""
    try:
        while left:
            await anyio.wait_writable(descriptor)
            left = left[os.write(descriptor, left) :]
    except BrokenPipeError:
        return
    finally:
        os.close(descriptor)


async def _drained(descriptor: int, most: int, flooded: anyio.Event) -> bytes:
    """Read to the end, or until there is more than may be; then say so and read no further."""
    said = bytearray()
    while len(said) <= most:
        await anyio.wait_readable(descriptor)
        if not (more := os.read(descriptor, _CHUNK)):
            return bytes(said)
        said += more
    flooded.set()
    return bytes(said[:most])


def _flood(limits: Limits) -> tuple[Ending, str]:
    return Ending.FLOODED, f"more than {limits.output_kb} KiB of output"


def _blamed(finished: Finished, limits: Limits) -> Finished:
    """Nothing but the kernel sends SIGKILL to a program that we did not end."""
    if finished.ending is not Ending.EXITED or finished.exit_code not in (-signal.SIGKILL, -signal.SIGXCPU):
        return finished
    reason = f"more than {limits.cpu_s} s of CPU, or out of memory"
    return replace(finished, ending=Ending.KILLED, reason=reason)


def _signal(finished: Finished) -> int:
    """The namespace's reaper reports a signal as 128 and its number, as shells do."""
    return _SIGNALLED - finished.exit_code if finished.exit_code > _SIGNALLED else finished.exit_code
