"""The cascade: stage after stage, until one accepts or there is no reason to go on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.counsel import Counsel, Patience
from cope_lsp.cascade.drawing import hold, plan_key
from cope_lsp.cascade.events import CandidateDrawn, Ruled, StageEntered, StageLeft
from cope_lsp.cascade.outcome import End, Result, StageOutcome
from cope_lsp.cascade.problem import Remembered, Role, Status, Usage
from cope_lsp.cascade.sitting import Case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.cascade.events import Observer
    from cope_lsp.cascade.ports import Consult, Judge, PlanStore
    from cope_lsp.cascade.problem import Problem, Ruling
    from cope_lsp.cascade.stages import Stage

__all__ = ["RECALL", "End", "Options", "Result", "StageOutcome", "solve"]

RECALL = "recall"
"""Name of the outcome in which a stored solution is judged again."""


@dataclass(frozen=True, slots=True)
class Options:
    """Seed of all chance, seconds for the whole solve, and an event that means *show best now*.

    `consult` asks the one who knows, at most once, and is waited for as `patience` says; None: nobody is
    asked. The deadline stands still while nothing but an answer is waited for.
    """

    seed: int = 0
    deadline_s: float | None = None
    stop: anyio.Event | None = None
    consult: Consult | None = None
    patience: Patience = field(default_factory=Patience)


async def solve(
    problem: Problem,
    stages: Sequence[Stage],
    judge: Judge,
    plans: PlanStore,
    observe: Observer,
    options: Options | None = None,
) -> Result:
    """Run the stages, at least one, until a candidate is accepted.

    Only a ruling lets the next stage begin (`Stage.escalate`): neither UNKNOWN nor a model that fails
    before anything was judged buys anything. At the deadline, or when `stop` is set, the result holds
    all that came so far. Model errors are part of the result; cancelling ends all calls first.
    """
    options = options or Options()
    outcomes: list[StageOutcome] = []
    end = None
    limit = anyio.move_on_after(options.deadline_s)
    counsel = Counsel(options.consult)
    case = Case(problem, judge, plans, observe, options.seed, counsel, options.patience, (limit,))
    with limit:
        async with anyio.create_task_group() as group:
            if options.stop is not None:
                group.start_soon(_cancel_upon, options.stop, group.cancel_scope)
            end = await _climb(case, stages, outcomes)
            group.cancel_scope.cancel()
    if any(outcome.accepted for outcome in outcomes):
        await _keep(case, outcomes[-1])
        return Result(tuple(outcomes), End.ACCEPTED)
    return Result(tuple(outcomes), end or _interruption(options))


async def _climb(case: Case, stages: Sequence[Stage], outcomes: list[StageOutcome]) -> End:
    if await _recall(case, stages[0], outcomes):
        return End.ACCEPTED
    escalates = False
    for stage in stages:
        await hold(case, stage, outcomes)
        latest = outcomes[-1]
        if latest.accepted:
            return End.ACCEPTED
        if latest.candidates and not stage.checked:
            return End.UNCHECKED
        if latest.ruling is not None:
            escalates = stage.escalate(latest.ruling)
        if not escalates:
            break
    if not any(outcome.candidates for outcome in outcomes):
        return End.UNAVAILABLE
    return End.EXHAUSTED if escalates else End.UNVERIFIED


async def _recall(case: Case, first: Stage, outcomes: list[StageOutcome]) -> bool:
    """Judge the solution accepted last time, before anything is drawn."""
    stored = await case.plans.recall(case.problem.key) if case.problem.key else None
    if stored is None:
        return False
    candidate = replace(stored.candidate, stage=RECALL, usage=Usage())
    case.observe(StageEntered(RECALL, 1))
    case.observe(CandidateDrawn(RECALL, 1, candidate))
    trial = case.judge.open(case.problem)
    await trial.add(candidate)
    ruling = _as_sure_as_then(trial.rule(0), stored.confidence)
    case.observe(Ruled(RECALL, 1, ruling))
    accepted = first.accept(ruling)
    reason = "accepted" if accepted else f"the stored solution was judged again: {ruling.status}"
    outcomes.append(StageOutcome(RECALL, (candidate,), ruling, accepted, reason))
    case.observe(StageLeft(RECALL, accepted, reason))
    return accepted


def _as_sure_as_then(ruling: Ruling, then: float) -> Ruling:
    """What passes again is believed as it was: the draws that agreed with it are not there to be counted."""
    if ruling.status is not Status.PASS:
        return ruling
    return replace(ruling, confidence=max(ruling.confidence, then))


async def _keep(case: Case, accepted: StageOutcome) -> None:
    """Store the accepted solution, and the guideline that led to it; plans that led nowhere are not kept."""
    choice = accepted.best
    if not case.problem.key or accepted.stage == RECALL or choice is None:
        return
    sure = accepted.ruling.confidence if accepted.ruling is not None else 0.0
    await case.plans.remember(case.problem.key, Remembered(choice, sure))
    if choice.plan is not None and choice.plan.role is Role.GUIDELINE:
        key = plan_key(case.problem, Role.GUIDELINE, choice.plan.model)
        await case.plans.put(key, choice.plan)


async def _cancel_upon(event: anyio.Event, scope: anyio.CancelScope) -> None:
    await event.wait()
    scope.cancel()


def _interruption(options: Options) -> End:
    stopped = options.stop is not None and options.stop.is_set()
    return End.STOPPED if stopped else End.DEADLINE
