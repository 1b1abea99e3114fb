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

from cope_lsp.sandbox import limits, mounts, namespaces, seccomp, view
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

# The names by which a cell knows what a test takes away.
_OPENED = {
    Protection.NETWORK: "network",
    Protection.PROCESSES: "processes",
    Protection.IPC: "ipc",
    Protection.NESTING: "nesting",
    Protection.CAPABILITIES: "capabilities",
    Protection.PRIVATE_TMP: "private tmp",
}


@dataclass(slots=True)
class _Cell:
    """A job's first process by its handle, where we hear of it, and the code that it ended with."""

    told: socket.socket
    patience_s: float
    handle: int = -1
    lost: bool = False
    code: int | None = None
    lock: anyio.Lock = field(default_factory=anyio.Lock)


async def run_warm(worker: Worker, job: Job, isolation: Isolation, patience_s: float) -> Finished:
    """Run a job in a worker; raises SetUpFailed where it could not hold the job or did not answer in time."""
    root = mounts.project_root(job)
    worker.jobs += 1
    number = worker.jobs
    layer = worker.layers / str(number)
    try:
        _lay_out(job, root, layer)
        with contextlib.ExitStack() as ours:
            begun = time.monotonic()
            streams, told = await _handed_over(worker, _order(worker, job, root, isolation), ours)
            cell = _Cell(told, patience_s)
            async with _entered(cell, streams) as child:
                finished = await observed(child, job, _scratch(root, isolation))
    finally:
        shutil.rmtree(layer, ignore_errors=True)
    if cell.lost:
        raise SetUpFailed("The warm worker ended while a job ran.")
    worker.proved = True
    return concluded(replace(finished, seconds=time.monotonic() - begun), job.limits)


def _lay_out(job: Job, root: Path, layer: Path) -> None:
    changed = view.changes(root, job.view.layer, job.view.masked, kept(job))
    try:
        view.write_layer(changed, root, layer)
    except OSError as broken:
        raise SetUpFailed(f"The project could not be made into a view: {broken}.") from broken


async def _handed_over(
    worker: Worker, order: dict[str, Any], ours: contextlib.ExitStack
) -> tuple[Streams, socket.socket]:
    """Give the worker a job with its ends of the streams; ours, and where we hear of the job."""
    with contextlib.ExitStack() as theirs:
        from_stdin, stdin = os.pipe()
        theirs.callback(os.close, from_stdin)
        undo = ours.enter_context(contextlib.ExitStack())
        undo.callback(os.close, stdin)
        stdout, to_stdout = pipe(ours, theirs)
        stderr, to_stderr = pipe(ours, theirs)
        records, to_records = pipe(ours, theirs)
        told, telling = wire.pair()
        ours.enter_context(told)
        theirs.enter_context(telling)
        told.setblocking(False)  # noqa: FBT003 -- the standard library's signature
        passed = (from_stdin, to_stdout, to_stderr, to_records, telling.fileno())
        await _sent(worker, order, passed)
        undo.pop_all()
    return Streams(stdin, stdout, stderr, records), told


async def _sent(worker: Worker, order: dict[str, Any], descriptors: tuple[int, ...]) -> None:
    while True:
        try:
            wire.send(worker.channel, order, descriptors)
        except BlockingIOError:
            await anyio.wait_writable(worker.channel)
        except OSError as gone:
            raise SetUpFailed("The warm worker is gone.") from gone
        else:
            return


@contextlib.asynccontextmanager
async def _entered(cell: _Cell, streams: Streams) -> AsyncGenerator[Child]:
    """The job's first process, which waits for its input; on leaving, nothing of it is left."""
    with contextlib.ExitStack() as ours:
        unfed = ours.enter_context(contextlib.ExitStack())
        unfed.callback(os.close, streams.stdin)
        cell.handle = await _handle(cell)
        ours.callback(os.close, cell.handle)
        try:
            unfed.pop_all()
            yield Child(streams, process_behind(cell.handle), partial(_wait, cell), partial(_end, cell))
            await _end(cell)
        finally:
            with anyio.CancelScope(shield=True):
                await kill(cell.handle)


async def _handle(cell: _Cell) -> int:
    try:
        with anyio.fail_after(cell.patience_s):
            said, descriptors = await _heard(cell.told)
    except TimeoutError as hung:
        raise SetUpFailed("The warm worker hangs.") from hung
    if not descriptors:
        raise SetUpFailed(f"The warm worker could not take a job: {said.get('problem') or 'it is gone'}.")
    return descriptors[0]


async def _wait(cell: _Cell) -> int:
    async with cell.lock:
        if cell.code is None:
            said, _ = await _heard(cell.told)
            cell.lost = "code" not in said
            cell.code = int(said.get("code", 1))
    return cell.code


async def _end(cell: _Cell) -> None:
    await kill(cell.handle)
    with anyio.move_on_after(cell.patience_s):
        await _wait(cell)
    if cell.code is None:
        cell.code, cell.lost = 1, True


async def _heard(told: socket.socket) -> tuple[dict[str, Any], list[int]]:
    while True:
        try:
            return wire.receive(told)
        except BlockingIOError:
            await anyio.wait_readable(told)
        except OSError:
            return {}, []


def _order(worker: Worker, job: Job, root: Path, isolation: Isolation) -> dict[str, Any]:
    return {
        "id": worker.jobs,
        "root": str(root),
        "home": namespaces.HOME,
        "scratch_mb": job.limits.memory_mb,
        "limits": limits.by_name(job.limits),
        "covered": [str(path) for path in worker.covered.paths],
        "links": [(str(link.path), link.target) for link in worker.covered.links],
        "filter": seccomp.no_user_namespaces().hex(),
        "open": [name for protection, name in _OPENED.items() if protection not in isolation.protections],
    }


def _scratch(root: Path, isolation: Isolation) -> tuple[Path, ...]:
    own = (Path("/tmp"), Path("/dev/shm"))  # noqa: S108 -- the sandbox's own
    return (root, *own) if Protection.PRIVATE_TMP in isolation.protections else (root,)
