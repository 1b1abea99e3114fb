"""Routers that send as many tasks to the large model as ours does: by lot, and by what came of it.

One knows nothing of a task, the other all: between them lies what choosing well is worth. Tasks are those
that ours has an outcome for, and the one at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.bench.rivals.past import (
    LARGE_ALONE,
    OURS_BARE,
    SMALL_ALONE,
    escalated_share,
    lot,
    past_of,
)
from cope_lsp.bench.strategies import large_once, small_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.bench.rivals.past import Past
    from cope_lsp.bench.strategies import Cast
    from cope_lsp.cascade.stages import Stage

UNKNOWN_GAIN = 0.5
"""Gain of a task whose outcomes are not known: behind a sure gain, before none."""


def by_lot(cast: Cast) -> tuple[Stage, ...]:
    """The large model for tasks that a lot chose, the small one for all others."""
    return _routed(cast, lambda _past, _task: 0.0)


def by_outcome(cast: Cast) -> tuple[Stage, ...]:
    """The large model first for the tasks that it gets right and the small one does not."""
    return _routed(cast, lambda past, task: gain(past, task, cast.seed))


def gain(past: Past, task: str, seed: int) -> float:
    """What the large model brings: 1 where it alone is right, -1 where the small one alone is."""
    small, large = (past.outcome(name, task, seed) for name in (SMALL_ALONE, LARGE_ALONE))
    if small is None or large is None:
        return UNKNOWN_GAIN
    return float(large.right is True) - float(small.right is True)


def _routed(cast: Cast, worth: Callable[[Past, str], float]) -> tuple[Stage, ...]:
    past = past_of(cast)
    ours = [each for each in past.measured(OURS_BARE) if each.seed == cast.seed]
    tasks = {each.task for each in ours} | {cast.task}
    ranked = sorted(tasks, key=lambda task: (-worth(past, task), lot(f"{task}/{cast.seed}")))
    chosen = ranked[: round(escalated_share(ours) * len(ranked))]
    return (large_once(cast),) if cast.task in chosen else (small_once(cast),)
