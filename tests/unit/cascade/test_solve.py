"""How a cascade goes on: what it draws, when it escalates, and what a failed call does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cope_lsp.cascade.errors import CallRefused, MalformedReply, ModelTimeout, ModelUnavailable
from cope_lsp.cascade.events import CandidateDrawn, Ruled, StageEntered, StageLeft
from cope_lsp.cascade.problem import (
    Candidate,
    Completion,
    Evidence,
    Role,
    Ruling,
    Status,
    Usage,
)
from cope_lsp.cascade.solve import End, solve
from cope_lsp.cascade.stages import Arm, Carry, Planning
from tests.support.scripted import MemoryPlans, ScriptedJudge, ScriptedModel, Witness, right, unknown
from tests.support.staged import PROBLEM, guided, run, stage

TIMEOUT = ModelTimeout("small said nothing for 300 s.")
REFUSED = CallRefused("The cap of $0.05 does not allow this call.", fix="Raise budget.per_request_usd.")


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
