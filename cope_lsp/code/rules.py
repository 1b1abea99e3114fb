"""From findings to a ruling: pure functions, so that a benchmark can put one in another's place."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from cope_lsp.cascade.problem import Ruling, Status
from cope_lsp.cascade.rulings import any_pass
from cope_lsp.code.confidence import confidence, unexecuted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.code.findings import Failure, Findings
    from cope_lsp.code.problem import RequestKind

FEEDBACK, BRIEF = 3000, 1000
"""Most characters of feedback that stays here, and of what may leave."""


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


def default_rule(found: Sequence[Findings], docket: Docket, remaining: int) -> Ruling:
    """Execution first, then the largest cluster that behaves alike; its first member is chosen."""
    evidence = tuple(piece for each in found for piece in each.evidence)
    for status in (Status.PASS, Status.UNKNOWN):
        alive = [each for each in found if each.status is status]
        if alive:
            group = largest_cluster(alive)
            sure = (
                confidence(group[0], len(group), len(alive), docket.kind)
                if status is Status.PASS
                else unexecuted(len(group), len(alive))
            )
            members = tuple(each.candidate for each in group)
            settled = remaining == 0 or not docket.executes
            return Ruling(sure, status, members[0], members, settled, evidence)
    if not found:
        return Ruling(0.0, Status.UNKNOWN)
    best = max(found, key=lambda each: each.share)
    return Ruling(
        0.0,
        Status.FAIL,
        best.candidate,
        (best.candidate,),
        settled=remaining == 0,
        evidence=evidence,
        feedback=feedback(best, docket.held_out),
        brief=brief(best, docket.held_out),
    )


def paper_rule(found: Sequence[Findings], docket: Docket, remaining: int, *, seed: int = 0) -> Ruling:  # noqa: ARG001 -- the paper looks at verdicts alone
    """The paper's gate: any candidate that passes, at random; nothing is told of the others."""
    verdicts = [(each.candidate, each.status) for each in found]
    ruling = any_pass(verdicts, random.Random(f"{seed}/{len(found)}"), remaining)  # noqa: S311 -- a draw, no secret
    return replace(ruling, evidence=tuple(piece for each in found for piece in each.evidence))


def largest_cluster(found: Sequence[Findings]) -> list[Findings]:
    """The most candidates that behave alike, in order; of equals the one whose first member came first."""
    clusters: dict[str, list[Findings]] = {}
    for each in found:
        clusters.setdefault(each.behaviour or f"alone {id(each)}", []).append(each)
    return max(clusters.values(), key=len)


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
