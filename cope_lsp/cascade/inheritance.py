"""What crosses from the stages before to the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Plan, Role, Status
from cope_lsp.cascade.prompts import Attempt
from cope_lsp.cascade.stages import Carry, Disclosure

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from cope_lsp.cascade.outcome import StageOutcome
    from cope_lsp.cascade.stages import Stage


@dataclass(frozen=True, slots=True)
class Inheritance:
    """Plans in the order in which they are told, and the failed attempt that is shown."""

    plans: tuple[Plan, ...] = ()
    failed: Attempt | None = None


def inherit(stage: Stage, outcomes: Sequence[StageOutcome], rng: random.Random) -> Inheritance:
    """Take from earlier outcomes what the stage carries over, where there is such a thing."""
    carry = stage.carry
    goals = _goals(outcomes) if Carry.GOAL in carry else ()
    guidelines = _guidelines(outcomes) if Carry.GUIDELINE in carry else ()
    attempts = _attempts(outcomes, stage.disclosure) if Carry.FAILURE in carry else ()
    goal = (rng.choice(goals),) if goals else ()
    return Inheritance((*goal, *guidelines[-1:]), attempts[-1] if attempts else None)


def failed_attempt(outcome: StageOutcome, disclosure: Disclosure) -> Attempt | None:
    """The outcome's best candidate with what may be told of its failure, if every candidate failed."""
    ruling, best = outcome.ruling, outcome.best
    if ruling is None or best is None or ruling.status is not Status.FAIL:
        return None
    told = ruling.feedback if disclosure is Disclosure.FULL else ruling.brief
    return Attempt(best, told) if told else None


def _goals(outcomes: Sequence[StageOutcome]) -> tuple[Plan, ...]:
    """The plans behind the majority's answer; all plans of the stage where nothing won."""
    if not outcomes:
        return ()
    latest, ruling = outcomes[-1], outcomes[-1].ruling
    agreed = ruling.group if ruling is not None and ruling.status is Status.PASS else ()
    behind = agreed or latest.candidates
    plans = (candidate.plan for candidate in behind)
    goals = (plan for plan in plans if plan is not None and plan.role is Role.GOAL)
    # In an order of their own: which of the draws came back first must not decide anything.
    return tuple(sorted(goals, key=lambda plan: plan.text))


def _guidelines(outcomes: Sequence[StageOutcome]) -> tuple[Plan, ...]:
    plans = (outcome.plan for outcome in outcomes)
    return tuple(plan for plan in plans if plan is not None and plan.role is Role.GUIDELINE)


def _attempts(outcomes: Sequence[StageOutcome], disclosure: Disclosure) -> tuple[Attempt, ...]:
    """Failed attempts, the best last; of equals the later."""
    ranked = sorted(outcomes, key=lambda outcome: outcome.standing)
    found = (failed_attempt(outcome, disclosure) for outcome in ranked)
    return tuple(attempt for attempt in found if attempt is not None)
