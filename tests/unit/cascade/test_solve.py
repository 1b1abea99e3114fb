"""How a cascade goes on, what it keeps, and how it ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade import prompts
from cope_lsp.cascade.errors import CallRefused, MalformedReply, ModelTimeout, ModelUnavailable
from cope_lsp.cascade.events import (
    CandidateDrawn,
    Event,
    PlanWritten,
    Ruled,
    StageEntered,
    StageLeft,
)
from cope_lsp.cascade.problem import (
    Candidate,
    Completion,
    Evidence,
    Kind,
    Plan,
    Problem,
    Role,
    Ruling,
    Status,
    Usage,
)
from cope_lsp.cascade.solve import RECALL, End, Options, Result, solve
from cope_lsp.cascade.stages import Arm, Batch, Carry, Planning, Stage, passed
from tests.support.scripted import MemoryPlans, ScriptedJudge, ScriptedModel, Witness, right, unknown

if TYPE_CHECKING:
    from cope_lsp.cascade.ports import Judge, Model

PROBLEM = Problem(Kind.CODE, "Write f.", key="what-was-asked")
TIMEOUT = ModelTimeout("small said nothing for 300 s.")
REFUSED = CallRefused("The cap of $0.05 does not allow this call.", fix="Raise budget.per_request_usd.")


def stage(executor: Model, samples: int = 3, name: str = "small") -> Stage:
    """A plain stage: draws without plans, one after the other."""
    return Stage(name, executor, (Arm(0.8),) * samples, passed, prompts.SHARED)


def guided(executor: Model, planner: Model) -> Stage:
    """A stage of one draw that follows a guideline."""
    return replace(stage(executor, 1, "guided"), planner=planner, plan=Planning(Role.GUIDELINE, 0.2))


async def run(*stages: Stage, judge: Judge | None = None, plans: MemoryPlans | None = None) -> Result:
    """Solve the problem with these stages; without a judge, `right` passes."""
    return await solve(
        PROBLEM, stages, judge or ScriptedJudge(right("right")), plans or MemoryPlans(), Witness()
    )


async def test_observer_hears_everything_in_order() -> None:
    """Stage, plan, candidate, ruling, end of stage: in the order in which they happen."""
    small, large = ScriptedModel("small", ["wrong", "right"]), ScriptedModel("large", ["Multiply."])
    witness = Witness()
    await solve(
        PROBLEM,
        (stage(small, 1), guided(small, large)),
        ScriptedJudge(right("right")),
        MemoryPlans(),
        witness,
    )
    assert witness.names == [
        "StageEntered",
        "CandidateDrawn",
        "Ruled",
        "StageLeft",
        "StageEntered",
        "PlanWritten",
        "CandidateDrawn",
        "Ruled",
        "StageLeft",
    ]
    entered, drawn, ruled, left = witness.events[:4]
    assert entered == StageEntered("small", 1)
    assert isinstance(drawn, CandidateDrawn)
    assert (drawn.stage, drawn.number, drawn.candidate.text) == ("small", 1, "wrong")
    assert isinstance(ruled, Ruled)
    assert (ruled.drawn, ruled.ruling.status) == (1, Status.FAIL)
    assert left == StageLeft("small", accepted=False, reason="all 1 failed")
    assert witness.events[-1] == StageLeft("guided", accepted=True, reason="accepted")


async def test_drawing_stops_at_the_first_accepted_draw() -> None:
    """An adaptive stage makes no draw after the one that is accepted."""
    small = ScriptedModel("small", ["wrong", "right", "never asked"])
    result = await run(stage(small))
    assert len(small.calls) == 2
    assert result.accepted is not None
    assert result.accepted.choice == result.best


async def test_drawing_stops_when_the_ruling_is_settled() -> None:
    """A settled failure ends the draws as well."""
    small = ScriptedModel("small", ["wrong"])
    settled = ScriptedJudge(lambda drawn, _left: Ruling(0.0, Status.FAIL, drawn[0], settled=True))
    await run(stage(small), judge=settled)
    assert len(small.calls) == 1


async def test_trial_hears_how_many_draws_remain() -> None:
    """After each of three draws the trial is told that two, one and none are left; a repair adds none."""
    small = ScriptedModel("small", ["wrong"])
    judge = ScriptedJudge(right())
    await run(replace(stage(small), repairs=(0.2,)), judge=judge)
    (trial,) = judge.trials
    assert trial.remaining == [2, 1, 0, 0]
    assert len(trial.candidates) == 4


async def test_only_failure_escalates() -> None:
    """FAIL enters the next stage, UNKNOWN does not."""
    for rule, calls in ((right(), 1), (unknown, 0)):
        large = ScriptedModel("large", ["x"])
        await run(
            stage(ScriptedModel("small", ["x"])),
            stage(large, 1, "large"),
            judge=ScriptedJudge(rule),
        )
        assert len(large.calls) == calls


async def test_unknown_in_a_later_stage_stops_too() -> None:
    """A sandbox lost between two stages ends the paying."""
    statuses = iter([Status.FAIL, Status.UNKNOWN])
    judge = ScriptedJudge(lambda drawn, _left: Ruling(0.0, next(statuses), drawn[0], settled=True))
    second, third = ScriptedModel("second", ["x"]), ScriptedModel("third", ["x"])
    result = await run(
        stage(ScriptedModel("small", ["x"])),
        stage(second, 1, "second"),
        stage(third, 1, "third"),
        judge=judge,
    )
    assert len(second.calls) == 1
    assert third.calls == []
    assert result.end is End.UNVERIFIED
    assert result.outcomes[1].reason == "nothing could be found out"


async def test_one_failed_call_of_several_does_no_harm() -> None:
    """A timeout among the draws is noted, and the next draw is accepted."""
    small = ScriptedModel("small", ["wrong", TIMEOUT, "right"])
    result = await run(stage(small))
    assert result.end is End.ACCEPTED
    assert result.outcomes[0].errors == (TIMEOUT,)
    assert result.outcomes[0].error is None


async def test_first_call_may_fail_too() -> None:
    """The draws after a failed first one are made."""
    result = await run(stage(ScriptedModel("small", [TIMEOUT, "right"])))
    assert result.end is End.ACCEPTED


async def test_stage_gives_up_after_two_failures_in_a_row() -> None:
    """A dead server is not asked eight times."""
    small = ScriptedModel("small", [TIMEOUT])
    result = await run(stage(small, 8))
    assert len(small.calls) == 2
    assert result.end is End.UNAVAILABLE
    assert result.error is TIMEOUT


async def test_refused_call_is_not_repeated() -> None:
    """What our own side refused once is not asked again in the stage."""
    small = ScriptedModel("small", [REFUSED])
    result = await run(stage(small, 8))
    assert len(small.calls) == 1
    assert result.outcomes[0].reason == str(REFUSED)


async def test_refused_model_is_not_asked_again_by_a_later_stage() -> None:
    """Who refused the guideline's call is not asked once more for the solution's."""
    large = ScriptedModel("large", [REFUSED])
    small = ScriptedModel("small", ["wrong"])
    result = await run(stage(small), guided(small, large), stage(large, 1, "large"))
    assert len(large.calls) == 1
    assert [outcome.error for outcome in result.outcomes] == [None, REFUSED, REFUSED]
    assert result.end is End.EXHAUSTED


async def test_failures_apart_do_not_end_a_stage() -> None:
    """Only failures in a row count: a call that worked in between starts the count anew."""
    small = ScriptedModel("small", [TIMEOUT, "wrong", TIMEOUT, "right"])
    result = await run(stage(small, 4))
    assert result.end is End.ACCEPTED


async def test_best_failure_is_carried_not_the_last() -> None:
    """Of several failed stages, the attempt that passed most is shown to the next one."""

    def rule(drawn: tuple[Candidate, ...], _left: int) -> Ruling:
        share = 3 if drawn[0].stage == "small" else 1
        found = Evidence(drawn[0], "tests", Status.FAIL, share, 4)
        return Ruling(0.0, Status.FAIL, drawn[0], evidence=(found,), feedback=drawn[0].stage)

    large = ScriptedModel("large", ["x"])
    await run(
        stage(ScriptedModel("small", ["good attempt"]), 1),
        stage(ScriptedModel("middle", ["poor attempt"]), 1, "middle"),
        replace(stage(large, 1, "large"), carry=Carry.FAILURE),
        judge=ScriptedJudge(rule),
    )
    assert "good attempt" in large.calls[0].text
    assert "poor attempt" not in large.calls[0].text


async def test_failed_planner_gives_way_to_the_next_stage() -> None:
    """Without a guideline the guided stage is over, and the large model is still asked."""
    small, planner = ScriptedModel("small", ["wrong"]), ScriptedModel("planner", [TIMEOUT])
    large = ScriptedModel("large", ["right"])
    result = await run(stage(small), guided(small, planner), stage(large, 1, "large"))
    assert [outcome.stage for outcome in result.outcomes] == ["small", "guided", "large"]
    assert result.outcomes[1].error is TIMEOUT
    assert len(small.calls) == 3
    assert result.end is End.ACCEPTED


async def test_all_models_failing_after_a_failure_leaves_the_best_candidate() -> None:
    """The large model is down: what there was before is still offered."""
    large = ScriptedModel("large", [ModelUnavailable("Nothing listens.")])
    result = await run(stage(ScriptedModel("small", ["wrong"])), stage(large, 1, "large"))
    assert result.end is End.EXHAUSTED
    assert result.best is not None
    assert result.best.text == "wrong"
    assert result.failure is None


async def test_unchecked_stage_without_a_reply_is_no_answer() -> None:
    """The paper's last stage fails: the result falls back and is not called unchecked."""
    last = replace(stage(ScriptedModel("large", [TIMEOUT]), 1, "large"), checked=False)
    result = await run(stage(ScriptedModel("small", ["wrong"])), last)
    assert result.end is End.EXHAUSTED
    assert result.best is not None


