"""Intervals and tests over problems: values of one problem, whatever its seeds, are one observation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import erfc, inf, sqrt
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Values: TypeAlias = NDArray[np.float64]
"""One value, or one row of values, a problem."""

RESAMPLES = 10_000

_ENDS = (2.5, 97.5)
"""Percentiles of a 95 % interval."""

_SEED = 20250613
_CHUNK = 1_000
_TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def by_problem(rows: Iterable[tuple[str, Sequence[float]]]) -> Values:
    """Each problem's mean row, in the order of the problems' names: one line a problem."""
    groups: defaultdict[str, list[Sequence[float]]] = defaultdict(list)
    for problem, row in rows:
        groups[problem].append(row)
    return np.array([_mean_row(groups[name]) for name in sorted(groups)], np.float64)


def mean_intervals(values: Values) -> tuple[Interval, ...]:
    """Each column's mean over problems, with a percentile bootstrap. There is at least one problem."""
    lows, highs = np.percentile(_resampled_means(values), _ENDS, axis=0)
    ends = zip(values.mean(axis=0), lows, highs, strict=True)
    return tuple(Interval(float(mean), float(low), float(high)) for mean, low, high in ends)


def mean_interval(values: Values) -> Interval:
    """The same for one value a problem."""
    return mean_intervals(values[:, np.newaxis])[0]


def sign_flip(differences: Values) -> float:
    """Two-sided p of paired differences: how often chance signs bring a mean as far from nothing."""
    told = differences[np.abs(differences) > _TIE]
    if not len(told):
        return 1.0
    observed = abs(float(told.sum()))
    rng = np.random.default_rng(_SEED)
    reached = 0
    for _ in range(RESAMPLES // _CHUNK):
        signs = rng.integers(0, 2, (_CHUNK, len(told)), dtype=np.int8) * 2.0 - 1.0
        reached += int(np.count_nonzero(np.abs(signs @ told) >= observed - _TIE))
    return (1 + reached) / (1 + RESAMPLES)


def non_inferiority(differences: Values, margin: float) -> float:
    """Two-sided p against a true difference of `-margin`, by a score test.

    Signs cannot be flipped here: where both are nearly always right, the differences hardly vary, and any
    margin would seem passed. So the variance is at least that of problems lost at the rate `margin`.
    """
    variance = max(float(differences.var()), margin * (1.0 - margin))
    beyond = float(differences.mean()) + margin
    error = sqrt(variance / len(differences))
    distance = inf if error == 0.0 else beyond / error
    return min(1.0, erfc(distance / sqrt(2)))


def holm(chances: Sequence[float]) -> tuple[float, ...]:
    """The p values of one family by Holm's step-down correction, in the order given."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    steps = (min(1.0, (len(order) - rank) * chances[place]) for rank, place in enumerate(order))
    adjusted = dict(zip(order, accumulate(steps, max), strict=True))
    return tuple(adjusted[place] for place in range(len(chances)))


def _mean_row(rows: list[Sequence[float]]) -> Sequence[float]:
    if len(rows) == 1:
        return rows[0]
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def _resampled_means(values: Values) -> Values:
    return (_resamples(len(values)) @ values) / len(values)


@lru_cache(maxsize=2)
def _resamples(problems: int) -> Values:
    """How often each resample holds each problem: the same for every strategy on equally many problems."""
    rng = np.random.default_rng(_SEED)
    counts = np.empty((RESAMPLES, problems), np.float64)
    for place in range(RESAMPLES):
        counts[place] = np.bincount(rng.integers(0, problems, problems, np.int32), minlength=problems)
    return counts
