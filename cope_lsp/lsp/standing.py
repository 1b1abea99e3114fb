"""Where a job stands, as people see it: stage, samples, tests, money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cope_lsp.cascade.events import CandidateDrawn, PlanWritten, Ruled, StageEntered, StageLeft
from cope_lsp.engine.front import WHERE, money

if TYPE_CHECKING:
    from cope_lsp.cascade.events import Event
    from cope_lsp.cascade.problem import Ruling, Usage
    from cope_lsp.models.provider import Loading


@dataclass(frozen=True, slots=True)
class Standing:
    """A job's progress. `passed` of `total` is the best candidate's; `cost_usd` is None when unknown."""

    stage: str = ""
    drawn: int = 0
    samples: int = 0
    passed: int = 0
    total: int = 0
    cost_usd: float | None = 0.0
    detail: str = "starting"

    def __str__(self) -> str:
        """One line for a progress bar."""
        parts = [WHERE.get(self.stage, self.stage)] if self.stage else []
        if self.drawn:
            parts.append(f"{self.drawn} of {self.samples} drawn")
        if self.total:
            parts.append(f"{self.passed} of {self.total} tests")
        parts += [self.detail] if self.detail else []
        return " · ".join([*parts, money(self.cost_usd)])


def advance(standing: Standing, event: Event | Loading) -> Standing:
    """The standing after an event."""
    match event:
        case StageEntered():
            return replace(
                standing,
                stage=event.stage,
                samples=event.samples,
                drawn=0,
                passed=0,
                total=0,
                detail="planning",
            )
        case PlanWritten():
            cost = standing.cost_usd if event.cached else _added(standing.cost_usd, event.plan.usage)
            return replace(standing, cost_usd=cost, detail="drafting")
        case CandidateDrawn():
            cost = _added(standing.cost_usd, event.candidate.usage)
            return replace(standing, drawn=event.number, cost_usd=cost, detail="testing")
        case Ruled():
            passed, total = _best_count(event.ruling)
            return replace(standing, drawn=event.drawn, passed=passed, total=total, detail="")
        case StageLeft():
            return replace(standing, detail=event.reason)
        case _:
            done = "" if event.fraction is None else f" {event.fraction:.0%}"
            return replace(standing, detail=f"{event.detail} {event.model}{done}")


_STATIC = frozenset({"syntax", "contract"})


def _added(cost: float | None, usage: Usage) -> float | None:
    return None if cost is None or usage.cost_usd is None else cost + usage.cost_usd


def _best_count(ruling: Ruling) -> tuple[int, int]:
    counts: dict[int, tuple[int, int]] = {}
    for evidence in ruling.evidence:
        if evidence.source in _STATIC:
            continue
        passed, total = counts.get(id(evidence.candidate), (0, 0))
        counts[id(evidence.candidate)] = (passed + evidence.passed, total + evidence.total)
    if ruling.choice is not None and id(ruling.choice) in counts:
        return counts[id(ruling.choice)]
    return max(counts.values(), default=(0, 0))
