"""The state of one stage at work, and the few things that change it: a call, a candidate, a lesson."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cope_lsp.cascade.counsel import Counsel, Patience
from cope_lsp.cascade.errors import CallRefused, ModelError
from cope_lsp.cascade.events import CandidateDrawn, Ruled
from cope_lsp.cascade.outcome import StageOutcome
from cope_lsp.cascade.problem import Candidate, Plan, Status, Usage

if TYPE_CHECKING:
    import anyio
    from anyio.abc import TaskGroup

    from cope_lsp.cascade.events import Observer
    from cope_lsp.cascade.inheritance import Inheritance
    from cope_lsp.cascade.ports import Judge, Model, PlanStore, Trial
    from cope_lsp.cascade.problem import Completion, Problem, Prompt, Ruling
    from cope_lsp.cascade.stages import Arm, Stage


@dataclass(frozen=True, slots=True)
class Case:
    """What every stage of one solve works with; `limits` are the deadlines that bound it."""

    problem: Problem
    judge: Judge
    plans: PlanStore
    observe: Observer
    seed: int
    counsel: Counsel = field(default_factory=Counsel)
    patience: Patience = field(default_factory=Patience)
    limits: tuple[anyio.CancelScope, ...] = ()
    refused: dict[int, CallRefused] = field(default_factory=dict[int, CallRefused])
    """What our own side refused, by the model's identity: in one solve it is not asked twice."""


@dataclass(slots=True)
class Sitting:
    """One stage of one solve. `arms` are the draws still to be made, `drawing` those under way.

    `judged` counts all that was judged. `beside` runs what goes on beside the draws, `draws` ends them;
    `asking` is set once the one who knows is not waited for any more, `heard` once they answered.
    """

    case: Case
    stage: Stage
    inherited: Inheritance
    trial: Trial | None
    arms: deque[tuple[int, Arm]]
    repairs: deque[float]
    plan: Plan | None = None
    candidates: list[Candidate] = field(default_factory=list[Candidate])
    judged: int = 0
    drawing: int = 0
    ruling: Ruling | None = None
    tests_asked: bool = False
    errors: list[ModelError] = field(default_factory=list[ModelError])
    errors_in_a_row: int = 0
    usage: Usage = field(default_factory=Usage)
    interrupted: str = "interrupted"
    beside: TaskGroup | None = None
    draws: anyio.CancelScope | None = None
    asking: anyio.Event | None = None
    heard: bool = False


def open_sitting(case: Case, stage: Stage, inherited: Inheritance) -> Sitting:
    """A stage before its first call."""
    trial = case.judge.open(case.problem) if stage.checked else None
    return Sitting(case, stage, inherited, trial, deque(enumerate(stage.arms)), deque(stage.repairs))


async def ask(sitting: Sitting, model: Model, prompt: Prompt, temperature: float, purpose: str) -> Completion:
    """Call a model. Raises: ModelError; what our own side refused once is not asked again."""
    refused = sitting.case.refused
    if id(model) in refused:
        raise refused[id(model)]
    seed = chance(sitting.case, sitting.stage, purpose).getrandbits(31)
    try:
        completion = await model.complete(prompt, temperature=temperature, seed=seed)
    except CallRefused as error:
        refused[id(model)] = error
        raise
    sitting.usage += completion.usage
    sitting.errors_in_a_row = 0
    return completion


async def submit(sitting: Sitting, candidate: Candidate) -> None:
    """Put a candidate before the judge, where the stage has one."""
    sitting.candidates.append(candidate)
    sitting.case.observe(CandidateDrawn(sitting.stage.name, len(sitting.candidates), candidate))
    if sitting.trial is None:
        return
    await sitting.trial.add(candidate)
    sitting.judged += 1
    rule(sitting, max(0, sitting.drawing - 1))


def rule(sitting: Sitting, in_flight: int) -> None:
    """Have the judge rule again, after a candidate or a lesson; `in_flight` other draws are under way."""
    if sitting.trial is None or not sitting.judged:
        return
    sitting.ruling = sitting.trial.rule(len(sitting.arms) + in_flight)
    sitting.case.observe(Ruled(sitting.stage.name, sitting.judged, sitting.ruling))


def note(sitting: Sitting, error: ModelError) -> None:
    """Keep a failed call in mind."""
    sitting.errors.append(error)
    sitting.errors_in_a_row += 1


def outcome_of(sitting: Sitting) -> StageOutcome:
    """What the stage has come to so far."""
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


def chance(case: Case, stage: Stage, purpose: str) -> random.Random:
    """A source of chance that depends on nothing but the seed, the stage and the purpose."""
    return random.Random(f"{case.seed}/{stage.name}/{purpose}")  # noqa: S311 -- samples, no secrets


def _reason(sitting: Sitting) -> str:
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