async def test_empty_plan_is_a_failed_call_that_still_counts() -> None:
    """An empty goal fails its draw, what it used is counted, and the next draw is made."""
    small = ScriptedModel("small", ["   ", "Square it.", "right"])
    arms = (Arm(0.4, Planning(Role.GOAL, 0.8)),) * 3
    result = await run(replace(stage(small), arms=arms))
    assert result.end is End.ACCEPTED
    assert [type(error) for error in result.outcomes[0].errors] == [MalformedReply]
    assert result.usage.calls == 3


@pytest.mark.parametrize("reply", ["", Completion("def f(", "small", Usage(calls=1), truncated=True)])
async def test_empty_and_truncated_replies_are_for_the_judge(reply: str | Completion) -> None:
    """Such replies become candidates, marked as cut where they were, and fail like others."""
    result = await run(stage(ScriptedModel("small", [reply]), 1))
    (candidate,) = result.outcomes[0].candidates
    assert candidate.truncated is isinstance(reply, Completion)
    assert result.end is End.EXHAUSTED


async def test_repair_ends_where_there_is_nothing_to_tell() -> None:
    """Without feedback no repair is asked for."""
    small = ScriptedModel("small", ["wrong"])
    mute = ScriptedJudge(lambda drawn, _left: Ruling(0.0, Status.FAIL, drawn[0]))
    await run(replace(stage(small, 1), repairs=(0.2, 0.2)), judge=mute)
    assert len(small.calls) == 1


