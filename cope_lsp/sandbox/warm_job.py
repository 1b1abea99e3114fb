"""Runs one job in a warm worker: the same limits, watch and records as a job that is started alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from cope_lsp.sandbox import cgroup, limits, mounts, namespaces, seccomp, view
from cope_lsp.sandbox.child import Child, Streams, kill, pipe
from cope_lsp.sandbox.inside import wire
from cope_lsp.sandbox.isolation import Protection
from cope_lsp.sandbox.job import SetUpFailed
from cope_lsp.sandbox.prepare import kept
from cope_lsp.sandbox.run import concluded, observed
from cope_lsp.sandbox.worker import process_behind

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncGenerator

    from cope_lsp.sandbox.isolation import Isolation
    from cope_lsp.sandbox.job import Finished, Job
    from cope_lsp.sandbox.worker import Worker

_ENTERS_WITHIN_S = 10.0

# The names by which a cell knows what a test takes away.
_OPENED = {
    Protection.NETWORK: "network",
    Protection.PROCESSES: "processes",
    Protection.IPC: "ipc",
    Protection.NESTING: "nesting",
    Protection.CAPABILITIES: "capabilities",
    Protection.PRIVATE_TMP: "private tmp",
}


class WorkerLost(SetUpFailed):
    """The worker ended or hung before the job's program was started, or while it ran."""


@dataclass(slots=True)
class _Cell:
    """A job's first process, and what it left when it ended."""

    told: socket.socket
    handle: int = -1
    lost: bool = False
    code: int | None = None
    lock: anyio.Lock = field(default_factory=anyio.Lock)


async def run_warm(worker: Worker, job: Job, isolation: Isolation) -> Finished:
    """Run a job in a worker; raises WorkerLost where another try may work."""
    root = mounts.project_root(job)
    worker.jobs += 1
    layer = worker.layers / str(worker.jobs)
    try:
        _lay_out(job, root, layer)
        with contextlib.ExitStack() as ours:
            begun = time.monotonic()
            async with _entered(worker, job, root, isolation, ours) as child:
                finished = await observed(child, job, _scratch(root, isolation))
    finally:
        shutil.rmtree(layer, ignore_errors=True)
    finished = replace(finished, seconds=time.monotonic() - begun)
    return concluded(finished, job.limits)


def _lay_out(job: Job, root: Path, layer: Path) -> None:
    changed = view.changes(root, job.view.layer, job.view.masked, kept(job))
    try:
        view.write_layer(changed, root, layer)
    except OSError as broken:
        raise SetUpFailed(f"The project could not be made into a view: {broken}.") from broken


@contextlib.asynccontextmanager
async def _entered(
    worker: Worker, job: Job, root: Path, isolation: Isolation, ours: contextlib.ExitStack
) -> AsyncGenerator[Child]:
    with contextlib.ExitStack() as theirs:
        from_stdin, stdin = os.pipe()
        theirs.callback(os.close, from_stdin)
        stdout, to_stdout = pipe(ours, theirs)
        stderr, to_stderr = pipe(ours, theirs)
        records, to_records = pipe(ours, theirs)
        told, telling = wire.pair()
        ours.enter_context(told)
        theirs.enter_context(telling)
        told.setblocking(False)  # noqa: FBT003 -- the standard library's signature
        streams = Streams(stdin, stdout, stderr, records)
        passed = (from_stdin, to_stdout, to_stderr, to_records, telling.fileno())
        await _sent(worker, _order(worker.jobs, job, root, isolation), passed)
    cell = _Cell(told)
    try:
        cell.handle = await _handle(cell, ours)
        init = process_behind(cell.handle)
        with cgroup.bounded(job.limits.processes) as group:
            if group:
                (group / "cgroup.procs").write_text(str(init), encoding="ascii")
            yield Child(streams, init, partial(_wait, cell), partial(kill, cell.handle))
            await kill(cell.handle)
        if cell.lost:
            raise WorkerLost("The warm worker ended while the job ran.")
    finally:
        with anyio.CancelScope(shield=True):
            if cell.handle >= 0:
                await kill(cell.handle)


async def _sent(worker: Worker, order: dict[str, Any], descriptors: tuple[int, ...]) -> None:
    while True:
        try:
            wire.send(worker.channel, order, descriptors)
        except BlockingIOError:
            await anyio.wait_writable(worker.channel)
        except OSError as gone:
            raise WorkerLost("The warm worker is gone.") from gone
        else:
            return


async def _handle(cell: _Cell, ours: contextlib.ExitStack) -> int:
    """The cell's first process, which has not been let at the job's input yet."""
    try:
        with anyio.fail_after(_ENTERS_WITHIN_S):
            said, descriptors = await _heard(cell.told)
    except TimeoutError as hung:
        raise WorkerLost("The warm worker hangs.") from hung
    for each in descriptors:
        ours.callback(os.close, each)
    if not descriptors:
        raise WorkerLost(f"The warm worker could not take the job: {said.get('problem') or 'it is gone'}.")
    return descriptors[0]


async def _wait(cell: _Cell) -> int:
    async with cell.lock:
        if cell.code is None:
            said, _ = await _heard(cell.told)
            cell.lost = "code" not in said
            cell.code = int(said.get("code", 1))
    return cell.code


async def _heard(told: socket.socket) -> tuple[dict[str, Any], list[int]]:
    while True:
        try:
            return wire.receive(told)
        except BlockingIOError:
            await anyio.wait_readable(told)
        except OSError:
            return {}, []


def _order(number: int, job: Job, root: Path, isolation: Isolation) -> dict[str, Any]:
    return {
        "id": number,
        "root": str(root),
        "home": namespaces.HOME,
        "scratch_mb": job.limits.memory_mb,
        "limits": limits.by_name(job.limits),
        "filter": seccomp.no_user_namespaces().hex(),
        "open": [name for protection, name in _OPENED.items() if protection not in isolation.protections],
    }


def _scratch(root: Path, isolation: Isolation) -> tuple[Path, ...]:
    own = (Path("/tmp"), Path("/dev/shm"))  # noqa: S108 -- the sandbox's own
    return (root, *own) if Protection.PRIVATE_TMP in isolation.protections else (root,)
