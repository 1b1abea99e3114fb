"""From findings to a ruling: pure functions, so that a benchmark can put one in another's place."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from cope_lsp.cascade.problem import Ruling, Status
from cope_lsp.cascade.rulings import any_pass
from cope_lsp.code.clusters import clusters
from cope_lsp.code.confidence import confidence, of_kind
from cope_lsp.code.problem import RequestKind
from cope_lsp.code.signals import signals, standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.cascade.problem import Evidence
    from cope_lsp.code.confidence import Table
    from cope_lsp.code.findings import Failure, Findings
    from cope_lsp.code.signals import Standing

FEEDBACK, BRIEF = 3000, 1000
"""Most characters of feedback that stays here, and of what may leave."""


AGREED = 0.9
"""Least confidence at which draws that agree speak for a choice that no case could prove."""


class Rule(Protocol):
    """Decides over all candidates so far; `executes` is False where no more draw could be run either."""

    def __call__(self, found: Sequence[Findings], docket: Docket, remaining: int) -> Ruling:
        """Rule, when `remaining` more draws are possible."""
        ...


class Docket(Protocol):
    """What a rule knows of the request besides the findings."""

    @property
    def kind(self) -> RequestKind:
        """What was asked."""
        ...

    @property
    def executes(self) -> bool:
        """Whether candidates can run at all."""
        ...

    @property
    def held_out(self) -> str:
        """The example that feedback must not show; empty for none."""
        ...


def default_rule(
    found: Sequence[Findings], docket: Docket, remaining: int, *, table: Table | None = None
) -> Ruling:
    """Execution first, then agreement: the member that speaks for the largest cluster is chosen."""
    chosen = choose(found)
    if chosen is None:
        return refuted(found, docket.held_out, remaining)
    sure = of_kind(sureness(chosen, found, table), chosen.choice, docket.kind)
    return Ruling(
        sure,
        _status(chosen.choice, sure, docket.kind),
        chosen.choice.candidate,
        tuple(each.candidate for each in chosen.group),
        settled=remaining == 0 or not docket.executes,
        evidence=_evidence(found),
    )


def choose(found: Sequence[Findings]) -> Standing | None:
    """The choice among those that passed, or else among those that nothing speaks against."""
    for status in (Status.PASS, Status.UNKNOWN):
        alive = [each for each in found if each.status is status]
        if alive:
            return standing(clusters(alive))
    return None


def sureness(chosen: Standing, found: Sequence[Findings], table: Table | None = None) -> float:
    """Probability that a choice is right, by what was found out of it and of its rivals."""
    return confidence(signals(chosen, found), chosen.choice.candidate.model, table)


def refuted(found: Sequence[Findings], held_out: str, remaining: int) -> Ruling:
    """The ruling where execution spoke against every candidate; the best of them is the one to repair."""
    if not found:
        return Ruling(0.0, Status.UNKNOWN)
    best = max(found, key=lambda each: each.share)
    return Ruling(
        0.0,
        Status.FAIL,
        best.candidate,
        (best.candidate,),
        settled=remaining == 0,
        evidence=_evidence(found),
        feedback=feedback(best, held_out),
        brief=brief(best, held_out),
    )


def _status(choice: Findings, sure: float, kind: RequestKind) -> Status:
    """Cases that passed speak for a choice; without any, draws that agree so well that it is believed."""
    if choice.status is Status.PASS:
        return Status.PASS
    agrees = kind is RequestKind.IMPLEMENT and sure >= AGREED and any(choice.calls)
    return Status.PASS if agrees else Status.UNKNOWN


def _evidence(found: Sequence[Findings]) -> tuple[Evidence, ...]:
    return tuple(piece for each in found for piece in each.evidence)


def paper_rule(found: Sequence[Findings], docket: Docket, remaining: int, *, seed: int = 0) -> Ruling:  # noqa: ARG001 -- the paper looks at verdicts alone
    """The paper's gate: any candidate that passes, at random; nothing is told of the others."""
    ordered = sorted(found, key=lambda each: each.candidate.text)  # not as their runs happened to end
    verdicts = [(each.candidate, each.status) for each in ordered]
    ruling = any_pass(verdicts, random.Random(f"{seed}/{len(found)}"), remaining)  # noqa: S311 -- a draw, no secret
    return replace(ruling, evidence=tuple(piece for each in found for piece in each.evidence))


def feedback(found: Findings, held_out: str) -> str:
    """What a local repair may see of a candidate's failures, without the held-out example."""
    return _told([failure.detail for failure in _shown(found, held_out)], FEEDBACK)


def brief(found: Findings, held_out: str) -> str:
    """What a model on another machine may see of them (security part 2.5)."""
    return _told([failure.brief for failure in _shown(found, held_out)], BRIEF)


def _shown(found: Findings, held_out: str) -> list[Failure]:
    return [failure for failure in found.failures if not held_out or failure.case != held_out][:3]


def _told(details: list[str], most: int) -> str:
    told = "\n\n".join(detail.strip() for detail in details)
    return told[:most] or "It does not do what the description asks for in every case."
