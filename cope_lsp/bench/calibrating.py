"""Rates and thresholds of the user's own models, fitted to attempts; fixed where these say too little."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from math import fsum
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from cope_lsp.bench.ballots import LARGE_ALONE, VOTED, ballots, cheapest_bar
from cope_lsp.bench.tallies import Turn
from cope_lsp.cascade.escalation import FIXED, Rates
from cope_lsp.cascade.presets import GUIDED, LARGE, SMALL
from cope_lsp.cascade.problem import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.tallies import Tally
    from cope_lsp.cascade.escalation import Worth

T = TypeVar("T")
Array: TypeAlias = NDArray[np.float64]

ENOUGH = 30
"""Problems below which nothing is fitted: a share of thirty is known to nine points."""

GRID: Array = np.exp(np.linspace(-2.5, 2.5, 101))
"""Pseudo-counts that are tried: from 0.08 to 12, five hundredths of the logarithm apart."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What fits one kind of task in one language; code has rates, the other kinds have a bar.

    `bar` is the confidence above which the first stage accepts: a share of votes, or the inverse of a
    perplexity. `problems` says how many problems spoke for each value; it is fitted where these are `ENOUGH`.
    """

    kind: Kind
    language: str = ""
    rates: Rates = FIXED
    bar: float | None = None
    problems: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def fitted(self) -> tuple[str, ...]:
        """Names of the values that are fitted."""
        return tuple(name for name, problems in self.problems.items() if problems >= ENOUGH)


def fits(attempts: Iterable[Attempt], languages: Mapping[str, str], worth: Worth) -> tuple[Fit, ...]:
    """A fit for each kind of task and language; `languages` names those of tasks that have one."""
    groups: dict[tuple[Kind, str], list[Attempt]] = {}
    for each in attempts:
        groups.setdefault((each.kind, languages.get(each.task, "")), []).append(each)
    return tuple(
        replace(fit(group, kind, worth), language=language)
        for (kind, language), group in sorted(groups.items())
    )


def fit(attempts: Sequence[Attempt], kind: Kind, worth: Worth) -> Fit:
    """The fit for attempts at one kind of task; those that wait for answers say nothing."""
    known = [each for each in attempts if each.right is not None]
    return _rated(known) if kind is Kind.CODE else _barred(known, kind, worth)


def likeliest(turns: Sequence[Turn]) -> tuple[float, float]:
    """The beta distribution's pseudo-counts under which the turns are likeliest, on a grid."""
    yes = Counter(turn.yes for turn in turns if turn.does)
    no = Counter(turn.no for turn in turns if not turn.does)
    both = Counter(turn.yes + turn.no for turn in turns)
    some, others = GRID[:, None], GRID[None, :]
    likelihood = _logs(yes, some) + _logs(no, others) - _logs(both, some + others)
    best = np.unravel_index(int(np.argmax(likelihood)), likelihood.shape)
    return round(float(GRID[best[0]]), 3), round(float(GRID[best[1]]), 3)


def share(seen: Sequence[float]) -> float:
    """A chance from outcomes; never 0 or 1, because no number of them leaves no doubt."""
    return (sum(seen) + 0.5) / (len(seen) + 1)


def mean(seen: Sequence[float]) -> float:
    """A price, or seconds."""
    return fsum(seen) / len(seen)


@dataclass(frozen=True, slots=True)
class _Reading(Generic[T]):
    """How a value is read: off attempts of the first of `strategies` that tells enough, by `each`."""

    strategies: tuple[str, ...]
    each: Callable[[Attempt], Iterable[T]]


def _rated(attempts: Sequence[Attempt]) -> Fit:
    values: dict[str, float] = {}
    problems: dict[str, int] = {}
    for names, reading in _CHANCES.items():
        count, turns = _read(attempts, reading)
        problems |= dict.fromkeys(names, count)
        if count >= ENOUGH:
            values |= zip(names, likeliest(turns), strict=True)
    for name, (summary, reading) in _NUMBERS.items():
        problems[name], seen = _read(attempts, reading)
        if problems[name] >= ENOUGH:
            values[name] = summary(seen)
    return Fit(Kind.CODE, rates=replace(FIXED, **values), problems=problems)


def _barred(attempts: Sequence[Attempt], kind: Kind, worth: Worth) -> Fit:
    found = ballots(attempts, worth)
    count = len({each.task for each in found})
    return Fit(kind, bar=cheapest_bar(found, worth) if count >= ENOUGH else None, problems={"bar": count})


