"""One stage at work: its plan, its draws, its repairs, and the one who knows.

Whatever a stage has when it is interrupted is kept: `hold` always leaves an outcome behind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.counsel import clocks_stopped
from cope_lsp.cascade.errors import MalformedReply, ModelError
from cope_lsp.cascade.events import PlanWritten, StageEntered, StageLeft
from cope_lsp.cascade.inheritance import failed_attempt, inherit
from cope_lsp.cascade.pace import asks_early, draws_on, is_decided, is_hopeless, may_ask, wants_tests
from cope_lsp.cascade.problem import Candidate, Plan, Role, Status, Usage
from cope_lsp.cascade.prompts import parse_plan, render_plan, render_repair, render_solution, render_tests
from cope_lsp.cascade.sitting import ask, chance, note, open_sitting, outcome_of, rule, submit
from cope_lsp.cascade.stages import TESTS, Batch

if TYPE_CHECKING:
    from cope_lsp.cascade.outcome import StageOutcome
    from cope_lsp.cascade.problem import Completion, Problem
    from cope_lsp.cascade.sitting import Case, Sitting
    from cope_lsp.cascade.stages import Arm, Planning, Stage


async def hold(case: Case, stage: Stage, outcomes: list[StageOutcome]) -> None:
    """Run one stage and append its outcome, also when it is interrupted."""
    case.observe(StageEntered(stage.name, stage.samples))
    sitting = open_sitting(case, stage, inherit(stage, outcomes, chance(case, stage, "inheritance")))
    try:
        with anyio.move_on_after(stage.deadline_s) as limit:
            await _sit(sitting, limit)
            sitting.interrupted = ""
        if limit.cancelled_caught:
            sitting.interrupted = f"out of time after {stage.deadline_s:g} s"
    finally:
        outcome = outcome_of(sitting)
        outcomes.append(outcome)
        case.observe(StageLeft(stage.name, outcome.accepted, outcome.reason))


def plan_key(problem: Problem, role: Role, planner: str) -> str:
    """Name under which a plan for `problem` is stored; empty where nothing is stored."""
    return f"{problem.key}/{role}/{planner}" if problem.key else ""


async def _sit(sitting: Sitting, limit: anyio.CancelScope) -> None:
    if sitting.stage.plan is not None:
        try:
            sitting.plan = await _shared_plan(sitting, sitting.stage.plan)
        except ModelError as error:
            note(sitting, error)
            return
    async with anyio.create_task_group() as sitting.beside:
        await _draw_and_repair(sitting)
        if await _was_told(sitting, limit):
            await _draw_and_repair(sitting)
        sitting.beside.cancel_scope.cancel()


async def _draw_and_repair(sitting: Sitting) -> None:
    await _draw(sitting)
    await _repair(sitting)


async def _draw(sitting: Sitting) -> None:
    if sitting.stage.batch is Batch.ADAPTIVE and not sitting.candidates and sitting.arms:
        await _draw_one(sitting, *sitting.arms.popleft())
    async with anyio.create_task_group() as group:
        sitting.draws = group.cancel_scope
        for _ in range(sitting.stage.width):
            group.start_soon(_keep_drawing, sitting)


async def _keep_drawing(sitting: Sitting) -> None:
    while True:
        if wants_tests(sitting):
            await _ask_for_tests(sitting)
        elif draws_on(sitting):
            await _draw_one(sitting, *sitting.arms.popleft())
        else:
            break
        if asks_early(sitting):
            _start_asking(sitting)
    if is_decided(sitting):
        _end_draws(sitting)


def _end_draws(sitting: Sitting) -> None:
    if sitting.draws is not None:
        sitting.draws.cancel()


async def _draw_one(sitting: Sitting, number: int, arm: Arm) -> None:
    sitting.drawing += 1
    try:
        await _drawn(sitting, number, arm)
    except ModelError as error:
        note(sitting, error)
    finally:
        sitting.drawing -= 1


async def _drawn(sitting: Sitting, number: int, arm: Arm) -> None:
    case, stage, inherited = sitting.case, sitting.stage, sitting.inherited
    plan = sitting.plan
    if arm.plan is not None:
        plan = await _write_plan(sitting, arm.plan, f"plan {number}")
    plans = inherited.plans if plan is None else (*inherited.plans, plan)
    failed = inherited.failed if stage.plan is None else None
    prompt = render_solution(stage.style, case.problem, plans, failed)
    completion = await ask(sitting, stage.executor, prompt, arm.temperature, f"draw {number}")
    await submit(sitting, _candidate(sitting, completion, plans[-1] if plans else None))


async def _repair(sitting: Sitting) -> None:
    while sitting.repairs:
        failed = failed_attempt(outcome_of(sitting), sitting.stage.disclosure)
        if failed is None or is_hopeless(sitting):
            return
        number, temperature = len(sitting.stage.repairs) - len(sitting.repairs), sitting.repairs.popleft()
        prompt = render_repair(sitting.stage.style, sitting.case.problem, failed)
        try:
            completion = await ask(sitting, sitting.stage.executor, prompt, temperature, f"repair {number}")
        except ModelError as error:
            note(sitting, error)
            return
        if not sitting.arms:
            sitting.arms.extend(enumerate(sitting.stage.confirming, start=len(sitting.stage.arms)))
        repaired = _candidate(sitting, completion, failed.candidate.plan)
        await submit(sitting, replace(repaired, repairs=failed.candidate))
        if sitting.ruling is not None and sitting.ruling.status is not Status.FAIL:
            await _draw(sitting)


async def _ask_for_tests(sitting: Sitting) -> None:
    sitting.tests_asked = True
    stage, case = sitting.stage, sitting.case
    try:
        completion = await ask(
            sitting, stage.executor, render_tests(stage.style, case.problem), TESTS, "tests"
        )
    except ModelError as error:
        note(sitting, error)
        return
    await case.judge.suppose((completion.text,))
    rule(sitting, sitting.drawing)


def _start_asking(sitting: Sitting) -> None:
    if sitting.beside is not None:
        sitting.asking = anyio.Event()
        sitting.beside.start_soon(_ask_the_user, sitting, sitting.asking)


async def _ask_the_user(sitting: Sitting, done: anyio.Event) -> None:
    try:
        heard = await sitting.case.counsel.hear(sitting.trial) if sitting.trial is not None else None
        if heard is not None:
            await sitting.case.judge.heed(*heard)
            sitting.heard = True
            rule(sitting, sitting.drawing)
            if is_decided(sitting):
                _end_draws(sitting)
        elif sitting.case.counsel.is_open:
            sitting.asking = None  # there was nothing to ask yet
    finally:
        done.set()


async def _was_told(sitting: Sitting, limit: anyio.CancelScope) -> bool:
    """Whether the one who knows has said something that may change the stage's outcome."""
    if may_ask(sitting):
        _start_asking(sitting)
    if sitting.asking is None or sitting.ruling is None or _is_accepted(sitting):
        return False
    patience, pays = sitting.case.patience, sitting.stage.escalate(sitting.ruling)
    seconds = patience.before_paying_s if pays else patience.at_the_end_s
    with clocks_stopped((*sitting.case.limits, limit)), anyio.move_on_after(seconds):
        await sitting.asking.wait()
    return sitting.heard and not _is_accepted(sitting)


