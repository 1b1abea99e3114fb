"""One stage at work: its plan, its draws, its repairs.

Whatever a stage has when it is interrupted is kept: `hold` always leaves an outcome behind.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.errors import CallRefused, MalformedReply, ModelError
from cope_lsp.cascade.events import CandidateDrawn, PlanWritten, Ruled, StageEntered, StageLeft
from cope_lsp.cascade.inheritance import Inheritance, failed_attempt, inherit
from cope_lsp.cascade.outcome import StageOutcome
from cope_lsp.cascade.problem import Candidate, Plan, Role, Status, Usage
from cope_lsp.cascade.prompts import parse_plan, render_plan, render_repair, render_solution
from cope_lsp.cascade.stages import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.cascade.events import Observer
    from cope_lsp.cascade.ports import Judge, Model, PlanStore, Trial
    from cope_lsp.cascade.problem import Completion, Problem, Prompt, Ruling
    from cope_lsp.cascade.stages import Arm, Planning, Stage

GIVE_UP_AFTER = 2
"""Failed calls in a row after which a stage stops asking."""

_BEFORE_TIMING = 2
"""Draws before their seconds are believed: the first one may have loaded the model."""


@dataclass(frozen=True, slots=True)
class Case:
    """What every stage of one solve works with."""

    problem: Problem
    judge: Judge
    plans: PlanStore
    observe: Observer
    seed: int
    refused: dict[int, CallRefused] = field(default_factory=dict[int, CallRefused])
    """What our own side refused, by the model's identity: in one solve it is not asked twice."""


async def hold(case: Case, stage: Stage, outcomes: list[StageOutcome]) -> None:
    """Run one stage and append its outcome, also when it is interrupted."""
    case.observe(StageEntered(stage.name, stage.samples))
    inherited = inherit(stage, outcomes, _rng(case, stage, "inheritance"))
    trial = case.judge.open(case.problem) if stage.checked else None
    sitting = _Sitting(case, stage, inherited, trial)
    try:
        with anyio.move_on_after(stage.deadline_s) as limit:
            await _work(sitting)
            sitting.interrupted = ""
        if limit.cancelled_caught:
            sitting.interrupted = f"out of time after {stage.deadline_s:g} s"
    finally:
        outcome = _outcome(sitting)
        outcomes.append(outcome)
        case.observe(StageLeft(stage.name, outcome.accepted, outcome.reason))


def plan_key(problem: Problem, role: Role, planner: str) -> str:
    """Name under which a plan for `problem` is stored; empty where nothing is stored."""
    return f"{problem.key}/{role}/{planner}" if problem.key else ""


@dataclass(slots=True)
class _Sitting:
    case: Case
    stage: Stage
    inherited: Inheritance
    trial: Trial | None
    plan: Plan | None = None
    candidates: list[Candidate] = field(default_factory=list[Candidate])
    judged: int = 0
    ruling: Ruling | None = None
    errors: list[ModelError] = field(default_factory=list[ModelError])
    errors_in_a_row: int = 0
    usage: Usage = field(default_factory=Usage)
    interrupted: str = "interrupted"


async def _work(sitting: _Sitting) -> None:
    if sitting.stage.plan is not None:
        try:
            sitting.plan = await _shared_plan(sitting, sitting.stage.plan)
        except ModelError as error:
            _note(sitting, error)
            return
    await _draw(sitting)
    await _repair(sitting)


async def _draw(sitting: _Sitting) -> None:
    arms = enumerate(sitting.stage.arms)
    if sitting.stage.batch is Batch.ADAPTIVE:
        await _draw_one(sitting, *next(arms))
    async with anyio.create_task_group() as group:
        for _ in range(sitting.stage.width):
            group.start_soon(_keep_drawing, sitting, arms, group.cancel_scope)


async def _keep_drawing(
    sitting: _Sitting, arms: Iterator[tuple[int, Arm]], others: anyio.CancelScope
) -> None:
    while _draws_on(sitting) and (pair := next(arms, None)) is not None:
        await _draw_one(sitting, *pair)
    if _decided(sitting):
        others.cancel()


def _draws_on(sitting: _Sitting) -> bool:
    if _decided(sitting) or _hopeless(sitting):
        return False
    if sitting.stage.batch is Batch.AT_ONCE or sitting.ruling is None:
        return True
    if sitting.ruling.status is not Status.FAIL or sitting.judged < _BEFORE_TIMING:
        return True
    draw_s = min(candidate.usage.seconds for candidate in sitting.candidates)
    return sitting.stage.draw_on(sitting.judged, draw_s)


def _decided(sitting: _Sitting) -> bool:
    stage, ruling = sitting.stage, sitting.ruling
    if ruling is None:
        return False
    return ruling.settled or (stage.batch is Batch.ADAPTIVE and stage.accept(ruling))


def _hopeless(sitting: _Sitting) -> bool:
    return sitting.errors_in_a_row >= GIVE_UP_AFTER


