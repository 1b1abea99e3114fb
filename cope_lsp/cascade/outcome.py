"""What came of a cascade: one outcome a stage, and the result over all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Candidate, Status, Usage

if TYPE_CHECKING:
    from cope_lsp.cascade.errors import ModelError
    from cope_lsp.cascade.problem import Plan, Ruling


class End(StrEnum):
    """Why a cascade ended.

    UNCHECKED: its last stage returns what it drew as it is. UNVERIFIED: a ruling was neither acceptance
    nor a reason to go on. EXHAUSTED: no stage is left. UNAVAILABLE: no model gave a candidate.
    """

    ACCEPTED = "accepted"
    UNCHECKED = "unchecked"
    UNVERIFIED = "unverified"
    EXHAUSTED = "exhausted"
    UNAVAILABLE = "unavailable"
    DEADLINE = "deadline"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """What one stage did.

    `ruling` is None where nothing was judged; `errors` are the calls that gave no usable reply; `plan` is
    the plan shared by the stage's draws; `usage` includes what plans and failed draws consumed.
    """

    stage: str
    candidates: tuple[Candidate, ...] = ()
    ruling: Ruling | None = None
    accepted: bool = False
    reason: str = ""
    plan: Plan | None = None
    errors: tuple[ModelError, ...] = ()
    usage: Usage = field(default_factory=Usage)

    @property
    def error(self) -> ModelError | None:
        """Why the stage brought no candidate at all, where a model is to blame."""
        return self.errors[0] if self.errors and not self.candidates else None

    @property
    def failure(self) -> str | None:
        """The error's text for people, with its remedy."""
        return None if self.error is None else str(self.error)

    @property
    def best(self) -> Candidate | None:
        """The ruling's choice, or the candidate with the largest share of passed checks (the earliest)."""
        if self.ruling is not None and self.ruling.choice is not None:
            return self.ruling.choice
        return max(self.candidates, key=self._share, default=None)

    @property
    def standing(self) -> tuple[int, float, float]:
        """How far `best` is to be trusted, for comparison: status, confidence, share of passed checks."""
        best = self.best
        status = Status.UNKNOWN if self.ruling is None else self.ruling.status
        confidence = 0.0 if self.ruling is None else self.ruling.confidence
        return _RANK[status], confidence, 0.0 if best is None else self._share(best)

    def _share(self, candidate: Candidate) -> float:
        found = () if self.ruling is None else self.ruling.evidence
        own = [evidence for evidence in found if evidence.candidate == candidate]
        total = sum(evidence.total for evidence in own)
        return sum(evidence.passed for evidence in own) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a cascade came to; `end` says why it went no further."""

    outcomes: tuple[StageOutcome, ...]
    end: End

    @property
    def accepted(self) -> Ruling | None:
        """The ruling that accepted a candidate, never that of an unchecked stage."""
        return next((outcome.ruling for outcome in self.outcomes if outcome.accepted), None)

    @property
    def best(self) -> Candidate | None:
        """The accepted candidate, else an unchecked stage's, else the one most to be trusted."""
        leading = self.leading
        return None if leading is None else leading.best

    @property
    def leading(self) -> StageOutcome | None:
        """The outcome that `best` comes from; the later stage on a tie."""
        holding = [outcome for outcome in self.outcomes if outcome.candidates]
        if self.end in {End.ACCEPTED, End.UNCHECKED}:
            return holding[-1]
        return max(reversed(holding), key=lambda outcome: outcome.standing, default=None)

    @property
    def usage(self) -> Usage:
        """What all stages consumed together."""
        return sum((outcome.usage for outcome in self.outcomes), Usage())

    @property
    def error(self) -> ModelError | None:
        """Why there is no candidate at all, where a model is to blame: the first such error."""
        if self.best is not None:
            return None
        return next((outcome.error for outcome in self.outcomes if outcome.error is not None), None)

    @property
    def failure(self) -> str | None:
        """The error's text for people, with its remedy."""
        return None if self.error is None else str(self.error)


_RANK = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.PASS: 2}
