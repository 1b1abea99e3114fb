"""A logistic regression, small enough to be read: Newton's steps on a likelihood with an L2 penalty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Vector: TypeAlias = NDArray[np.float64]

PENALTY = 1.0
"""Weight of the squared coefficients, each on a standardised column."""

_STEPS = 50
_CLOSE = 1e-8
_LARGEST = 30.0
_HELD = 1e-3
"""Penalty of the intercept: just enough that rows of one label have a finite fit."""


@dataclass(frozen=True, slots=True)
class Regression:
    """A fit: how columns are standardised, and the coefficients, the intercept first."""

    centre: Vector
    scale: Vector
    weights: Vector

    def chances(self, rows: Sequence[Sequence[float]]) -> Vector:
        """The chance of `True` for each row."""
        return _sigmoid(_design(rows, self.centre, self.scale) @ self.weights)


def fit(rows: Sequence[Sequence[float]], labels: Sequence[bool], penalty: float = PENALTY) -> Regression:
    """The likeliest coefficients; at least one row."""
    plain = np.asarray(rows, dtype=np.float64)
    centre, spread = plain.mean(axis=0), plain.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    design, target = _design(rows, centre, scale), np.asarray(labels, dtype=np.float64)
    held = np.diag(np.r_[_HELD, np.full(plain.shape[1], penalty)])
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        step = _step(design, target, weights, held)
        weights += step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return Regression(centre, scale, weights)


def _step(design: Vector, target: Vector, weights: Vector, held: Vector) -> Vector:
    chances = _sigmoid(design @ weights)
    slope = design.T @ (target - chances) - held @ weights
    curve = (design.T * (chances * (1 - chances))) @ design + held
    return np.asarray(np.linalg.solve(curve, slope), dtype=np.float64)


def _design(rows: Sequence[Sequence[float]], centre: Vector, scale: Vector) -> Vector:
    standard = (np.asarray(rows, dtype=np.float64) - centre) / scale
    return np.c_[np.ones(len(standard)), standard]


def _sigmoid(logits: Vector) -> Vector:
    return 1 / (1 + np.exp(-np.clip(logits, -_LARGEST, _LARGEST)))
