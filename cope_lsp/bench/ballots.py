"""The bar of a first stage that votes, or reads a perplexity: the one that costs least on what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cope_lsp.cascade.presets import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.cascade.escalation import Worth

VOTED = "small x8 + gate"
LARGE_ALONE = "large x1"


@dataclass(frozen=True, slots=True)
class Ballot:
    """A problem that the small model voted on, and what the large one alone came to.

    Several steps are as sure as the least sure one. `large_usd` is its money and the user's seconds.
    """

    task: str
    confidence: float
    right: bool
    large_right: bool
    large_usd: float


def ballots(attempts: Iterable[Attempt], worth: Worth) -> list[Ballot]:
    """The problems that both models did alone, as far as they are known."""
    known = {(each.strategy, each.task, each.seed): each for each in attempts if each.right is not None}
    found: list[Ballot] = []
    for (strategy, task, seed), voted in known.items():
        large = known.get((LARGE_ALONE, task, seed))
        shares = [tally.confidence for tally in voted.tallies if tally.stage == SMALL]
        if strategy == VOTED and large is not None and shares:
            usd = (large.large.cost_usd or 0.0) + worth.second_usd * large.large.seconds
            found.append(Ballot(task, min(shares), voted.right is True, large.right is True, usd))
    return found


def ballot_usd(ballot: Ballot, bar: float, worth: Worth) -> float:
    """What a problem costs where the large model is asked unless the confidence is above the bar."""
    if ballot.confidence > bar:
        return 0.0 if ballot.right else worth.wrong_edit_usd
    return ballot.large_usd + (0.0 if ballot.large_right else worth.wrong_edit_usd)


def cheapest_bar(ballots: Sequence[Ballot], worth: Worth) -> float:
    """The bar that costs least, half-way between two confidences; of equals the highest."""
    seen = sorted({each.confidence for each in ballots})
    between = [(low + high) / 2 for low, high in pairwise(seen)]
    bars = (1.0, *reversed(between), seen[0] / 2)
    return min(bars, key=lambda bar: sum(ballot_usd(each, bar, worth) for each in ballots))