def _is_accepted(sitting: Sitting) -> bool:
    return sitting.ruling is not None and sitting.stage.accept(sitting.ruling)


async def _shared_plan(sitting: Sitting, planning: Planning) -> Plan:
    case, stage = sitting.case, sitting.stage
    key = plan_key(case.problem, planning.role, (stage.planner or stage.executor).name)
    stored = await case.plans.get(key) if key else None
    if stored is None:
        plan = await _write_plan(sitting, planning, "plan")
    else:
        plan = replace(stored, usage=Usage())
        case.observe(PlanWritten(stage.name, plan, cached=True))
    if plan.tests and stage.style.asks_tests(case.problem):
        await case.judge.suppose(plan.tests)
    return plan


async def _write_plan(sitting: Sitting, planning: Planning, purpose: str) -> Plan:
    case, stage = sitting.case, sitting.stage
    planner = stage.planner or stage.executor
    prompt = render_plan(stage.style, case.problem, planning.role, sitting.inherited.failed)
    completion = await ask(sitting, planner, prompt, planning.temperature, purpose)
    text, tests = parse_plan(completion.text)
    if not text:
        raise MalformedReply(f"{planner.name} replied with an empty plan.")
    plan = Plan(text, planning.role, planner.name, tests, completion.usage)
    case.observe(PlanWritten(stage.name, plan, cached=False))
    return plan


def _candidate(sitting: Sitting, completion: Completion, plan: Plan | None) -> Candidate:
    return Candidate(
        completion.text,
        sitting.stage.executor.name,
        sitting.stage.name,
        plan,
        logprob=completion.logprob,
        truncated=completion.truncated,
        usage=completion.usage,
    )