async def _draw_one(sitting: _Sitting, number: int, arm: Arm) -> None:
    case, stage, inherited = sitting.case, sitting.stage, sitting.inherited
    plan = sitting.plan
    try:
        if arm.plan is not None:
            plan = await _write_plan(sitting, arm.plan, f"plan {number}")
        plans = inherited.plans if plan is None else (*inherited.plans, plan)
        failed = inherited.failed if stage.plan is None else None
        prompt = render_solution(stage.style, case.problem, plans, failed)
        completion = await _ask(sitting, stage.executor, prompt, arm.temperature, f"draw {number}")
    except ModelError as error:
        _note(sitting, error)
        return
    await _submit(sitting, _candidate(sitting, completion, plans[-1] if plans else None))


async def _repair(sitting: _Sitting) -> None:
    for number, temperature in enumerate(sitting.stage.repairs):
        failed = failed_attempt(_outcome(sitting), sitting.stage.disclosure)
        if failed is None or _hopeless(sitting):
            return
        prompt = render_repair(sitting.stage.style, sitting.case.problem, failed)
        try:
            completion = await _ask(sitting, sitting.stage.executor, prompt, temperature, f"repair {number}")
        except ModelError as error:
            _note(sitting, error)
            return
        repaired = _candidate(sitting, completion, failed.candidate.plan)
        await _submit(sitting, replace(repaired, repairs=failed.candidate))


async def _shared_plan(sitting: _Sitting, planning: Planning) -> Plan:
    case, stage = sitting.case, sitting.stage
    key = plan_key(case.problem, planning.role, (stage.planner or stage.executor).name)
    stored = await case.plans.get(key) if key else None
    if stored is None:
        return await _write_plan(sitting, planning, "plan")
    plan = replace(stored, usage=Usage())
    case.observe(PlanWritten(stage.name, plan, cached=True))
    return plan


async def _write_plan(sitting: _Sitting, planning: Planning, purpose: str) -> Plan:
    case, stage = sitting.case, sitting.stage
    planner = stage.planner or stage.executor
    prompt = render_plan(stage.style, case.problem, planning.role, sitting.inherited.failed)
    completion = await _ask(sitting, planner, prompt, planning.temperature, purpose)
    text, tests = parse_plan(completion.text)
    if not text:
        raise MalformedReply(f"{planner.name} replied with an empty plan.")
    plan = Plan(text, planning.role, planner.name, tests, completion.usage)
    case.observe(PlanWritten(stage.name, plan, cached=False))
    return plan


async def _ask(
    sitting: _Sitting, model: Model, prompt: Prompt, temperature: float, purpose: str
) -> Completion:
    refused = sitting.case.refused
    if id(model) in refused:
        raise refused[id(model)]
    seed = _rng(sitting.case, sitting.stage, purpose).getrandbits(31)
    try:
        completion = await model.complete(prompt, temperature=temperature, seed=seed)
    except CallRefused as error:
        refused[id(model)] = error
        raise
    sitting.usage += completion.usage
    sitting.errors_in_a_row = 0
    return completion


async def _submit(sitting: _Sitting, candidate: Candidate) -> None:
    case, name = sitting.case, sitting.stage.name
    sitting.candidates.append(candidate)
    case.observe(CandidateDrawn(name, len(sitting.candidates), candidate))
    if sitting.trial is None:
        return
    await sitting.trial.add(candidate)
    sitting.judged += 1
    sitting.ruling = sitting.trial.rule(max(0, sitting.stage.samples - sitting.judged))
    case.observe(Ruled(name, sitting.judged, sitting.ruling))


def _candidate(sitting: _Sitting, completion: Completion, plan: Plan | None) -> Candidate:
    return Candidate(
        completion.text,
        sitting.stage.executor.name,
        sitting.stage.name,
        plan,
        logprob=completion.logprob,
        truncated=completion.truncated,
        usage=completion.usage,
    )


def _note(sitting: _Sitting, error: ModelError) -> None:
    sitting.errors.append(error)
    sitting.errors_in_a_row += 1


def _outcome(sitting: _Sitting) -> StageOutcome:
    ruling = sitting.ruling
    accepted = ruling is not None and sitting.stage.accept(ruling)
    return StageOutcome(
        sitting.stage.name,
        tuple(sitting.candidates),
        ruling,
        accepted,
        "accepted" if accepted else _reason(sitting),
        sitting.plan,
        tuple(sitting.errors),
        sitting.usage,
    )


def _reason(sitting: _Sitting) -> str:
    if sitting.interrupted:
        return sitting.interrupted
    if not sitting.candidates:
        return str(sitting.errors[0])
    if sitting.ruling is None:
        return "returned unchecked"
    if sitting.ruling.status is Status.FAIL:
        return f"all {len(sitting.candidates)} failed"
    if sitting.ruling.status is Status.PASS:
        return f"a confidence of {sitting.ruling.confidence:.2f} was not enough"
    return "nothing could be found out"


def _rng(case: Case, stage: Stage, purpose: str) -> random.Random:
    """A source of chance that depends on nothing but the seed, the stage and the purpose."""
    return random.Random(f"{case.seed}/{stage.name}/{purpose}")  # noqa: S311 -- samples, no secrets
