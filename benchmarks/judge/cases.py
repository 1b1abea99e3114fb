"""A sample file cut into cases: disjoint draws of one problem, as one request would have seen them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks.samples import Shown, joined, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from benchmarks.samples import Sample, Visible

MOST = 12
"""Cases of one problem."""

OF_SECOND = 2
"""Draws of a second model in each case, where there is one."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a file is cut: draws a case, the seed that orders draws, whether rules see the examples.

    Seed 0 leaves the draws in their order. `most` cases of one problem are made. Self-made tests that were
    asked for as `left_out` says are left out.
    """

    draws: int = 8
    seed: int = 0
    shown: Shown = Shown.EXAMPLES
    most: int = MOST
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """Some draws of one problem; `problem` is its number in the file and all that folds know of it."""

    problem: int
    visible: Visible


def cases(samples: Sequence[Sample], cut: Cut, second: Sequence[Sample] = ()) -> tuple[Case, ...]:
    """All cases, problem by problem; draws that do not fill a case are left out.

    `second` holds a second model's draws for the same problems, by their names.
    """
    others = {sample.task_id: sample for sample in second}
    return tuple(
        case
        for number, sample in enumerate(samples)
        for case in _of_problem(number, _ordered(sample, cut), others, cut)
    )


def _of_problem(number: int, sample: Sample, others: Mapping[str, Sample], cut: Cut) -> Iterator[Case]:
    other = others.get(sample.task_id) if others else None  # the name says which, and is else not looked at
    for turn in range(min(cut.most, len(sample.solutions) // cut.draws)):
        shown = visible(sample, slice(turn * cut.draws, (turn + 1) * cut.draws), cut.shown)
        if other is not None:
            shown = joined(shown, other, slice(turn * OF_SECOND, (turn + 1) * OF_SECOND))
        yield Case(number, shown)


def _ordered(sample: Sample, cut: Cut) -> Sample:
    tests = tuple(test for test in sample.test_texts if test.variant not in cut.left_out)
    return _in_order(replace(sample, test_texts=tests), cut.seed)


def _in_order(sample: Sample, seed: int) -> Sample:
    if seed == 0:
        return sample
    chance = random.Random(f"{seed}/{len(sample.prompt)}")  # noqa: S311 -- an order of draws, no secret
    return _shuffled(sample, chance)


def _shuffled(sample: Sample, chance: random.Random) -> Sample:
    solutions, tests = list(sample.solutions), list(sample.test_texts)
    chance.shuffle(solutions)
    chance.shuffle(tests)
    return replace(sample, solutions=tuple(solutions), test_texts=tuple(tests))