def _read(attempts: Sequence[Attempt], reading: _Reading[T]) -> tuple[int, list[T]]:
    """How many problems told something, and what they told."""
    most: tuple[int, list[T]] = (0, [])
    for name in reading.strategies:
        told = [(made.task, list(reading.each(made))) for made in attempts if made.strategy == name]
        count = len({task for task, items in told if items})
        if count > most[0]:
            most = count, [item for _, items in told for item in items]
        if count >= ENOUGH:
            break
    return most


def _logs(counts: Counter[int], grid: Array) -> Array:
    """Sum of the logarithms of what was counted plus the grid's pseudo-counts."""
    return sum((times * np.log(grid + count) for count, times in counts.items()), np.zeros_like(grid))


def _at(stage: str, made: Attempt) -> list[Tally]:
    return [tally for tally in made.tallies if tally.stage == stage]


def _passes(made: Attempt) -> list[Turn]:
    """Turns of the local draws; in which order they passed says nothing."""
    return [
        turn
        for tally in _at(SMALL, made)
        for turn in (
            *(Turn(before, 0, does=True) for before in range(tally.passed)),
            *(Turn(tally.passed, before, does=False) for before in range(tally.draws - tally.passed)),
        )
    ]


def _joins(made: Attempt) -> list[Turn]:
    return [turn for tally in _at(SMALL, made) for turn in tally.joins]


def _accepted(stage: str) -> Callable[[Attempt], list[float]]:
    return lambda made: [float(tally.accepted) for tally in _at(stage, made)]


def _right(stage: str) -> Callable[[Attempt], list[float]]:
    return lambda made: [float(made.right is True) for tally in _at(stage, made) if tally.accepted]


def _repaired(made: Attempt) -> list[float]:
    return [float(tally.repaired) for tally in _at(LARGE, made) if tally.repaired is not None]


def _guideline_usd(made: Attempt) -> list[float]:
    plans = [tally.guideline for tally in _at(GUIDED, made)]
    return [plan.cost_usd for plan in plans if plan is not None and plan.cost_usd is not None]


def _guideline_s(made: Attempt) -> list[float]:
    """Seconds that are 0 were not measured."""
    plans = [tally.guideline for tally in _at(GUIDED, made)]
    return [plan.seconds for plan in plans if plan is not None and plan.seconds]


def _guided_draws_s(made: Attempt) -> list[float]:
    return [tally.drawn.seconds for tally in _at(GUIDED, made) if tally.drawn.seconds]


def _solution_usd(made: Attempt) -> list[float]:
    return [] if made.large.cost_usd is None else [made.large.cost_usd]


def _solution_s(made: Attempt) -> list[float]:
    return [made.large.seconds] if made.large.seconds else []


_AT_ONCE = "without 2 adaptive draws"
_LADDERS = ("without 8 escalation as a decision", "paper")
_OURS = ("ours", "ours, bare large")
_REPAIRED = ("ours", "large + gate + repair")

_CHANCES: Mapping[tuple[str, str], _Reading[Turn]] = {
    ("hits", "misses"): _Reading((_AT_ONCE, VOTED), _passes),
    ("agree", "differ"): _Reading((_AT_ONCE,), _joins),
}
"""`tests_settle` stays fixed: no attempt tells what a stage would have come to without its tests."""

_NUMBERS: Mapping[str, tuple[Callable[[Sequence[float]], float], _Reading[float]]] = {
    "accepted_guided": (share, _Reading(_LADDERS, _accepted(GUIDED))),
    "right_guided": (share, _Reading(_LADDERS, _right(GUIDED))),
    "accepted_large": (share, _Reading(_OURS, _accepted(LARGE))),
    "right_large": (share, _Reading(_OURS, _right(LARGE))),
    "repaired_large": (share, _Reading(_REPAIRED, _repaired)),
    "guideline_usd": (mean, _Reading(_LADDERS, _guideline_usd)),
    "guideline_s": (mean, _Reading(_LADDERS, _guideline_s)),
    "guided_draws_s": (mean, _Reading(_LADDERS, _guided_draws_s)),
    "solution_usd": (mean, _Reading((LARGE_ALONE,), _solution_usd)),
    "solution_s": (mean, _Reading((LARGE_ALONE,), _solution_s)),
}

SOURCES = tuple(dict.fromkeys((LARGE_ALONE, VOTED, _AT_ONCE, *_LADDERS, *_OURS, *_REPAIRED)))
"""Strategies whose attempts are read."""
