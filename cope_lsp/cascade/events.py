"""What an observer of `solve` hears, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Candidate, Plan, Ruling


@dataclass(frozen=True, slots=True)
class StageEntered:
    """A stage begins; it may draw up to `samples` candidates."""

    stage: str
    samples: int


@dataclass(frozen=True, slots=True)
class PlanWritten:
    """A planner wrote (or the store gave) a plan."""

    stage: str
    plan: Plan
    cached: bool


@dataclass(frozen=True, slots=True)
class CandidateDrawn:
    """The `number`-th candidate of a stage came back from its model."""

    stage: str
    number: int
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Ruled:
    """The trial ruled after the latest candidate."""

    stage: str
    drawn: int
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class StageLeft:
    """A stage ended; `reason` says in words why (accepted, all failed, deadline, …)."""

    stage: str
    accepted: bool
    reason: str


Event: TypeAlias = StageEntered | PlanWritten | CandidateDrawn | Ruled | StageLeft
Observer: TypeAlias = Callable[[Event], None]
