"""Text tasks with a threshold of the run's own small model, fitted on a part that is then not measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.bench.attempts import attempt
from cope_lsp.bench.strategies import BASE
from cope_lsp.bench.texts.tasks import TextTask, with_threshold
from cope_lsp.bench.texts.thresholds import calibrated_threshold, held_out, pairs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.bench.attempts import Attempt, Pair
    from cope_lsp.bench.strategies import Strategy
    from cope_lsp.bench.tasks import Task

LEAST = 4
"""Graded held-out texts below which nothing is fitted: the stand-in stays, all tasks are measured."""

_BY_NAME = {each.name: each for each in BASE}
_DRAWN, _LARGE = _BY_NAME["small x8 + gate"], _BY_NAME["large x1"]


async def with_fitted_threshold(tasks: Sequence[Task], pair: Pair) -> tuple[Task, ...]:
    """The tasks to measure on; texts among them are ruled by what the held-out ones say.

    The goal is the share of good texts that the large model reaches on the same held-out part.
    """
    texts = [task for task in tasks if isinstance(task, TextTask)]
    taught, measured = held_out(texts, seed=0)
    drawn = pairs_of(await _tried(taught, _DRAWN, pair))
    goal = _share(await _tried(taught, _LARGE, pair))
    if len(drawn) < LEAST or goal is None:
        return tuple(tasks)
    others = (task for task in tasks if not isinstance(task, TextTask))
    return (*others, *with_threshold(measured, calibrated_threshold(drawn, goal)))


async def _tried(tasks: Sequence[TextTask], strategy: Strategy, pair: Pair) -> list[Attempt]:
    return [await attempt(task, strategy, pair, {}) for task in tasks]


def _share(attempts: Sequence[Attempt]) -> float | None:
    known = [made.right for made in attempts if made.right is not None]
    return sum(known) / len(known) if known else None
