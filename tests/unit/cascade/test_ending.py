"""Draws side by side, deadlines, and how a solve is ended from outside."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade.events import Event, Ruled, StageLeft
from cope_lsp.cascade.problem import (
    Completion,
    Ruling,
    Status,
)
from cope_lsp.cascade.solve import End, Options, Result, solve
from cope_lsp.cascade.stages import Batch, Stage
from tests.support.scripted import MemoryPlans, ScriptedJudge, ScriptedModel, Witness, right
from tests.support.staged import PROBLEM, run, stage

if TYPE_CHECKING:
    from cope_lsp.cascade.ports import Model


def parallel(executor: Model, samples: int, width: int) -> Stage:
    """A stage that draws all at once."""
    return replace(stage(executor, samples), batch=Batch.AT_ONCE, width=width)


class Crowd:
    """A model that measures how many calls are in flight."""

    name = "crowd"

    def __init__(self) -> None:
        self.now = 0
        self.most = 0

    async def complete(self, prompt: object, *, temperature: float, seed: int) -> Completion:
        """Answer after a short while."""
        del prompt, temperature, seed
        self.now += 1
        self.most = max(self.most, self.now)
        await anyio.sleep(0.01)
        self.now -= 1
        return Completion("wrong", self.name)


async def test_width_bounds_the_draws_in_flight() -> None:
    """Eight draws at once with a width of three: never more than three calls at a time."""
    crowd = Crowd()
    result = await run(parallel(crowd, 8, 3))
    assert crowd.most == 3
    assert len(result.outcomes[0].candidates) == 8


async def test_adaptive_stage_draws_its_first_alone() -> None:
    """Whatever the width, nothing else is in flight until the first draw was ruled on."""
    judge = ScriptedJudge(right("right"))
    small = ScriptedModel("small", ["right"])
    await run(replace(stage(small, 8), width=4), judge=judge)
    assert len(small.calls) == 1


async def test_drawing_at_once_waits_for_all() -> None:
    """Under the paper's policy an accepted draw does not keep the others from being ruled on."""
    small = ScriptedModel("small", ["right"])
    result = await run(parallel(small, 4, 4))
    assert len(result.outcomes[0].candidates) == 4


async def test_early_exit_cancels_the_other_draws() -> None:
    """The first accepted of several draws in flight ends the others at once."""
    replies = iter(["wrong", "slow", "right"])
    small = ScriptedModel("small", lambda _call: next(replies), delay_s=[0.0, 60.0, 0.01])
    with anyio.fail_after(5):
        result = await run(replace(stage(small, 3), width=2))
    assert small.cancelled == 1
    assert result.end is End.ACCEPTED


async def test_settled_ruling_cancels_draws_at_once() -> None:
    """A judge that is settled ends even an all-at-once stage."""
    small = ScriptedModel("small", ["right"], delay_s=[0.0, 60.0])
    judge = ScriptedJudge(lambda drawn, _left: Ruling(1.0, Status.PASS, drawn[0], drawn, settled=True))
    with anyio.fail_after(5):
        result = await run(parallel(small, 2, 2), judge=judge)
    assert small.cancelled == 1
    assert result.end is End.ACCEPTED


async def test_stage_deadline_keeps_what_was_drawn() -> None:
    """Two draws are in, the third takes too long: the stage fails with two and the next one begins."""
    small = ScriptedModel("small", ["wrong"], delay_s=[0.0, 0.0, 60.0])
    large = ScriptedModel("large", ["right"])
    limited = replace(stage(small), deadline_s=0.1)
    with anyio.fail_after(5):
        result = await run(limited, stage(large, 1, "large"))
    first = result.outcomes[0]
    assert len(first.candidates) == 2
    assert first.reason == "out of time after 0.1 s"
    assert small.cancelled == 1
    assert result.end is End.ACCEPTED


async def test_stage_deadline_before_any_draw_buys_nothing() -> None:
    """A slow local model is no proof that it fails."""
    small = ScriptedModel("small", ["wrong"], delay_s=60.0)
    large = ScriptedModel("large", ["right"])
    result = await run(replace(stage(small), deadline_s=0.05), stage(large, 1, "large"))
    assert large.calls == []
    assert result.end is End.UNAVAILABLE


