"""Differences between two strategies on the problems that both were measured on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from cope_lsp.bench.measures import A_MILLION, expected_usd, seconds_of
from cope_lsp.bench.statistics import by_problem, holm, mean_interval, non_inferiority, sign_flip

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
    paired = [_paired(attempts, each, yardstick) for each in contrasts]
    chances = [_chance(values, each.margin) for values, each in zip(paired, contrasts, strict=True)]
    found: list[Finding] = []
    for contrast, values, p, adjusted in zip(contrasts, paired, chances, holm(chances), strict=True):
        told = _difference(attempts, contrast, values)
        found.append(Finding(contrast, told, p, adjusted, _verdict(contrast, told, adjusted)))
    return tuple(found)


def ablation(attempts: Sequence[Attempt], strategy: str, base: str, yardstick: Yardstick) -> Ablation:
    """How a strategy differs from its base, descriptively."""
    contrasts = {measure: Contrast(strategy, base, measure) for measure in Measure}
    return Ablation(
        strategy,
        {
            measure: _difference(attempts, each, _paired(attempts, each, yardstick))
            for measure, each in contrasts.items()
        },
    )


def _paired(attempts: Sequence[Attempt], contrast: Contrast, yardstick: Yardstick) -> Values:
    """Differences by problem, over the seeds of those problems of which no attempt of either is missing."""
    first, second = _rows(attempts, contrast.first), _rows(attempts, contrast.second)
    both = first.keys() & second.keys()
    missing = {key[0] for key in both if first[key].score is None or second[key].score is None}
    gaps = [
        (
            key[0],
            [
                _value(first[key], contrast.measure, yardstick)
                - _value(second[key], contrast.measure, yardstick)
            ],
        )
        for key in sorted(both)
        if key[0] not in missing
    ]
    return by_problem(gaps)[:, 0] if gaps else np.empty(0)


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


def _difference(attempts: Sequence[Attempt], contrast: Contrast, values: Values) -> Difference:
    tried = {
        task for task, _ in _rows(attempts, contrast.first).keys() & _rows(attempts, contrast.second).keys()
    }
    return Difference(len(values), len(tried), mean_interval(values) if len(values) else None)


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
