"""Keeps warm workers: a job that says how is forked from one, any other is started alone.

A worker never means fewer protections: where it cannot start, hold a job or live on, the job starts alone.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import anyio

from cope_lsp.sandbox import cgroup
from cope_lsp.sandbox.isolation import Kind, Projection
from cope_lsp.sandbox.job import CannotIsolate, SetUpFailed
from cope_lsp.sandbox.run import run
from cope_lsp.sandbox.warm_job import run_warm
from cope_lsp.sandbox.worker import is_old, start, stop

if TYPE_CHECKING:
    from cope_lsp.sandbox.isolation import Isolation
    from cope_lsp.sandbox.job import Finished, Job, Warm
    from cope_lsp.sandbox.worker import Worker

Key: TypeAlias = "tuple[object, ...]"

MOST_WORKERS = 8
MOST_AT_ONCE = 64
IDLE_S = 900.0
_REFUSED_S = 300.0


@dataclass(slots=True)
class Pool:
    """The workers of one engine, by what they were started for; `refused` says until when none is tried.

    `patience_s` is how long a worker may take to answer before it counts as hung. `most_at_once` is how many
    jobs one may have: a single one where only a control group counts processes, which is each worker's.
    """

    most_at_once: int = field(default_factory=lambda: 1 if cgroup.needed() else MOST_AT_ONCE)
    patience_s: float = 10.0
    workers: dict[Key, Worker] = field(default_factory=dict["Key", "Worker"])
    refused: dict[Key, float] = field(default_factory=dict["Key", float])
    lock: anyio.Lock = field(default_factory=anyio.Lock)


async def run_pooled(job: Job, isolation: Isolation, pool: Pool) -> Finished:
    """Run a job as `run` does, from a warm worker where there can be one."""
    warm = job.warm
    if (
        warm is None
        or isolation.kind is not Kind.NAMESPACES
        or isolation.projection is not Projection.OVERLAY
    ):
        return await run(job, isolation)
    key = _key(job, warm, isolation)
    worker = await _taken(pool, key, job, warm, isolation)
    if worker is None:
        return await run(job, isolation)
    try:
        return await run_warm(worker, job, isolation, pool.patience_s)
    except SetUpFailed:
        await _retire(pool, worker)
        if not worker.proved:
            pool.refused[key] = time.monotonic() + _REFUSED_S
    finally:
        worker.running -= 1
        worker.used = time.monotonic()
        if worker.retired and not worker.running:
            await stop(worker)
    return await run(job, isolation)


async def close(pool: Pool) -> None:
    """End all workers."""
    while pool.workers:
        await stop(pool.workers.popitem()[1])


async def _taken(pool: Pool, key: Key, job: Job, warm: Warm, isolation: Isolation) -> Worker | None:
    """A worker that has this job now, started if there is none that is good; None where none can start."""
    async with pool.lock:
        place = _place(pool, key)
        worker = pool.workers.get(place)
        if worker is not None and is_old(worker, warm):
            await _retire(pool, worker)
            warm = replace(warm, modules=tuple(sorted(worker.modules.union(warm.modules))))
            worker = None
        if worker is None and pool.refused.get(key, 0.0) < time.monotonic():
            await _clear(pool)
            try:
                worker = pool.workers[place] = await start(job, warm, isolation)
            except CannotIsolate:
                pool.refused[key] = time.monotonic() + _REFUSED_S
        if worker is not None:
            worker.running += 1
        return worker


def _place(pool: Pool, key: Key) -> Key:
    """Where the job's worker is or will be."""
    number = 0
    while (found := pool.workers.get((*key, number))) and found.running >= pool.most_at_once:
        number += 1
    return (*key, number)


async def _clear(pool: Pool) -> None:
    """Make room for one more worker: those go that were not used for long, then the least used."""
    now = time.monotonic()
    by_use = sorted(pool.workers.values(), key=lambda worker: (worker.running > 0, worker.used))
    for number, worker in enumerate(by_use):
        if len(by_use) - number >= MOST_WORKERS or (not worker.running and now - worker.used > IDLE_S):
            await _retire(pool, worker)
    pool.refused = {key: until for key, until in pool.refused.items() if until > now}


async def _retire(pool: Pool, worker: Worker) -> None:
    """Give no more jobs to a worker; it ends with the last that it has."""
    worker.retired = True
    pool.workers = {place: other for place, other in pool.workers.items() if other is not worker}
    if not worker.running:
        await stop(worker)


def _key(job: Job, warm: Warm, isolation: Isolation) -> Key:
    """All that a worker is made of: a job may only meet one that was started for its like."""
    root = job.view.root
    try:
        place = os.stat(root)  # noqa: PTH116 -- called for every job
    except OSError:
        return (root,)
    made_of = (warm.command, warm.entry, warm.base, warm.own, tuple(job.env.items()), job.readable)
    bounds = (job.limits.memory_mb, job.limits.processes)
    return (root, place.st_dev, place.st_ino, bounds, isolation, *made_of)
