"""From findings to a ruling: what is chosen, how sure, and when agreement may speak alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from cope_lsp.cascade.problem import Candidate, Evidence, Status
from cope_lsp.code.findings import Findings
from cope_lsp.code.problem import RequestKind
from cope_lsp.code.rules import AGREED, choose, default_rule

CALLS = 24


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule knows of a request."""

    kind: RequestKind = RequestKind.IMPLEMENT
    executes: bool = True
    held_out: str = ""


def drawn(name: str, does: str, proofs: int = 0) -> Findings:
    """A candidate by what all its calls give; it passed so many cases that failed before."""
    candidate = Candidate(name, "scripted")
    passed = (Evidence(candidate, "examples", Status.PASS, proofs, proofs),) if proofs else ()
    calls = tuple(f"{does} {number}" for number in range(CALLS))
    return Findings(candidate, passed, name.encode(), does, proofs, calls=calls)


def failed(name: str, does: str) -> Findings:
    """A candidate that a case spoke against."""
    found = drawn(name, does)
    return replace(found, evidence=(Evidence(found.candidate, "examples", Status.FAIL, 0, 2),))


def test_without_cases_one_draw_is_unknown_and_eight_that_agree_are_believed() -> None:
    """Agreement speaks where nothing else can, once it is as sure as an acceptance demands."""
    few = default_rule([drawn("a", "1")], Asked(), 7)
    many = default_rule([drawn(name, "1") for name in "abcdefgh"], Asked(), 0)
    assert (few.status, few.confidence < AGREED) == (Status.UNKNOWN, True)
    assert (many.status, many.confidence >= AGREED) == (Status.PASS, True)


@pytest.mark.parametrize("kind", [RequestKind.EDIT, RequestKind.FIX])
def test_agreement_alone_proves_no_edit_and_no_fix(kind: RequestKind) -> None:
    """That draws do the same does not show that they do what was asked of the old code."""
    ruling = default_rule([drawn(name, "1") for name in "abcdefgh"], Asked(kind), 0)
    assert ruling.status is Status.UNKNOWN


def test_draws_that_say_nothing_when_they_run_are_not_believed() -> None:
    """Equal texts of which no call says anything have not been executed, however many there are."""
    silent = [replace(drawn(name, "1"), calls=("",) * CALLS) for name in "abcdefgh"]
    ruling = default_rule(silent, Asked(), 0)
    assert (ruling.status, ruling.confidence < AGREED) == (Status.UNKNOWN, True)


def test_what_passed_comes_before_what_only_agrees() -> None:
    """One candidate that passed a case is chosen over two that could not be tried on it."""
    found = [drawn("a", "1"), drawn("b", "1"), drawn("c", "2", proofs=1)]
    ruling = default_rule(found, Asked(), 0)
    assert ruling.choice == found[2].candidate


def test_self_made_tests_weigh_and_never_veto() -> None:
    """Of two clusters of one size that for which tests hold is chosen; a larger one stands against it."""
    one = replace(drawn("a", "1"), assertions=(False, False))
    other = replace(drawn("b", "2"), assertions=(True, False))
    third = replace(drawn("c", "1"), assertions=(False, False))
    assert (tied := choose([one, other])) is not None
    assert (larger := choose([one, other, third])) is not None
    assert (tied.choice, larger.choice) == (other, one)


def test_draws_that_fail_lower_confidence_and_never_win() -> None:
    """A survivor among many that failed is trusted less than one among few."""
    alone = default_rule([drawn("a", "1", 2), failed("b", "2")], Asked(), 0)
    crowd = default_rule([drawn("a", "1", 2), *(failed(name, "2") for name in "bcdefg")], Asked(), 0)
    assert crowd.confidence < alone.confidence
    assert alone.choice == crowd.choice == Candidate("a", "scripted")


def test_the_cases_strength_weighs() -> None:
    """Cases that kill no mutant prove next to nothing; where none was tried, they count as they are."""
    unknown = drawn("a", "1", 2)
    weak, strong = (replace(unknown, mutants=(killed, 10)) for killed in (0, 10))
    sure = [default_rule([each], Asked(), 0).confidence for each in (weak, unknown, strong)]
    assert sure[0] + 0.2 < sure[1] == sure[2]
