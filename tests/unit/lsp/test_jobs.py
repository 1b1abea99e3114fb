"""Jobs end exactly once, in exactly one way."""

from __future__ import annotations

import asyncio

from cope_lsp.lsp.endpoint import INTERNAL
from cope_lsp.lsp.jobs import Ending, Job, Jobs, Outcome, TargetKey

HERE = TargetKey("file:///a.py", "f")


class Ends:
    """Hears how jobs end."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Ending]] = []

    def __call__(self, job: Job, outcome: Outcome) -> None:
        """Note it."""
        self.heard.append((job.id, outcome.ending))


async def forever(_: Job) -> Outcome:
    """Work that does not end."""
    await asyncio.sleep(3600)
    raise AssertionError


async def at_once(_: Job) -> Outcome:
    """Work that is done."""
    return Outcome(Ending.APPLIED, "done")


async def breaks(_: Job) -> Outcome:
    """Work with a bug."""
    raise RuntimeError("a secret")


async def test_a_job_that_is_cancelled_before_its_first_step_still_ends() -> None:
    """Its task never runs; its end is told all the same."""
    jobs, ends = Jobs(), Ends()
    job = jobs.start(HERE, forever, ends)
    jobs.cancel(job)
    assert (await job.ended).ending is Ending.CANCELLED
    assert ends.heard == [(job.id, Ending.CANCELLED)]
    assert jobs.find(None) is None


async def test_cancelling_twice_ends_once() -> None:
    """The second call changes nothing, not even the reason."""
    jobs, ends = Jobs(), Ends()
    first = jobs.start(HERE, forever, ends)
    await asyncio.sleep(0)
    second = jobs.start(HERE, at_once, ends)
    jobs.cancel(first)
    await asyncio.gather(first.ended, second.ended)
    assert sorted(ends.heard) == sorted([(first.id, Ending.SUPERSEDED), (second.id, Ending.APPLIED)])


async def test_a_bug_fails_the_job_with_a_safe_sentence() -> None:
    """What the exception says stays in the log."""
    jobs, ends = Jobs(), Ends()
    outcome = await jobs.start(HERE, breaks, ends).ended
    assert outcome == Outcome(Ending.FAILED, f"f: {INTERNAL}")


async def test_the_latest_job_is_meant_where_none_is_named() -> None:
    """And a name that nobody has means none."""
    jobs, ends = Jobs(), Ends()
    jobs.start(HERE, forever, ends)
    later = jobs.start(TargetKey("file:///a.py", "g"), forever, ends)
    assert jobs.find(None) is later
    assert jobs.find("nobody") is None
    await jobs.stop_all()
    assert [ending for _, ending in ends.heard] == [Ending.CANCELLED] * 2
