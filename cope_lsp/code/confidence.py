"""How sure a ruling is: a small fixed table, until recorded samples fit a better one.

Starting points: with any-pass on HumanEval, candidates of a 1.5B model that pass the visible examples are
right 81 % of the time, CodeGen-16B's 86 %; agreement of behaviour among independent draws takes 3 of 4
alike to 96 %. So one passed case is a little better than the first number, each further one closes part of
the gap, and draws that agree close most of the rest. Without execution it stays below any acceptance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.code.problem import RequestKind

if TYPE_CHECKING:
    from cope_lsp.code.findings import Findings

BY_PROOFS = (0.80, 0.82, 0.88, 0.91, 0.93, 0.95)
"""By the number of passed cases that failed before, the last for all larger numbers."""

BY_AGREEMENT = (0.0, 0.03, 0.06, 0.08, 0.10)
"""Added by the number of other survivors that behave alike."""

SPLIT = 0.15
"""Taken away in proportion to the share of survivors that behave differently."""

UNPROVED_EDIT = 0.85
"""Most for an edit of which no case shows that anything changed as asked."""

DIAGNOSED = 0.92
"""Least for a finding that is gone, with nothing new."""

CAP = 0.98
UNEXECUTED = (0.3, 0.4)


def confidence(chosen: Findings, alike: int, survivors: int, kind: RequestKind) -> float:
    """Probability that a survivor is right; `alike` of `survivors` behave like it, itself included."""
    sure = BY_PROOFS[min(chosen.proofs, len(BY_PROOFS) - 1)]
    if kind is RequestKind.FIX and _passed(chosen, "diagnosis"):
        sure = max(sure, DIAGNOSED)
    if kind is RequestKind.EDIT:
        sure = _of_edit(chosen, sure)
    sure += BY_AGREEMENT[min(alike, len(BY_AGREEMENT)) - 1]
    sure -= SPLIT * (1 - alike / survivors)
    return round(max(0.0, min(CAP, sure)), 3)


def unexecuted(alike: int, candidates: int) -> float:
    """For candidates of which nothing executed counts: agreement alone, always below acceptance."""
    base, by_share = UNEXECUTED
    return round(base + (by_share * alike / candidates if candidates > 1 else 0.0), 3)


def _of_edit(chosen: Findings, sure: float) -> float:
    if _passed(chosen, "behaviour"):
        inputs = next(piece.passed for piece in chosen.evidence if piece.source == "behaviour")
        return max(sure, BY_PROOFS[min(2 + inputs // 8, len(BY_PROOFS) - 1)])
    return sure if chosen.changed else min(sure, UNPROVED_EDIT)


def _passed(chosen: Findings, source: str) -> bool:
    return any(piece.source == source and piece.status == "pass" for piece in chosen.evidence)
