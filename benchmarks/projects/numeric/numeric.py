"""Small numerics on numpy, whose import is most of a test run."""

from __future__ import annotations

import numpy as np


def moving_average(values: list[float], width: int) -> list[float]:
    """The means of all windows of `width` neighbours; empty where there is no whole window."""
    if width < 1:
        raise ValueError("a window has at least one value")
    if len(values) < width:
        return []
    sums = np.cumsum(np.concatenate(([0.0], np.asarray(values, dtype=float))))
    return ((sums[width:] - sums[:-width]) / width).tolist()
