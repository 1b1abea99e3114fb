"""What happened in each stage of a solve, as numbers: what rates are fitted to."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from cope_lsp.cascade.events import CandidateDrawn, PlanWritten, Ruled, StageEntered, StageLeft
from cope_lsp.cascade.problem import Role, Status, Usage
from cope_lsp.code.findings import EXECUTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.cascade.events import Event
    from cope_lsp.cascade.problem import Candidate, Ruling


@dataclass(frozen=True, slots=True)
class Turn:
    """One draw: `yes` of those before it did, `no` did not, and whether this one does."""

    yes: int
    no: int
    does: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """One stage of one step.

    `draws` leaves repairs out; `passed` of them ran and failed nothing. `confidence` is the last ruling's,
    accepted or not. `joins`: of the draws after the first that stands, which behave like the one that leads.
    `repaired`: whether a repair was accepted; None where none was tried. `guideline` and `drawn` are what the
    large plan and the draws consumed.
    """

    stage: str
    draws: int = 0
    passed: int = 0
    accepted: bool = False
    confidence: float = 0.0
    joins: tuple[Turn, ...] = ()
    repaired: bool | None = None
    guideline: Usage | None = None
    drawn: Usage = field(default_factory=Usage)


@dataclass(slots=True)
class Teller:
    """An observer of solves that keeps a tally of every stage that was left."""

    tallies: list[Tally] = field(default_factory=list[Tally])
    _candidates: list[Candidate] = field(default_factory=list["Candidate"])
    _rulings: list[Ruled] = field(default_factory=list[Ruled])
    _guideline: Usage | None = None

    def __call__(self, event: Event) -> None:
        """Hear one event."""
        match event:
            case StageEntered():
                self._candidates, self._rulings, self._guideline = [], [], None
            case PlanWritten(plan=plan, cached=False) if plan.role is Role.GUIDELINE:
                self._guideline = plan.usage
            case CandidateDrawn():
                self._candidates.append(event.candidate)
            case Ruled():
                self._rulings.append(event)
            case StageLeft():
                self.tallies.append(self._tally(event))
            case _:
                pass

    def _tally(self, left: StageLeft) -> Tally:
        ruling = self._rulings[-1].ruling if self._rulings else None
        draws = [each for each in self._candidates if each.repairs is None]
        repairs = [each for each in self._candidates if each.repairs is not None]
        return Tally(
            left.stage,
            len(draws),
            0 if ruling is None else sum(_passed(each, ruling) for each in draws),
            left.accepted,
            0.0 if ruling is None else ruling.confidence,
            tuple(_joins(self._rulings)),
            left.accepted and ruling is not None and ruling.choice in repairs if repairs else None,
            self._guideline,
            sum((each.usage for each in draws), Usage()),
        )


def _passed(candidate: Candidate, ruling: Ruling) -> bool:
    own = [piece for piece in ruling.evidence if piece.candidate == candidate]
    failed = any(piece.status is Status.FAIL for piece in own)
    return not failed and any(piece.status is Status.PASS and piece.source in EXECUTED for piece in own)


def _joins(rulings: Sequence[Ruled]) -> list[Turn]:
    """A turn for each draw after something stood; those that failed do not join it."""
    turns: list[Turn] = []
    for before, after in pairwise(rulings):
        led, now = before.ruling, after.ruling
        if led.choice is None or led.status is Status.FAIL or after.drawn != before.drawn + 1:
            continue
        grew = led.choice in now.group and len(now.group) > len(led.group)
        company = len(led.group)
        turns.append(Turn(company - 1, before.drawn - company, grew))
    return turns
