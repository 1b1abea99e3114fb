"""A run: all strategies on all tasks, many tasks at a time, one strategy after the other within each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import anyio

from cope_lsp.bench.attempts import attempt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.bench.attempts import Attempt, Pair
    from cope_lsp.bench.strategies import Strategy
    from cope_lsp.bench.tasks import Task

Told: TypeAlias = Callable[["Attempt"], None]
"""Hears of each attempt as it ends."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is run: seed 0 on every task, other seeds on the first `seeded` ones; `width` tasks at a time."""

    tasks: Sequence[Task]
    strategies: Sequence[Strategy]
    seeds: int = 1
    seeded: int = 0
    width: int = 4

    @property
    def size(self) -> int:
        """Number of attempts."""
        return len(self.strategies) * sum(1 for _ in _turns(self))


@dataclass(slots=True)
class Log:
    """The attempts so far, by strategy, then by task and seed: what later strategies may learn from."""

    history: dict[str, dict[tuple[str, int], Attempt]] = field(
        default_factory=dict[str, "dict[tuple[str, int], Attempt]"]
    )

    def add(self, made: Attempt) -> None:
        """One more."""
        self.history.setdefault(made.strategy, {})[made.task, made.seed] = made

    def __iter__(self) -> Iterator[Attempt]:
        return (made for rows in self.history.values() for made in rows.values())


async def run(order: Order, pair: Pair, log: Log, told: Told) -> None:
    """Make every attempt; `log` holds what is done whenever this ends. Raises: what a source ends a run with.

    A strategy that learns from others (`after`) begins once these have tried every task.
    """
    first = [each for each in order.strategies if not each.after]
    for strategies in (first, *([each] for each in order.strategies if each.after)):
        await _all(order, strategies, pair, log, told)


async def _all(order: Order, strategies: Sequence[Strategy], pair: Pair, log: Log, told: Told) -> None:
    turns = _turns(order)

    async def work() -> None:
        for task, seed in turns:
            for strategy in strategies:
                made = await attempt(task, strategy, pair, log.history, seed=seed)
                log.add(made)
                told(made)

    async with anyio.create_task_group() as group:
        for _ in range(order.width):
            group.start_soon(work)


def _turns(order: Order) -> Iterator[tuple[Task, int]]:
    yield from ((task, 0) for task in order.tasks)
    yield from ((task, seed) for seed in range(1, order.seeds) for task in order.tasks[: order.seeded])
