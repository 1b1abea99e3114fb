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
    """Fit by Newton steps on standardised features.

    `signs` holds the sign that each weight may have (0: any); a weight that wants the other one stays 0.
    """
    x = np.asarray(rows, dtype=np.float64)
    y = np.asarray(right, dtype=np.float64)
    mean, spread = x.mean(axis=0), x.std(axis=0)
    spread[spread < TINY] = 1.0
    z = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    free = np.ones(z.shape[1], dtype=bool)
    while True:
        beta = _newton(z, y, ridge, free)
        wrong = [n for n, sign in enumerate(signs or ()) if sign and free[n + 1] and sign * beta[n + 1] < 0]
        if not wrong:
            break
        free[1 + min(wrong, key=lambda n: (signs or ())[n] * beta[n + 1])] = False
    weights = beta[1:] / spread
    return Fit(float(beta[0] - weights @ mean), tuple(float(w) for w in weights))


def _newton(z: Floats, y: Floats, ridge: float, free: NDArray[np.bool_]) -> Floats:
    used = z[:, free]
    penalty = np.full(used.shape[1], ridge)
    penalty[0] = 1e-6
    beta = np.zeros(used.shape[1])
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(used @ beta, -30, 30)))
        gradient = used.T @ (y - p) - penalty * beta
        curvature = (used * (p * (1 - p))[:, None]).T @ used + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        beta += step
        if np.abs(step).max() < TINY:
            break
    whole = np.zeros(z.shape[1])
    whole[free] = beta
    return whole


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
