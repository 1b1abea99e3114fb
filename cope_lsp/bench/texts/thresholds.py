"""The perplexity above which a text escalates, fitted on tasks that are then left out of the measurement."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.tasks import Task

    SomeTask = TypeVar("SomeTask", bound=Task)

HELD_OUT = 0.25
"""Share of the tasks that the threshold is fitted on."""

Pairs: TypeAlias = Iterable[tuple[float, bool]]
"""Perplexities of chosen texts, each with whether the text was good."""


def calibrated_threshold(pairs: Pairs, goal: float) -> float:
    """The perplexity up to which most texts are accepted while the share of good ones is at least `goal`.

    The goal is a share, or that of the large model on the same tasks. 0.0 where no share of them reaches it:
    no text has a perplexity below 1, so that every one escalates.
    """
    ranked = sorted(pairs)
    threshold = 0.0
    good = accumulate(is_good for _, is_good in ranked)
    for (accepted, so_far), (perplexity, _) in zip(enumerate(good, start=1), ranked, strict=True):
        alike = accepted < len(ranked) and ranked[accepted][0] == perplexity
        if not alike and so_far >= goal * accepted:
            threshold = perplexity
    return threshold


def pairs_of(attempts: Iterable[Attempt]) -> list[tuple[float, bool]]:
    """What attempts say that draw as the first stage does; nothing, where no log-probability is known."""
    return [
        (math.exp(-made.choice.logprob), made.right)
        for made in attempts
        if made.right is not None and made.choice is not None and made.choice.logprob is not None
    ]


def held_out(tasks: Sequence[SomeTask], seed: int) -> tuple[tuple[SomeTask, ...], tuple[SomeTask, ...]]:
    """The tasks to fit on and those to measure on, by a hash of their names: their order changes nothing."""
    ranked = sorted(tasks, key=lambda task: hashlib.sha256(f"{seed}/{task.id}".encode()).digest())
    names = {task.id for task in ranked[: round(HELD_OUT * len(ranked))]}
    fitted = tuple(task for task in tasks if task.id in names)
    return fitted, tuple(task for task in tasks if task.id not in names)
