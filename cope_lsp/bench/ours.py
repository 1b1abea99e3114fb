"""Our own strategies, and each of our changes to the paper switched off alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cope_lsp.bench.strategies import GOAL_ARM, SAMPLES, WITHOUT_TESTS, Strategy, bare, papers
from cope_lsp.bench.tasks import Rulebook
from cope_lsp.cascade import prompts
from cope_lsp.cascade.escalation import FIXED
from cope_lsp.cascade.presets import LARGE, SMALL, Terms, default
from cope_lsp.cascade.problem import Kind
from cope_lsp.cascade.stages import (
    Arm,
    Batch,
    Stage,
    always,
    at_least,
    believe,
    known,
    never,
    passed,
    while_possible,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.bench.strategies import Cast


def _ours(cast: Cast) -> tuple[Stage, ...]:
    """The default preset; votes and perplexities are no probabilities, and keep the paper's thresholds."""
    if cast.kind is Kind.CODE:
        return default(cast.small, cast.large, Terms(SAMPLES))
    return tuple(_ours_by_vote(stage) for stage in papers(cast))


def _ours_by_vote(stage: Stage) -> Stage:
    checked = replace(stage, style=prompts.SHARED, batch=Batch.ADAPTIVE, width=1)
    mixed = tuple(arm if number % 2 else Arm(0.8) for number, arm in enumerate(stage.arms))
    return replace(checked, arms=mixed) if stage.name == SMALL else checked


def _ours_bare(cast: Cast) -> tuple[Stage, ...]:
    return bare(_ours(cast))


def _changed(cast: Cast, change: Callable[[Stage], Stage]) -> tuple[Stage, ...]:
    return tuple(change(stage) for stage in _ours_bare(cast))


def _paying_for_doubt(stage: Stage) -> Stage:
    return replace(stage, escalate=known)


def _any_pass(stage: Stage) -> Stage:
    return replace(
        stage,
        accept=passed,
        agree_on=while_possible,
        doubt_on=believe,
        tests_pay=never,
    )


def _all_at_once(stage: Stage) -> Stage:
    return replace(stage, batch=Batch.AT_ONCE, width=max(1, stage.samples)) if stage.name != LARGE else stage


def _no_failures(stage: Stage) -> Stage:
    return replace(stage, repairs=(), checked=stage.name != LARGE)


def _no_tests(stage: Stage) -> Stage:
    return replace(stage, style=WITHOUT_TESTS, tests_pay=never)


def _all_with_goals(stage: Stage) -> Stage:
    return replace(stage, arms=(GOAL_ARM,) * stage.samples) if stage.name == SMALL else stage


def _papers_words(stage: Stage) -> Stage:
    return replace(stage, style=prompts.PAPER, tests_pay=never)


LADDER_BAR = 0.9
"""Least confidence that the fixed ladder accepts in every stage."""


def _ladder(cast: Cast) -> tuple[Stage, ...]:
    """All three stages, each with its full number of draws and one bar: escalation without a decision."""
    free = replace(FIXED, guideline_usd=0.0, guideline_s=0.0, guided_draws_s=0.0)
    paying = replace(free, right_guided=free.right_large)
    stages = bare(default(cast.small, cast.large, Terms(SAMPLES, rates=paying)))
    fixed = partial(at_least, LADDER_BAR)
    return tuple(
        replace(
            stage,
            accept=fixed,
            escalate=known,
            draw_on=always,
            agree_on=while_possible,
            doubt_on=believe,
        )
        for stage in stages
    )


OURS: tuple[Strategy, ...] = (
    Strategy("ours", "the default preset", Rulebook.OURS, _ours),
    Strategy("ours, bare large", "no failure crosses to the large model", Rulebook.OURS, _ours_bare),
    Strategy(
        "ours, bare, doubt pays",
        "what passes and is not sure enough is paid for, too",
        Rulebook.OURS,
        partial(_changed, change=_paying_for_doubt),
    ),
)

ABLATIONS: tuple[Strategy, ...] = (
    Strategy(
        "without 1 ruling by execution",
        "any pass, at random",
        Rulebook.PAPER,
        partial(_changed, change=_any_pass),
    ),
    Strategy(
        "without 2 adaptive draws", "all at once", Rulebook.OURS, partial(_changed, change=_all_at_once)
    ),
    Strategy(
        "without 3 failures, checked end",
        "no repair, the end unchecked",
        Rulebook.OURS,
        partial(_changed, change=_no_failures),
    ),
    Strategy(
        "without 4 self-made tests", "nobody writes any", Rulebook.OURS, partial(_changed, change=_no_tests)
    ),
    Strategy(
        "without 5 draws without a plan",
        "every draw after a goal",
        Rulebook.OURS,
        partial(_changed, change=_all_with_goals),
    ),
    Strategy(
        "without 6 one stable prefix",
        "the paper's words",
        Rulebook.OURS,
        partial(_changed, change=_papers_words),
    ),
    Strategy("without 8 escalation as a decision", "a fixed ladder of three", Rulebook.OURS, _ladder),
    Strategy("+ 9 a question", "a user who knows is asked once", Rulebook.OURS, _ours_bare, consults=True),
)
"""Each of our changes off alone, over *ours, bare large*; 7 has its own workload, 9 needs somebody to ask."""
