"""A request becomes a solution."""

from __future__ import annotations

import secrets
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade import solve as cascade
from cope_lsp.cascade.errors import CopeError, ModelError, ModelMissing
from cope_lsp.cascade.presets import LARGE
from cope_lsp.cascade.problem import Message, Prompt, Status
from cope_lsp.code.context import Budget, Material, build_problem
from cope_lsp.code.judge import CodeJudge
from cope_lsp.code.judges import judge_of
from cope_lsp.code.rules import BRIEF, default_rule, paper_rule
from cope_lsp.engine.answer_kept import with_answer
from cope_lsp.engine.bench import surveyed
from cope_lsp.engine.cast import large_of, leave, stages_of
from cope_lsp.engine.conclusion import Tried, conclude, edited, evidence_line
from cope_lsp.engine.front import Ending, Front, Reach, Solved
from cope_lsp.engine.hearing import hearing, hooks
from cope_lsp.models.connect import pull_small
from cope_lsp.settings import Preset
from cope_lsp.storage.plan_store import NoPlans, shared_plans, workspace_plans
from cope_lsp.storage.statistics import RequestRecord, record

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine

    from cope_lsp.cascade.outcome import Result
    from cope_lsp.cascade.ports import PlanStore
    from cope_lsp.cascade.stages import Stage
    from cope_lsp.code.answers import Answer as UserSaid
    from cope_lsp.code.judges import PreparedJudge
    from cope_lsp.code.problem import CodeProblem, Request
    from cope_lsp.engine.bench import Surveyed
    from cope_lsp.engine.build import Engine
    from cope_lsp.engine.guard import Pass
    from cope_lsp.settings import Settings

_STATEMENT_SHARE = 0.5
"""Share of the small model's context that the statement may fill; the rest is for plans, failures, reply."""

_REPLY_TOKENS = 1024
_WORDING = 1000
"""Bytes that the cascade's own words take in a prompt, and more."""

_LARGE_CALLS = 2
"""Most calls that asking the large model makes: its solution and one repair."""


@dataclass(frozen=True, slots=True)
class _Solve:
    """One solve at work."""

    engine: Engine
    request: Request
    survey: Surveyed
    reach: Reach
    front: Front


async def solve(engine: Engine, request: Request, reach: Reach, front: Front) -> Solved:
    """Run the cascade for one request; never raises for what a user's machine can do wrong.

    Cancelling closes model connections and ends sandboxed processes before it returns.
    """
    front = front if front.job else replace(front, job=secrets.token_hex(8))
    started = time.monotonic()
    with hearing(front):
        try:
            async with surveyed(engine, request) as survey:
                solved, result = await _solved(_Solve(engine, request, survey, reach, front))
        except (CopeError, OSError) as error:
            solved, result = Solved(Ending.FAILED, f"{request.target.name}: {error}"), None
    await record(engine.stores.ledger, _row(request, front.job, solved, result, time.monotonic() - started))
    return solved


async def confirm(engine: Engine, solved: Solved, request: Request) -> Solved:
    """Judge a solution once more, on a newer snapshot: what it was judged by has changed."""
    if solved.candidate is None:
        return solved
    async with surveyed(engine, request) as survey:
        asked = _problem(engine.settings, request, survey)
        judge = judge_of(asked, survey.bench)
        if isinstance(judge, CodeJudge):
            judge.answer = solved.said
        trial = judge.open(asked.problem)
        await trial.add(solved.candidate)
        ruling = trial.rule(0)
        edit, problem = await edited(asked, survey, solved.candidate)
    name = request.target.name
    if edit is None:
        message = f"{name}: the project changed meanwhile, and the edit no longer fits: {problem}"
        return replace(solved, ending=Ending.NOTHING, message=message, edit=None)
    if ruling.status is not Status.PASS:
        found = evidence_line(ruling, solved.candidate) or ruling.status.value
        message = f"{name}: not verified: the project changed meanwhile ({found}). Nothing was changed."
        return replace(solved, ending=Ending.UNVERIFIED, message=message, edit=edit, confidence=0.0)
    return replace(solved, edit=edit, confidence=ruling.confidence)


