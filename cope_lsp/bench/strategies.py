"""Strategies as data: a rulebook, and the stages that a task is solved by. The catalogue is at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.tasks import Rulebook
from cope_lsp.cascade import prompts
from cope_lsp.cascade.escalation import FIXED
from cope_lsp.cascade.presets import (
    GREEDY_FIRST,
    GUIDED,
    LARGE,
    SMALL,
    Terms,
    default,
    paper,
)
from cope_lsp.cascade.problem import Kind, Role
from cope_lsp.cascade.stages import (
    Arm,
    Batch,
    Carry,
    Planning,
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
    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.cascade.ports import Model

SAMPLES = 8
"""Draws of a stage, as in the paper."""

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


def plain(cast: Cast, *, draws: int, temperature: float = 0.4) -> Stage:
    """Draws of the small model without a plan, in the paper's words, all of them."""
    return Stage(
        SMALL,
        cast.small,
        (Arm(temperature),) * draws,
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


def _paper(cast: Cast) -> tuple[Stage, ...]:
    return paper(cast.small, cast.large, SAMPLES, cast.kind)


def _paper_bare_end(cast: Cast) -> tuple[Stage, ...]:
    return bare(_paper(cast))


def _paper_without_goals(cast: Cast) -> tuple[Stage, ...]:
    first, *others = bare(_paper(cast))
    unplanned = replace(first, arms=(Arm(0.4),) * SAMPLES)
    return (unplanned, *(replace(stage, carry=stage.carry & ~Carry.GOAL) for stage in others))


def _ours(cast: Cast) -> tuple[Stage, ...]:
    """The default preset; votes and perplexities are no probabilities, and keep the paper's thresholds."""
    if cast.kind is Kind.CODE:
        return default(cast.small, cast.large, Terms(SAMPLES))
    return tuple(_ours_by_vote(stage) for stage in _paper(cast))


def _ours_by_vote(stage: Stage) -> Stage:
    checked = replace(stage, style=prompts.SHARED, batch=Batch.ADAPTIVE, width=1)
    mixed = tuple(arm if number % 2 else Arm(0.8) for number, arm in enumerate(stage.arms))
    return replace(checked, arms=mixed) if stage.name == SMALL else checked


def bare(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The same, with the large model asked for the bare problem's guideline and solution only."""
    return tuple(_bare(stage) for stage in stages)


def _bare(stage: Stage) -> Stage:
    if stage.name == LARGE:
        return replace(stage, carry=Carry.NOTHING, repairs=())
    return replace(stage, carry=stage.carry & ~Carry.FAILURE) if stage.name == GUIDED else stage


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


_CODE_WITHOUT_TESTS = replace(
    prompts.SHARED, wordings={**prompts.SHARED.wordings, Kind.CODE: prompts.SHARED.wordings[Kind.TEXT]}
)


def _no_tests(stage: Stage) -> Stage:
    return replace(stage, style=_CODE_WITHOUT_TESTS, tests_pay=never)


def _all_with_goals(stage: Stage) -> Stage:
    goal = Arm(0.4, Planning(Role.GOAL, 0.8))
    return replace(stage, arms=(goal,) * stage.samples) if stage.name == SMALL else stage


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
        replace(stage, accept=fixed, draw_on=always, agree_on=while_possible, doubt_on=believe)
        for stage in stages
    )


def _voted(cast: Cast, *, arms: tuple[Arm, ...], tau: float) -> tuple[Stage, ...]:
    small = replace(
        plain(cast, draws=len(arms)),
        arms=arms,
        accept=partial(at_least, tau),
        planner=cast.small,
    )
    return (small, large_once(cast))


_GOAL_ARM = Arm(0.4, Planning(Role.GOAL, 0.8))
MOT_ARMS = (Arm(0.4),) * 4 + (_GOAL_ARM,) * 4
"""MoT's two representations of a problem (2310.03094), as many draws of each, at its temperature: there
reasoning in words and in a program, here after a goal of its own and without one."""

MOT_TAU = 0.6
"""Least share of the votes; its authors find the balance between 0.5 and 0.6."""

ABC_ARMS = (Arm(GREEDY_FIRST), Arm(0.4), _GOAL_ARM)
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
    Strategy("paper", "COPE to the letter", Rulebook.PAPER, _paper),
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
