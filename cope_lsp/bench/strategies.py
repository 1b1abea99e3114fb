"""Strategies as data: a rulebook, and the stages that a task is solved by; the paper's and its rivals'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.tasks import Rulebook
from cope_lsp.cascade import prompts
from cope_lsp.cascade.presets import (
    GREEDY_FIRST,
    GUIDED,
    LARGE,
    SMALL,
    paper,
)
from cope_lsp.cascade.problem import Kind, Role
from cope_lsp.cascade.stages import (
    Arm,
    Batch,
    Carry,
    Planning,
    Stage,
    at_least,
    known,
    passed,
)

if TYPE_CHECKING:
    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.cascade.ports import Model

SAMPLES = 8
"""Draws of a stage, as in the paper."""

GOAL_ARM = Arm(0.4, Planning(Role.GOAL, 0.8))
"""A draw after a goal of its own, at the paper's temperatures."""

WITHOUT_TESTS = replace(prompts.SHARED, wordings=dict.fromkeys(Kind, prompts.SHARED.wordings[Kind.TEXT]))
"""Our wording, but that no model is asked for tests."""

PAPERS_TAU = 0.75
"""Share of votes above which the paper's first stage accepts."""

History: TypeAlias = Mapping[str, Mapping[tuple[str, int], "Attempt"]]
"""What strategies came to before, by name, then by task and seed; trained rivals learn from other tasks'
rows."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in one attempt: the models, the task's name and kind, the seed, what is known by now."""

    small: Model
    large: Model
    task: str
    kind: Kind
    seed: int
    history: History


Stages: TypeAlias = Callable[[Cast], tuple[Stage, ...]]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to solve tasks. `after`: strategies whose attempts its own read; `consults`: a user is asked."""

    name: str
    words: str
    rulebook: Rulebook
    stages: Stages
    after: tuple[str, ...] = ()
    consults: bool = False


def plain(cast: Cast, *, draws: int) -> Stage:
    """Draws of the small model without a plan, in the paper's words, all of them."""
    return Stage(
        SMALL,
        cast.small,
        (Arm(0.4),) * draws,
        passed,
        prompts.PAPER,
        batch=Batch.AT_ONCE,
        width=draws,
        escalate=known,
    )


def small_once(cast: Cast) -> Stage:
    """The small model's one solution of the bare problem, as it comes."""
    return replace(plain(cast, draws=1), checked=False)


def large_once(cast: Cast) -> Stage:
    """The large model's one solution of the bare problem, as it comes."""
    return Stage(LARGE, cast.large, (Arm(0.0),), passed, prompts.PAPER, checked=False)


def _large_alone(cast: Cast) -> tuple[Stage, ...]:
    return (large_once(cast),)


def _large_gated(cast: Cast) -> tuple[Stage, ...]:
    """Any pass is accepted, as by the paper's gate, which tells nothing of a failure to whoever repairs."""
    gated = replace(large_once(cast), checked=True, repairs=(0.2,), batch=Batch.ADAPTIVE)
    return (gated,)


def _small_alone(cast: Cast) -> tuple[Stage, ...]:
    return (small_once(cast),)


def _small_gated(cast: Cast, *, draws: int) -> tuple[Stage, ...]:
    return (plain(cast, draws=draws),)


def _small_repaired(cast: Cast) -> tuple[Stage, ...]:
    return (replace(plain(cast, draws=1), batch=Batch.ADAPTIVE, width=1, repairs=(0.4,)),)


def papers(cast: Cast) -> tuple[Stage, ...]:
    """The paper's three stages, to the letter."""
    return paper(cast.small, cast.large, SAMPLES, cast.kind)


def _paper_bare_end(cast: Cast) -> tuple[Stage, ...]:
    return bare(papers(cast))


def _paper_without_goals(cast: Cast) -> tuple[Stage, ...]:
    first, *others = bare(papers(cast))
    unplanned = replace(first, arms=(Arm(0.4),) * SAMPLES)
    return (unplanned, *(replace(stage, carry=stage.carry & ~Carry.GOAL) for stage in others))


def bare(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The same, with the large model asked for the bare problem's guideline and solution only."""
    return tuple(_bare(stage) for stage in stages)


def _bare(stage: Stage) -> Stage:
    if stage.name == LARGE:
        return replace(stage, carry=Carry.NOTHING, repairs=())
    return replace(stage, carry=stage.carry & ~Carry.FAILURE) if stage.name == GUIDED else stage


def _voted(cast: Cast, *, arms: tuple[Arm, ...], tau: float) -> tuple[Stage, ...]:
    small = replace(
        plain(cast, draws=len(arms)),
        arms=arms,
        accept=partial(at_least, tau),
        planner=cast.small,
    )
    return (small, large_once(cast))


MOT_ARMS = (Arm(0.4),) * 4 + (GOAL_ARM,) * 4
"""MoT's two representations of a problem (2310.03094), as many draws of each, at its temperature: there
reasoning in words and in a program, here after a goal of its own and without one."""

MOT_TAU = 0.6
"""Least share of the votes; its authors find the balance between 0.5 and 0.6."""

ABC_ARMS = (Arm(GREEDY_FIRST), Arm(0.4), GOAL_ARM)
"""ABC's ensemble of three (2407.02348), which has three small models where a pair has one."""

ABC_TAU = 1.0
"""Its authors' default is unanimity; two of three is the other setting that they name."""

BASE: tuple[Strategy, ...] = (
    Strategy("large x1", "the large model's first solution", Rulebook.TAKEN, _large_alone),
    Strategy("large + gate + repair", "the fair rival: gated, one repair", Rulebook.OURS, _large_gated),
    Strategy("small x1", "the small model's first solution", Rulebook.TAKEN, _small_alone),
    Strategy(
        "small x8 + gate", "eight draws, any that passes", Rulebook.PAPER, partial(_small_gated, draws=8)
    ),
    Strategy(
        "small x16 + gate",
        "as many draws as two stages, no plan",
        Rulebook.PAPER,
        partial(_small_gated, draws=16),
    ),
    Strategy("small + repair", "one draw, gated, one repair", Rulebook.OURS, _small_repaired),
)

PAPERS: tuple[Strategy, ...] = (
    Strategy("paper", "COPE to the letter", Rulebook.PAPER, papers),
    Strategy("paper, bare end", "its third stage without the guideline", Rulebook.PAPER, _paper_bare_end),
    Strategy(
        "paper without goals", "no plan in its first stage, bare end", Rulebook.PAPER, _paper_without_goals
    ),
)

VOTES: tuple[Strategy, ...] = (
    Strategy(
        "MoT",
        "mixture of thought: agreement of two representations",
        Rulebook.AGREEMENT,
        partial(_voted, arms=MOT_ARMS, tau=MOT_TAU),
    ),
    Strategy(
        "ABC",
        "unanimity of an ensemble of three",
        Rulebook.AGREEMENT,
        partial(_voted, arms=ABC_ARMS, tau=ABC_TAU),
    ),
    Strategy(
        "ABC, two of three",
        "a majority of an ensemble of three",
        Rulebook.AGREEMENT,
        partial(_voted, arms=ABC_ARMS, tau=0.6),
    ),
)
