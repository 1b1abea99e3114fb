"""All that is known of one candidate, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Status

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Candidate, Evidence

EXECUTED = ("examples", "tests", "behaviour", "diagnosis", "answer")
"""Sources that ran something; the others only read the text."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that speaks against a candidate; `case` is the example or test, empty for a reading.

    `brief` is what of it may leave the machine.
    """

    case: str
    detail: str
    brief: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Evidence on one candidate.

    `text` is the whole file with the candidate in it. `behaviour` names what it does on the generated
    inputs: equal names behave alike; empty where nothing ran. `calls` says the same call by call, made
    comparable (floats, kinds of numbers), `traces` test by test what the target was seen to do there; empty
    where that says nothing. `assertions` are the self-made tests: held, did not, unknown. `mutants` of the
    candidate: how many the visible tests kill of how many tried. `proofs` are counted passes of cases that
    failed before; `changed` of these are cases that the old code failed.
    """

    candidate: Candidate
    evidence: tuple[Evidence, ...]
    text: bytes | None = None
    behaviour: str = ""
    proofs: int = 0
    changed: int = 0
    failures: tuple[Failure, ...] = ()
    calls: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    assertions: tuple[bool | None, ...] = ()
    mutants: tuple[int, int] = (0, 0)

    @property
    def status(self) -> Status:
        """FAIL by its own fault, PASS by execution, else UNKNOWN."""
        if any(piece.status is Status.FAIL for piece in self.evidence):
            return Status.FAIL
        passed = any(piece.status is Status.PASS and piece.source in EXECUTED for piece in self.evidence)
        return Status.PASS if passed else Status.UNKNOWN

    @property
    def share(self) -> float:
        """Share of checks passed, over all that ran or was read."""
        total = sum(piece.total for piece in self.evidence)
        return sum(piece.passed for piece in self.evidence) / total if total else 0.0
