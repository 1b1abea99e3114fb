"""Logistic regression with a ridge and with signs, and folds by problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 60
FOLDS = 10
TINY = 1e-8


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted line: log-odds = intercept + weights · features."""

    intercept: float
    weights: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        """Probability of being right."""
        odds = self.intercept + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return float(1.0 / (1.0 + np.exp(-odds)))


def logistic(
    rows: Sequence[Sequence[float]], right: Sequence[bool], ridge: float, signs: Sequence[int] | None = None
) -> Fit:
    """Fit by projected Newton steps on standardised features.

    `signs` holds the sign that each weight may have (0: any); one that would be better with the other is 0.
    """
    x = np.asarray(rows, dtype=np.float64)
    y = np.asarray(right, dtype=np.float64)
    mean, spread = x.mean(axis=0), x.std(axis=0)
    spread[spread < TINY] = 1.0
    z = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    penalty = np.full(z.shape[1], ridge)
    penalty[0] = TINY
    bound = np.array([0, *(signs or [0] * x.shape[1])])
    beta = _climbed(z, y, penalty, bound)
    weights = beta[1:] / spread
    return Fit(float(beta[0] - weights @ mean), tuple(float(w) for w in weights))


def _climbed(z: Floats, y: Floats, penalty: Floats, bound: NDArray[np.int64]) -> Floats:
    """The best weights within their signs: Newton on those that are free to move, halved until it helps."""
    beta = np.zeros(z.shape[1])
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(z @ beta, -30, 30)))
        gradient = z.T @ (y - p) - penalty * beta
        free = (bound == 0) | (beta != 0) | (bound * gradient > 0)
        curvature = (z[:, free] * (p * (1 - p))[:, None]).T @ z[:, free] + np.diag(penalty[free])
        step = np.zeros_like(beta)
        step[free] = np.linalg.solve(curvature, gradient[free])
        better = _halved(z, y, penalty, bound, (beta, step))
        if np.abs(better - beta).max() < TINY:
            break
        beta = better
    return beta


def _halved(
    z: Floats, y: Floats, penalty: Floats, bound: NDArray[np.int64], move: tuple[Floats, Floats]
) -> Floats:
    beta, step = move
    before = _height(z, y, penalty, beta)
    for halving in range(30):
        there = beta + step / 2**halving
        there = np.where(bound * there < 0, 0.0, there)
        if _height(z, y, penalty, there) > before:
            return there
    return beta


def _height(z: Floats, y: Floats, penalty: Floats, beta: Floats) -> float:
    """Log-likelihood less the ridge."""
    odds = z @ beta
    return float(y @ odds - np.logaddexp(0.0, odds).sum() - penalty @ (beta * beta) / 2)


def folds(problems: Sequence[int], seed: int = 0) -> tuple[tuple[list[int], list[int]], ...]:
    """Pairs of indices (training, test): every problem's cases are on one side."""
    names = sorted(set(problems))
    order = np.random.default_rng(seed).permutation(len(names))
    place = {names[int(at)]: number % FOLDS for number, at in enumerate(order)}
    return tuple(
        (
            [n for n, problem in enumerate(problems) if place[problem] != fold],
            [n for n, problem in enumerate(problems) if place[problem] == fold],
        )
        for fold in range(min(FOLDS, len(names)))
    )
