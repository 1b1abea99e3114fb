"""Differences between two strategies on the problems that both were measured on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cope_lsp.bench.measures import A_MILLION, expected_usd, seconds_of
from cope_lsp.bench.statistics import (
    by_problem,
    holm,
    mean_interval,
    mean_intervals,
    non_inferiority,
    sign_flip,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.measures import Yardstick
    from cope_lsp.bench.statistics import Interval, Values

SIGNIFICANT = 0.05
"""Greatest corrected p that shows a difference."""


class Measure(StrEnum):
    """What two strategies are compared by; money and expected cost are at the first price."""

    ACCURACY = "accuracy"
    MONEY = "money"
    EXPECTED = "expected cost"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Contrast:
    """A question that is named before the run: `first` minus `second`.

    With a margin it asks whether `first` is not worse than that; without one, whether they differ.
    """

    first: str
    second: str
    measure: Measure = Measure.ACCURACY
    margin: float = 0.0


class Verdict(StrEnum):
    """What a contrast shows about its first strategy."""

    BETTER = "better"
    WORSE = "worse"
    NOT_INFERIOR = "not inferior"
    NOT_SHOWN = "not shown"
    NOT_MEASURABLE = "not measurable"


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean difference over `problems` of the `tried` that both tried; None: measured together on none."""

    problems: int
    tried: int
    interval: Interval | None

    @property
    def missing(self) -> int:
        """Problems that need requests which nothing has answered."""
        return self.tried - self.problems


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a contrast: its own p, and that by Holm's correction over all primary contrasts."""

    contrast: Contrast
    difference: Difference
    p: float
    adjusted: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Ablation:
    """How a strategy differs from the one that it varies, by each measure."""

    strategy: str
    differences: Mapping[Measure, Difference]

    @property
    def measurable(self) -> bool:
        """Whether all problems were measured: those that were not are no random part."""
        return all(each.interval is not None and not each.missing for each in self.differences.values())


def findings(
    attempts: Sequence[Attempt], contrasts: Sequence[Contrast], yardstick: Yardstick
) -> tuple[Finding, ...]:
    """The primary contrasts, corrected together; one that cannot be measured counts with a p of 1."""
    paired = [_Paired.of(attempts, each.first, each.second) for each in contrasts]
    values = [
        pairs.values((each.measure,), yardstick).ravel()
        for pairs, each in zip(paired, contrasts, strict=True)
    ]
    chances = [_chance(each, contrast.margin) for each, contrast in zip(values, contrasts, strict=True)]
    found: list[Finding] = []
    told = zip(contrasts, paired, values, chances, holm(chances), strict=True)
    for contrast, pairs, gaps, p, adjusted in told:
        difference = pairs.difference(mean_interval(gaps) if len(gaps) else None)
        found.append(Finding(contrast, difference, p, adjusted, _verdict(contrast, difference, adjusted)))
    return tuple(found)


def ablation(attempts: Sequence[Attempt], strategy: str, base: str, yardstick: Yardstick) -> Ablation:
    """How a strategy differs from its base, descriptively."""
    paired = _Paired.of(attempts, strategy, base)
    values = paired.values(tuple(Measure), yardstick)
    intervals = mean_intervals(values) if len(values) else (None,) * len(Measure)
    told = zip(Measure, intervals, strict=True)
    return Ablation(strategy, {measure: paired.difference(interval) for measure, interval in told})


@dataclass(frozen=True, slots=True)
class _Paired:
    """Attempts of two strategies at the same task with the same seed, and of how many tasks there are any.

    Of a task with an attempt missing on either side there is no pair.
    """

    pairs: tuple[tuple[Attempt, Attempt], ...]
    tried: int

    @classmethod
    def of(cls, attempts: Sequence[Attempt], first: str, second: str) -> _Paired:
        ones, others = _rows(attempts, first), _rows(attempts, second)
        both = [(ones[key], others[key]) for key in sorted(ones.keys() & others.keys())]
        missing = {one.task for one, other in both if one.score is None or other.score is None}
        known = tuple(pair for pair in both if pair[0].task not in missing)
        return cls(known, len({one.task for one, _ in both}))

    def values(self, measures: Sequence[Measure], yardstick: Yardstick) -> Values:
        """Differences: a line a problem, a column a measure."""
        return by_problem(
            (
                one.task,
                [_value(one, each, yardstick) - _value(other, each, yardstick) for each in measures],
            )
            for one, other in self.pairs
        )

    def difference(self, interval: Interval | None) -> Difference:
        return Difference(len({one.task for one, _ in self.pairs}), self.tried, interval)


def _rows(attempts: Sequence[Attempt], strategy: str) -> dict[tuple[str, int], Attempt]:
    return {(each.task, each.seed): each for each in attempts if each.strategy == strategy}


def _value(attempt: Attempt, measure: Measure, yardstick: Yardstick) -> float:
    price = next(iter(yardstick.prices.values()))
    match measure:
        case Measure.ACCURACY:
            return attempt.score or 0.0
        case Measure.MONEY:
            return A_MILLION * price.of(attempt.large)
        case Measure.EXPECTED:
            return expected_usd(attempt, price, yardstick.worth)
        case Measure.SECONDS:
            return seconds_of(attempt)


def _chance(values: Values, margin: float) -> float:
    if not len(values):
        return 1.0
    return non_inferiority(values, margin) if margin else sign_flip(values)


def _verdict(contrast: Contrast, difference: Difference, adjusted: float) -> Verdict:
    interval = difference.interval
    if interval is None:
        return Verdict.NOT_MEASURABLE
    if adjusted > SIGNIFICANT:
        return Verdict.NOT_SHOWN
    if contrast.margin:
        return Verdict.NOT_INFERIOR if interval.low > -contrast.margin else Verdict.NOT_SHOWN
    gained = interval.value if contrast.measure is Measure.ACCURACY else -interval.value
    return Verdict.BETTER if gained > 0 else Verdict.WORSE