async def test_failed_repair_call_ends_the_repairs() -> None:
    """A model that fails in a repair is not asked for another."""
    small = ScriptedModel("small", ["wrong", TIMEOUT])
    result = await run(replace(stage(small, 1), repairs=(0.2, 0.2)))
    assert len(small.calls) == 2
    assert result.outcomes[0].reason == "all 1 failed"


async def test_no_repair_by_a_model_that_has_gone() -> None:
    """After two failures in a row nobody is left to repair."""
    small = ScriptedModel("small", ["wrong", TIMEOUT])
    await run(replace(stage(small), repairs=(0.2,)))
    assert len(small.calls) == 3


async def test_repair_works_on_the_best_attempt_so_far() -> None:
    """A second round repairs what the judge now holds for the best."""
    small = ScriptedModel("small", ["wrong", "better", "right"])
    result = await run(replace(stage(small, 1), repairs=(0.2, 0.2)))
    assert result.best is not None
    assert result.best.repairs is not None
    assert result.best.repairs.text == "better"


async def test_accepted_solution_is_remembered_and_judged_before_any_draw() -> None:
    """The second time no model is called, but the judge is."""
    plans, judge = MemoryPlans(), ScriptedJudge(right("right"))
    small = ScriptedModel("small", ["right"])
    first = await run(stage(small), plans=plans)
    witness = Witness()
    second = await solve(PROBLEM, (stage(small),), judge, plans, witness)
    assert len(small.calls) == 1
    assert plans.solutions == {"what-was-asked": first.best}
    assert [outcome.stage for outcome in second.outcomes] == [RECALL]
    assert len(judge.trials) == 1
    assert second.end is End.ACCEPTED
    assert second.usage == Usage()
    assert witness.names == ["StageEntered", "CandidateDrawn", "Ruled", "StageLeft"]


async def test_recalled_solution_that_fails_today_is_drawn_anew() -> None:
    """A stored solution has no standing of its own; the new one replaces it."""
    plans = MemoryPlans(solutions={"what-was-asked": Candidate("stale", "small")})
    result = await run(stage(ScriptedModel("small", ["right"])), plans=plans)
    assert [outcome.stage for outcome in result.outcomes] == [RECALL, "small"]
    assert result.outcomes[0].reason == "the stored solution was judged again: fail"
    assert plans.solutions["what-was-asked"].text == "right"


