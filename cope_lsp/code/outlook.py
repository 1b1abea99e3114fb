"""A ruling beyond the rule itself: what the user's word weighs, what a repair lacks, what may come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Ruling, Status
from cope_lsp.code.answers import SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cope_lsp.code.findings import Findings

    Rules = Callable[[Sequence[Findings], int], Ruling]

_OTHER = "something else"

MOST_PROSPECTS = 8
"""Agreeing draws that are looked ahead; more add next to nothing."""

FEW_PROOFS = 1
"""Given cases up to which self-made tests weigh, and up to which all that gates a repair was shown to it."""

ANSWERED_ODDS = 3.0
"""By how much the user's word raises the odds that what gives the same is right.

Measured with a simulated user on CodeGen-16B's draws (`benchmarks.question`, 146 answers): between 2 and 6
over all confidences, with examples and without. One call on which candidates differ says less than a case.
"""

LONE_REPAIR = 0.75
"""Most for a repair that saw every case that gates it, and that no other candidate behaves like."""


def ruled(found: Sequence[Findings], remaining: int, rules: Rules) -> Ruling:
    """The rule's word on the candidates, weighed, with what up to `remaining` more draws could make of it."""
    ruling = _weighed(found, rules(found, remaining))
    chosen = _chosen(found, ruling)
    if chosen is None or ruling.status is Status.FAIL:
        return ruling
    return replace(
        ruling,
        prospects=_prospects(found, chosen, remaining, rules),
        dissent=_dissent(found, chosen, remaining, rules) if remaining else None,
        unproved=chosen.proofs <= FEW_PROOFS and not chosen.assertions,
    )


def _prospects(
    found: Sequence[Findings], chosen: Findings, remaining: int, rules: Rules
) -> tuple[float, ...]:
    """Confidence after one, two, … more independent draws that do what the choice does."""
    twin = replace(chosen, candidate=replace(chosen.candidate, repairs=None))
    later = (
        _weighed(all_, rules(all_, remaining - more))
        for more in range(1, min(remaining, MOST_PROSPECTS) + 1)
        for all_ in ((*found, *(twin,) * more),)
    )
    return tuple(each.confidence if each.status is Status.PASS else 0.0 for each in later)


def _dissent(found: Sequence[Findings], chosen: Findings, remaining: int, rules: Rules) -> float:
    """Confidence after one more draw that passes as the choice does, and behaves like no other."""
    other = replace(chosen, behaviour=_OTHER, calls=tuple(f"{_OTHER} {told}" for told in chosen.calls))
    all_ = (*found, other)
    later = _weighed(all_, rules(all_, remaining - 1))
    return later.confidence if later.status is Status.PASS else 0.0


def _weighed(found: Sequence[Findings], ruling: Ruling) -> Ruling:
    chosen = _chosen(found, ruling)
    if chosen is None or ruling.status is not Status.PASS:
        return ruling
    sure = ruling.confidence
    if any(piece.source == SOURCE and piece.status is Status.PASS for piece in chosen.evidence):
        sure = _raised(sure, ANSWERED_ODDS)
    if chosen.proofs <= FEW_PROOFS and all(each.repairs is not None for each in ruling.group):
        sure = min(sure, LONE_REPAIR)
    return replace(ruling, confidence=round(sure, 3))


def _raised(sure: float, odds: float) -> float:
    return sure * odds / (sure * odds + 1.0 - sure)


def _chosen(found: Sequence[Findings], ruling: Ruling) -> Findings | None:
    return next((each for each in found if each.candidate == ruling.choice), None)
