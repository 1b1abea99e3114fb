"""What a solve keeps for the next one, and what it takes up."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from cope_lsp.cascade.errors import ModelTimeout
from cope_lsp.cascade.events import PlanWritten
from cope_lsp.cascade.problem import (
    Candidate,
    Plan,
    Remembered,
    Role,
    Ruling,
    Status,
    Usage,
)
from cope_lsp.cascade.solve import RECALL, End, solve
from cope_lsp.cascade.stages import Arm, Carry, Planning, at_least
from tests.support.scripted import MemoryPlans, ScriptedJudge, ScriptedModel, Witness, right, unknown
from tests.support.staged import PROBLEM, guided, run, stage

STALE = Remembered(Candidate("stale", "small"), 0.95)
TIMEOUT = ModelTimeout("small said nothing for 300 s.")


def lone(candidates: tuple[Candidate, ...], _remaining: int) -> Ruling:
    """Rule as the judge does of a draw that passes alone: a pass, not sure enough."""
    return Ruling(0.8, Status.PASS, candidates[0], candidates)


async def test_accepted_solution_is_remembered_and_judged_before_any_draw() -> None:
    """The second time no model is called, but the judge is."""
    plans, judge = MemoryPlans(), ScriptedJudge(right("right"))
    small = ScriptedModel("small", ["right"])
    first = await run(stage(small), plans=plans)
    witness = Witness()
    second = await solve(PROBLEM, (stage(small),), judge, plans, witness)
    assert len(small.calls) == 1
    assert first.best is not None
    assert plans.solutions == {"what-was-asked": Remembered(first.best, 0.99)}
    assert [outcome.stage for outcome in second.outcomes] == [RECALL]
    assert len(judge.trials) == 1
    assert second.end is End.ACCEPTED
    assert second.usage == Usage()
    assert witness.names == ["StageEntered", "CandidateDrawn", "Ruled", "StageLeft"]


async def test_recalled_solution_that_fails_today_is_drawn_anew() -> None:
    """A stored solution has no standing of its own; the new one replaces it."""
    plans = MemoryPlans(solutions={"what-was-asked": STALE})
    result = await run(stage(ScriptedModel("small", ["right"])), plans=plans)
    assert [outcome.stage for outcome in result.outcomes] == [RECALL, "small"]
    assert result.outcomes[0].reason == "the stored solution was judged again: fail"
    assert plans.solutions["what-was-asked"].candidate.text == "right"


async def test_what_passes_again_is_believed_as_it_was() -> None:
    """Draws that agreed with it cannot be counted again; one that passes alone would be below the bar."""
    plans = MemoryPlans(solutions={"what-was-asked": Remembered(Candidate("right", "small"), 0.95)})
    small = ScriptedModel("small", ["right"])
    careful = replace(stage(small), accept=partial(at_least, 0.9))
    result = await run(careful, judge=ScriptedJudge(lone), plans=plans)
    assert [outcome.stage for outcome in result.outcomes] == [RECALL]
    assert small.calls == []


async def test_what_was_sure_once_and_cannot_be_judged_today_is_drawn_anew() -> None:
    """Without a sandbox nothing passes, however sure it was."""
    plans = MemoryPlans(solutions={"what-was-asked": Remembered(Candidate("right", "small"), 0.95)})
    small = ScriptedModel("small", ["right"])
    careful = replace(stage(small), accept=partial(at_least, 0.9))
    result = await run(careful, judge=ScriptedJudge(unknown), plans=plans)
    assert [outcome.stage for outcome in result.outcomes] == [RECALL, "small"]
    assert result.end is End.UNVERIFIED


async def test_recalled_failure_alone_pays_for_nothing() -> None:
    """A stale solution is no proof that the local model fails."""
    plans = MemoryPlans(solutions={"what-was-asked": STALE})
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
