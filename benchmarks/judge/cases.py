"""A sample file cut into cases: disjoint draws of one problem, as one request would have seen them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.samples import Shown, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.samples import Sample, Visible

MOST = 12
"""Cases of one problem."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a file is cut: draws a case, the seed that orders draws, whether rules see the examples.

    Seed 0 leaves the draws in their order. `most` cases of one problem are made.
    """

    draws: int = 8
    seed: int = 0
    shown: Shown = Shown.EXAMPLES
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Case:
    """Some draws of one problem; `problem` is its number in the file and all that folds know of it."""

    problem: int
    visible: Visible


def cases(samples: Sequence[Sample], cut: Cut) -> tuple[Case, ...]:
    """All cases, problem by problem; draws that do not fill a case are left out."""
    return tuple(
        Case(number, visible(ordered, slice(first, first + cut.draws), cut.shown))
        for number, sample in enumerate(samples)
        for ordered in [_ordered(sample, cut.seed)]
        for first in range(0, len(sample.solutions) - cut.draws + 1, cut.draws)[: cut.most]
    )


def _ordered(sample: Sample, seed: int) -> Sample:
    if seed == 0:
        return sample
    chance = random.Random(f"{seed}/{len(sample.prompt)}")  # noqa: S311 -- an order of draws, no secret
    return _shuffled(sample, chance)


def _shuffled(sample: Sample, chance: random.Random) -> Sample:
    solutions, tests = list(sample.solutions), list(sample.test_texts)
    chance.shuffle(solutions)
    chance.shuffle(tests)
    return replace(sample, solutions=tuple(solutions), test_texts=tuple(tests))
