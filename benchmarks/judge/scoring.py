"""What decisions are worth: how many accepted, how many of them right, with intervals over problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

LAMBDAS = (4, 9, 19)
RESAMPLES = 2000
BINS = 10
SIMULATIONS = 400


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule said of one case, and whether what it chose is right.

    `confidence` is 0 where nothing was chosen. `accepted` are the names of the bars that it reaches.
    `right` is what the benchmark's tests say, `strictly` what the reference's behaviour says besides.
    """

    problem: int
    confidence: float
    right: bool
    accepted: frozenset[str]
    strictly: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval by bootstrap over problems."""

    low: float
    high: float


def counts(decisions: Sequence[Decision], bar: str) -> tuple[int, int]:
    """How many were accepted at a bar, and how many of these are right."""
    taken = [each.right for each in decisions if bar in each.accepted]
    return len(taken), sum(taken)


def net_benefit(decisions: Sequence[Decision], bar: str, price: int) -> int:
    """Right minus `price` times wrong, over what was accepted."""
    accepted, right = counts(decisions, bar)
    return right - price * (accepted - right)


def precision_interval(decisions: Sequence[Decision], bar: str) -> Interval:
    """How far the share of right ones among the accepted can be trusted."""
    right, taken = _by_problem(
        decisions,
        lambda each: (float(bar in each.accepted and each.right), float(bar in each.accepted)),
    )
    draws = _resamples(len(right))
    shares = right[draws].sum(axis=1) / np.maximum(taken[draws].sum(axis=1), 1)
    return _interval(shares)


def difference_interval(one: Sequence[Decision], other: Sequence[Decision], price: int) -> Interval:
    """The paired difference in net benefit, one rule's minus the other's."""
    worth = [_worth(each, str(price), price) for each in one]
    rival = [_worth(each, str(price), price) for each in other]
    pairs = list(zip([each.problem for each in one], worth, rival, strict=True))
    sums = dict.fromkeys(sorted({problem for problem, _, _ in pairs}), 0.0)
    for problem, ours, theirs in pairs:
        sums[problem] += ours - theirs
    totals = np.asarray(list(sums.values()))
    return _interval(totals[_resamples(len(totals))].sum(axis=1))


def curve(decisions: Sequence[Decision]) -> list[tuple[float, int]]:
    """Precision and number accepted as the bar sinks, one point for each distinct confidence, at most 50."""
    chosen = sorted((each for each in decisions if each.confidence > 0), key=lambda each: -each.confidence)
    points = list[tuple[float, int]]()
    right = 0
    for number, each in enumerate(chosen, start=1):
        right += each.right
        if number == len(chosen) or chosen[number].confidence < each.confidence:
            points.append((round(right / number, 4), number))
    step = max(1, len(points) // 50)
    return [*points[::step], *(points[-1:] if (len(points) - 1) % step else [])]


def ece(decisions: Sequence[Decision]) -> float:
    """Mean gap between confidence and share right, in ten equal bins, where something was chosen."""
    confidence, right = _chosen(decisions)
    return _ece(confidence, right) if len(confidence) else 0.0


def ece_of_a_perfect_judge(decisions: Sequence[Decision], seed: int = 0) -> float:
    """What chance alone leaves of that gap if every confidence were the true probability."""
    confidence, _ = _chosen(decisions)
    chance = np.random.default_rng(seed)
    gaps = [_ece(confidence, chance.random(len(confidence)) < confidence) for _ in range(SIMULATIONS)]
    return float(np.mean(gaps)) if len(confidence) else 0.0


def _chosen(decisions: Sequence[Decision]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    chosen = [each for each in decisions if each.confidence > 0]
    confidence = np.asarray([each.confidence for each in chosen], dtype=np.float64)
    return confidence, np.asarray([each.right for each in chosen], dtype=np.bool_)


def _ece(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gap = np.bincount(place, weights=confidence - right, minlength=BINS)
    return float(np.abs(gap).sum() / len(confidence))


def _worth(each: Decision, bar: str, price: int) -> float:
    if bar not in each.accepted:
        return 0.0
    return 1.0 if each.right else -float(price)


def _by_problem(
    decisions: Sequence[Decision], read: Callable[[Decision], tuple[float, float]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    sums = {each.problem: [0.0, 0.0] for each in decisions}
    for each in decisions:
        one, other = read(each)
        sums[each.problem][0] += one
        sums[each.problem][1] += other
    table = np.asarray(list(sums.values()))
    return table[:, 0], table[:, 1]


def _resamples(problems: int) -> NDArray[np.int64]:
    return np.random.default_rng(0).integers(0, problems, size=(RESAMPLES, problems))


def _interval(values: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(low), float(high))
