"""What earlier attempts teach: a lesson for each task and seed that both models did alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.bench.rivals.signs import signs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.rivals.signs import Signs
    from cope_lsp.bench.strategies import Cast, History
    from cope_lsp.cascade.problem import Kind

SMALL_ALONE, LARGE_ALONE, OURS_BARE = "small x1", "large x1", "ours, bare large"
"""Names of the strategies that are learned from."""

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Lesson:
    """A draft of the small model's, whether it was right, and what the large model would have brought.

    A task of several moves teaches by its first draft.
    """

    task: str
    signs: Signs
    right: bool
    large_right: bool
    large_usd: float


@dataclass(frozen=True, slots=True)
class Past:
    """The attempts of one kind of task. Two are equal where they are the same object and hold as much."""

    history: History
    kind: Kind

    def __hash__(self) -> int:
        return hash(self._identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Past) and self._identity == other._identity

    @property
    def _identity(self) -> tuple[int, Kind, tuple[int, ...]]:
        names = (SMALL_ALONE, LARGE_ALONE, OURS_BARE)
        return id(self.history), self.kind, tuple(sum(1 for _ in self.measured(name)) for name in names)

    def measured(self, strategy: str) -> Iterator[Attempt]:
        """A strategy's attempts that have an outcome."""
        made = self.history.get(strategy, {}).values()
        return (each for each in made if each.kind is self.kind and each.right is not None)

    def outcome(self, strategy: str, task: str, seed: int) -> Attempt | None:
        """A strategy's attempt at one task, where it has an outcome."""
        made = self.history.get(strategy, {}).get((task, seed))
        return None if made is None or made.right is None else made


def past_of(cast: Cast) -> Past:
    """The past that a cast knows."""
    return Past(cast.history, cast.kind)


def lessons(past: Past) -> list[Lesson]:
    """All that there are; what lacks one of the two outcomes is left out."""
    return [
        Lesson(
            each.task,
            signs(each.draft),
            each.right is True,
            large.right is True,
            large.large.cost_usd or 0.0,
        )
        for each in past.measured(SMALL_ALONE)
        if each.draft is not None and (large := past.outcome(LARGE_ALONE, each.task, each.seed)) is not None
    ]


def escalated_share(attempts: Iterable[Attempt]) -> float:
    """Share of attempts in which the large model was asked for anything; 1 where there are none."""
    asked = [each.large.calls > 0 for each in attempts]
    return sum(asked) / len(asked) if asked else 1.0


def fold_of(task: str) -> int:
    """The part of all problems that a task belongs to, by its name: all its seeds fall into the same."""
    return int(lot(task) * FOLDS)


def lot(told: str) -> float:
    """A number from 0 to 1, drawn by what is told."""
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:6]) / 2**48
