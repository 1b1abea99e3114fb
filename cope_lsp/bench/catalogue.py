"""All strategies in the order of the report, by name and by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.bench.contrasts import Contrast, Measure
from cope_lsp.bench.ours import ABLATIONS, OURS
from cope_lsp.bench.rivals.catalogue import LEARNED
from cope_lsp.bench.strategies import BASE, PAPERS, VOTES
from cope_lsp.cascade.errors import CopeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cope_lsp.bench.strategies import Strategy

GROUPS: Mapping[str, tuple[Strategy, ...]] = {
    "base": BASE,
    "paper": PAPERS,
    "rivals": (*VOTES, *LEARNED),
    "ours": OURS,
    "ablations": ABLATIONS,
}
"""What can be asked for by one name."""

LARGE_ALONE, PAPER_BARE = "large x1", "paper, bare end"

MARGIN = 0.03
"""Share of all problems by which ours may be worse than the large model and still not be inferior."""


class NoSuchStrategy(CopeError):  # noqa: N818 -- a state, like the other errors
    """A name that no strategy and no group has."""


def chosen(names: Iterable[str]) -> tuple[Strategy, ...]:
    """The strategies of these names and groups, in the report's order, with those that they learn from.

    Raises: NoSuchStrategy.
    """
    everything = {each.name: each for group in GROUPS.values() for each in group}
    wanted: set[str] = set()
    for name in names:
        if name not in GROUPS and name not in everything:
            known = "; ".join((*GROUPS, *everything))
            raise NoSuchStrategy(f"There is no strategy called “{name}”.", fix=f"Known are: {known}.")
        wanted |= {each.name for each in GROUPS[name]} if name in GROUPS else {name}
    needed = wanted | {other for name in wanted for other in everything[name].after}
    return tuple(each for name, each in everything.items() if name in needed)


def primary(base: str) -> tuple[Contrast, ...]:
    """The three questions that are named before a run, about one of ours; all else is descriptive."""
    return (
        Contrast(base, LARGE_ALONE, Measure.ACCURACY, MARGIN),
        Contrast(base, PAPER_BARE, Measure.ACCURACY),
        Contrast(base, PAPER_BARE, Measure.MONEY),
    )