async def _solved(this: _Solve) -> tuple[Solved, Result]:
    asked = _problem(this.engine.settings, this.request, this.survey)
    permission = leave(this.engine, this.front, this.request)
    stages = stages_of(this.engine, permission, this.reach)
    if stages[0].name != LARGE:
        with suppress(ModelError):  # the cascade meets the same error and tells it
            await _prepare(this)
    started = time.monotonic()
    rule = paper_rule if this.engine.settings.stages is Preset.PAPER else default_rule
    judge = judge_of(asked, this.survey.bench, rule)
    result = await _cascaded(this, asked, judge, stages)
    tried = Tried(asked, this.survey, result, time.monotonic() - started)
    solved = await conclude(tried, await _next_price(this.engine, permission, asked, result))
    said = judge.answer if isinstance(judge, CodeJudge) else None
    return await _with_what_was_said(tried, solved, said), result


async def _with_what_was_said(tried: Tried, solved: Solved, said: UserSaid | None) -> Solved:
    """The solution with the user's answer, to be kept as an example if they like."""
    if said is None or solved.edit is None or solved.ending is not Ending.ACCEPTED:
        return replace(solved, said=said)
    kept = await with_answer(tried.problem, tried.surveyed, solved.edit, said)
    return replace(solved, said=said, with_answer=kept)


async def _prepare(this: _Solve) -> None:
    """Load the small model; fetch it first where it is missing and the user wants that.

    One on another machine is told nothing before its first permitted call.
    """
    try:
        if await this.engine.small.destination() is not None:
            return
        await this.engine.small.prepare()
    except ModelMissing:
        if this.front.pull is None or not await this.front.pull(this.engine.small.name):
            raise
        await pull_small(this.engine.settings, hooks(this.engine.stores.sent))
        await this.engine.small.prepare()


async def _cascaded(
    this: _Solve, asked: CodeProblem, judge: PreparedJudge, stages: tuple[Stage, ...]
) -> Result:
    plans = _plans(this.engine, this.request)
    stop = anyio.Event()
    deadline_s = this.engine.settings.deadline_s
    options = cascade.Options(secrets.randbelow(2**31), deadline_s, stop, this.front.consult)
    enough = [partial(_relay, this.front.enough, stop)] if this.front.enough else []
    async with _beside(judge.prepare, *enough):
        return await cascade.solve(asked.problem, stages, judge, plans, this.front.observe, options)


@asynccontextmanager
async def _beside(*tasks: Callable[[], Coroutine[None, None, object]]) -> AsyncGenerator[None]:
    """Run tasks as long as the context lasts."""
    async with anyio.create_task_group() as group:
        for task in tasks:
            group.start_soon(task)
        yield
        group.cancel_scope.cancel()


async def _relay(enough: Callable[[], Awaitable[object]], stop: anyio.Event) -> None:
    await enough()
    stop.set()


def _problem(settings: Settings, request: Request, survey: Surveyed) -> CodeProblem:
    budget = Budget(int(settings.small.context * _STATEMENT_SHARE), _REPLY_TOKENS)
    return build_problem(request, Material(survey.readable, survey.tests), budget)


def _plans(engine: Engine, request: Request) -> PlanStore:
    """Untrusted workspaces and unsaved documents neither read nor write."""
    root = request.snapshot.root
    if root is None or not request.snapshot.trusted:
        return NoPlans()
    cache = engine.stores.plans
    return shared_plans(cache) if engine.settings.cache.shared else workspace_plans(cache, root)


async def _next_price(engine: Engine, permission: Pass, asked: CodeProblem, result: Result) -> float | None:
    """The most that asking the large model next can cost, where one is set and was not asked.

    Twice the dearer of its calls: a repair sends the problem again, with the first reply and its failure.
    """
    large = large_of(engine, permission)
    if large is None or any(outcome.stage == LARGE for outcome in result.outcomes):
        return None
    problem, budget = asked.problem, engine.settings.budget.per_request_usd
    room = " " * (problem.max_tokens + BRIEF + _WORDING)
    text = problem.statement + problem.reply_format + room
    prompt = Prompt((Message("system", problem.system), Message("user", text)), problem.max_tokens)
    with suppress(ModelError):
        worst = await large.worst_usd(prompt)
        return None if worst is None else min(budget, _LARGE_CALLS * worst)
    return None


def _row(request: Request, job: str, solved: Solved, result: Result | None, seconds: float) -> RequestRecord:
    outcomes = result.outcomes if result else ()
    return RequestRecord(
        id=job,
        kind=request.kind.value,
        language=request.language.id,
        ending=solved.ending.value,
        stage=solved.stage,
        seconds=seconds,
        samples=sum(len(outcome.candidates) for outcome in outcomes),
        input_tokens=solved.usage.input_tokens,
        output_tokens=solved.usage.output_tokens,
        cached_plan=any(outcome.plan is not None and not outcome.plan.usage.calls for outcome in outcomes),
        cached_solution=solved.stage == cascade.RECALL,
    )