async def test_total_deadline_returns_the_best_so_far() -> None:
    """At the deadline of the whole, finished attempts are the result."""
    small = ScriptedModel("small", ["wrong"], delay_s=[0.0, 60.0])
    witness = Witness()
    with anyio.fail_after(5):
        result = await solve(
            PROBLEM,
            (stage(small),),
            ScriptedJudge(right()),
            MemoryPlans(),
            witness,
            Options(deadline_s=0.1),
        )
    assert result.end is End.DEADLINE
    assert result.best is not None
    assert witness.events[-1] == StageLeft("small", accepted=False, reason="interrupted")


async def test_acceptable_draw_at_the_deadline_is_accepted() -> None:
    """Of draws made at once, one that passed before the deadline counts, and is remembered."""
    small = ScriptedModel("small", ["right"], delay_s=[0.0, 60.0])
    plans = MemoryPlans()
    result = await solve(
        PROBLEM,
        (parallel(small, 2, 2),),
        ScriptedJudge(right("right")),
        plans,
        Witness(),
        Options(deadline_s=0.1),
    )
    assert result.end is End.ACCEPTED
    assert len(plans.solutions) == 1


async def test_candidate_in_judgement_at_the_deadline_is_kept() -> None:
    """A draw that was not ruled on in time can still be looked at."""
    judge = ScriptedJudge(right("right"), delay_s=60.0)
    result = await solve(
        PROBLEM,
        (stage(ScriptedModel("small", ["right"])),),
        judge,
        MemoryPlans(),
        Witness(),
        Options(deadline_s=0.05),
    )
    assert result.accepted is None
    assert result.best is not None
    assert result.best.text == "right"


async def test_stop_shows_the_best_now() -> None:
    """Setting the event ends the solve at once with what there is, and nothing stays in flight."""
    stop = anyio.Event()
    small = ScriptedModel("small", ["wrong"], delay_s=[0.0, 60.0])

    def stop_after_ruling(event: Event) -> None:
        if isinstance(event, Ruled):
            stop.set()

    with anyio.fail_after(5):
        result = await solve(
            PROBLEM,
            (stage(small),),
            ScriptedJudge(right()),
            MemoryPlans(),
            stop_after_ruling,
            Options(stop=stop),
        )
    assert result.end is End.STOPPED
    assert result.best is not None
    assert small.finished == 1


async def test_unset_stop_event_ends_with_the_solve() -> None:
    """A solve that ends by itself does not wait for the event."""
    with anyio.fail_after(5):
        result = await solve(
            PROBLEM,
            (stage(ScriptedModel("small", ["right"])),),
            ScriptedJudge(right("right")),
            MemoryPlans(),
            Witness(),
            Options(stop=anyio.Event(), deadline_s=60.0),
        )
    assert result.end is End.ACCEPTED


async def test_cancelling_ends_all_calls_and_stores_nothing() -> None:
    """A solve cancelled from outside leaves no call in flight and returns nothing."""
    small = ScriptedModel("small", ["right"], delay_s=60.0)
    plans, witness = MemoryPlans(), Witness()
    returned: list[Result] = []

    async def work() -> None:
        result = await solve(PROBLEM, (parallel(small, 4, 4),), ScriptedJudge(right("right")), plans, witness)
        returned.append(result)

    async with anyio.create_task_group() as group:
        group.start_soon(work)
        await anyio.wait_all_tasks_blocked()
        group.cancel_scope.cancel()
    assert small.cancelled == 4
    assert returned == []
    assert plans == MemoryPlans()


async def test_native_cancellation_ends_all_calls_too() -> None:
    """A server cancels tasks of asyncio, not scopes of anyio; the calls end before the task does."""
    small = ScriptedModel("small", ["right"], delay_s=60.0)
    task = asyncio.create_task(run(parallel(small, 4, 4)))
    await anyio.wait_all_tasks_blocked()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (len(small.calls), small.cancelled) == (4, 4)
