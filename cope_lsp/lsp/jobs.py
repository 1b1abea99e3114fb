"""The jobs: who runs for which target, and how each one ends.

pygls does not cancel the work behind a command, so jobs are tasks of our own. Invariant: a job ends in
exactly one `Ending`, and a target has at most one job; a newer one supersedes it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING

from cope_lsp.engine.front import NOTHING_SPENT
from cope_lsp.lsp.endpoint import INTERNAL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cope_lsp.cascade.problem import Usage

log = logging.getLogger(__name__)


class Ending(StrEnum):
    """How a job ended (protocol.Ending)."""

    APPLIED = "applied"
    PROPOSED = "proposed"
    UNVERIFIED = "unverified"
    SHOWN = "shown"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TargetKey:
    """What a job works on. `beside` names work that leaves the target as it is; empty: it may change it."""

    uri: str
    qualname: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A job's end and the one message about it; `page` is where an explanation is kept."""

    ending: Ending
    message: str
    stage: str = ""
    confidence: float = 0.0
    usage: Usage = NOTHING_SPENT
    report: str = ""
    page: str = ""


@dataclass(slots=True)
class Job:
    """One request under way. `notes` are sentences that its final message must also say."""

    id: str
    target: TargetKey
    ended: asyncio.Future[Outcome]
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    notes: list[str] = field(default_factory=list[str])
    stopped_as: Ending = Ending.CANCELLED
    task: asyncio.Task[Outcome] | None = None

    async def until_enough(self) -> None:
        """Wait until the user wants the best so far."""
        await self.enough.wait()


@dataclass(slots=True)
class Jobs:
    """All running jobs, oldest first."""

    _running: dict[str, Job] = field(default_factory=dict[str, Job])
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _prefix: str = field(default_factory=lambda: secrets.token_hex(3))

    def start(self, target: TargetKey, work: Work, done: Done) -> Job:
        """Start a job, superseding the one that runs for the target; `done` hears its outcome."""
        for other in list(self._running.values()):
            if other.target == target:
                self._stop(other, Ending.SUPERSEDED)
        # The prefix keeps reports of several servers apart.
        job = Job(f"{self._prefix}-{next(self._numbers)}", target, asyncio.get_running_loop().create_future())
        self._running[job.id] = job
        job.task = asyncio.create_task(_drive(job, work), name=job.id)
        job.task.add_done_callback(lambda task: self._end(job, task, done))
        return job

    def find(self, job_id: str | None) -> Job | None:
        """The running job of that id; without one, the latest."""
        return (
            self._running.get(job_id) if job_id is not None else next(reversed(self._running.values()), None)
        )

    def cancel(self, job: Job) -> None:
        """Cancel a job; its task ends once its connections and children are closed."""
        self._stop(job, Ending.CANCELLED)

    async def stop_all(self) -> None:
        """Cancel every job and wait until each has ended."""
        tasks = [job.task for job in self._running.values() if job.task]
        for job in list(self._running.values()):
            self._stop(job, Ending.CANCELLED)
        if tasks:
            await asyncio.wait(tasks)

    def _stop(self, job: Job, ending: Ending) -> None:
        if job.task is not None and not job.task.done() and not job.task.cancelling():
            job.stopped_as = ending
            job.task.cancel()

    def _end(self, job: Job, task: asyncio.Task[Outcome], done: Done) -> None:
        # A callback and not the task's own last lines: a task cancelled before its first step never runs.
        self._running.pop(job.id, None)
        outcome = _stopped(job) if task.cancelled() else task.result()
        job.ended.set_result(outcome)
        done(job, outcome)


if TYPE_CHECKING:
    Work = Callable[[Job], Awaitable[Outcome]]
    Done = Callable[[Job, Outcome], None]

_STOPPED = {Ending.CANCELLED: "cancelled", Ending.SUPERSEDED: "superseded by a newer request"}


async def _drive(job: Job, work: Work) -> Outcome:
    try:
        return await work(job)
    except Exception:
        log.exception("%s for %s failed", job.id, job.target.qualname)
        return Outcome(Ending.FAILED, f"{job.target.qualname}: {INTERNAL}")


def _stopped(job: Job) -> Outcome:
    return Outcome(job.stopped_as, f"{job.target.qualname}: {_STOPPED[job.stopped_as]}.")