async def test_recalled_failure_alone_pays_for_nothing() -> None:
    """A stale solution is no proof that the local model fails."""
    plans = MemoryPlans(solutions={"what-was-asked": Candidate("stale", "small")})
    large = ScriptedModel("large", ["right"])
    await run(stage(ScriptedModel("small", [TIMEOUT])), stage(large, 1, "large"), plans=plans)
    assert large.calls == []


async def test_nothing_is_stored_without_a_key() -> None:
    """A problem without a key leaves no trace in the store."""
    plans = MemoryPlans()
    small, large = ScriptedModel("small", ["right"]), ScriptedModel("large", ["Multiply."])
    keyless = replace(PROBLEM, key="")
    await solve(keyless, (guided(small, large),), ScriptedJudge(right("right")), plans, Witness())
    assert plans == MemoryPlans()


async def test_nothing_is_stored_unless_accepted() -> None:
    """Failed candidates and plans that led nowhere are not kept."""
    plans = MemoryPlans()
    await run(guided(ScriptedModel("small", ["wrong"]), ScriptedModel("large", ["Add."])), plans=plans)
    assert plans == MemoryPlans()


async def test_stored_guideline_saves_its_call() -> None:
    """A guideline that led to an accepted solution is kept by question, role and planner, and used again."""
    plans = MemoryPlans()
    small, large = ScriptedModel("small", ["right"]), ScriptedModel("large", ["Multiply."])
    await run(guided(small, large), plans=plans)
    plans.solutions.clear()
    witness = Witness()
    again = await solve(PROBLEM, (guided(small, large),), ScriptedJudge(right("right")), plans, witness)
    assert list(plans.plans) == ["what-was-asked/guideline/large"]
    assert len(large.calls) == 1
    (written,) = [event for event in witness.events if isinstance(event, PlanWritten)]
    assert (written.plan.text, written.cached) == ("Multiply.", True)
    assert again.usage.calls == 1


async def test_another_planner_s_guideline_is_not_used() -> None:
    """The planner's name is part of the key."""
    plan = Plan("Add.", Role.GUIDELINE, "other")
    plans = MemoryPlans(plans={"what-was-asked/guideline/other": plan})
    large = ScriptedModel("large", ["Multiply."])
    await run(guided(ScriptedModel("small", ["right"]), large), plans=plans)
    assert len(large.calls) == 1


async def test_stored_plan_costs_nothing_today() -> None:
    """What a stored plan once used is not counted again."""
    plan = Plan("Multiply.", Role.GUIDELINE, "large", usage=Usage(cost_usd=0.5, calls=1))
    plans = MemoryPlans(plans={"what-was-asked/guideline/large": plan})
    small, large = ScriptedModel("small", ["right"]), ScriptedModel("large", ["never asked"])
    result = await run(guided(small, large), plans=plans)
    assert result.usage.cost_usd == 0.0
    assert result.outcomes[0].plan == replace(plan, usage=Usage())


async def test_large_solution_by_a_carried_guideline_keeps_that_guideline() -> None:
    """A guideline that helped only the large model is verified all the same."""
    plans = MemoryPlans()
    small = ScriptedModel("small", ["wrong"])
    large = ScriptedModel("large", ["Multiply.", "right"])
    last = replace(stage(large, 1, "large"), carry=Carry.GUIDELINE)
    await run(guided(small, large), last, plans=plans)
    assert [plan.text for plan in plans.plans.values()] == ["Multiply."]


async def test_goals_are_not_stored() -> None:
    """The same goal for every draw would take away their variety."""
    plans = MemoryPlans()
    small = ScriptedModel("small", ["Square it.", "right"])
    await run(replace(stage(small), arms=(Arm(0.4, Planning(Role.GOAL, 0.8)),)), plans=plans)
    assert plans.plans == {}
    assert len(plans.solutions) == 1


async def test_bugs_of_a_judge_come_out() -> None:
    """What nobody expected is raised, and the stage's end is still told."""

    def broken(_drawn: tuple[Candidate, ...], _left: int) -> Ruling:
        raise ZeroDivisionError

    witness = Witness()
    with pytest.raises(ExceptionGroup) as raised:
        await solve(
            PROBLEM,
            (stage(ScriptedModel("small", ["x"])),),
            ScriptedJudge(broken),
            MemoryPlans(),
            witness,
        )
    assert raised.group_contains(ZeroDivisionError)
    assert witness.names[-1] == "StageLeft"


async def test_goal_is_not_inherited_where_there_is_none() -> None:
    """A first stage that would carry a goal on simply has none."""
    small = ScriptedModel("small", ["right"])
    await run(replace(stage(small), carry=Carry.GOAL | Carry.GUIDELINE | Carry.FAILURE))
    assert "Goal" not in small.calls[0].text


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
