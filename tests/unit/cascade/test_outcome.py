"""Which candidate a result offers, and what it says of failures and money."""

from __future__ import annotations

from cope_lsp.cascade.errors import ModelUnavailable
from cope_lsp.cascade.outcome import End, Result, StageOutcome
from cope_lsp.cascade.problem import Candidate, Evidence, Ruling, Status, Usage

A, B = Candidate("a", "small"), Candidate("b", "small")
DOWN = ModelUnavailable("Nothing listens.", fix="Start it.")


def checked(candidate: Candidate, passed: int, total: int) -> Evidence:
    """Evidence of so many passed checks."""
    return Evidence(candidate, "tests", Status.FAIL, passed, total)


def failing(stage: str, *evidence: Evidence) -> StageOutcome:
    """An outcome whose candidates all failed."""
    candidates = tuple(found.candidate for found in evidence)
    return StageOutcome(stage, candidates, Ruling(0.0, Status.FAIL, evidence=evidence))


def test_best_of_a_failed_stage_passed_the_largest_share() -> None:
    """Where a ruling makes no choice, the evidence does; candidates without any come last."""
    outcome = failing("small", checked(A, 1, 4), checked(B, 3, 4))
    assert outcome.best == B
    assert StageOutcome("small", (A, B)).best == A
    assert StageOutcome("small").best is None


def test_later_stage_leads_only_if_it_is_not_worse() -> None:
    """A large model's failure gives way to an earlier candidate that passed more, and wins a tie."""
    worse = Result((failing("small", checked(A, 3, 4)), failing("large", checked(B, 1, 4))), End.EXHAUSTED)
    equal = Result((failing("small", checked(A, 1, 4)), failing("large", checked(B, 1, 4))), End.EXHAUSTED)
    assert worse.best == A
    assert equal.best == B


def test_unjudged_candidate_is_better_than_a_failed_one() -> None:
    """What nothing speaks against comes before what execution refuted."""
    result = Result((failing("small", checked(A, 3, 4)), StageOutcome("large", (B,))), End.DEADLINE)
    assert result.best == B


def test_unchecked_answer_leads() -> None:
    """The paper's last stage is the answer, whatever came before."""
    split = StageOutcome("small", (A,), Ruling(0.6, Status.PASS, A, (A,)))
    result = Result((split, StageOutcome("large", (B,))), End.UNCHECKED)
    assert result.best == B
    assert result.accepted is None


def test_result_adds_up_what_was_used() -> None:
    """Usage is the sum over the stages; one unknown price makes the sum unknown."""
    known = StageOutcome("small", usage=Usage(10, 0, 5, 1.0, 0.0, 1))
    paid = StageOutcome("large", usage=Usage(10, 8, 5, 2.0, 0.25, 1))
    unpriced = StageOutcome("large", usage=Usage(cost_usd=None, calls=1))
    assert Result((known, paid), End.EXHAUSTED).usage == Usage(20, 8, 10, 3.0, 0.25, 2)
    assert Result((known, unpriced), End.EXHAUSTED).usage.cost_usd is None
    assert Result((), End.UNAVAILABLE).usage == Usage()


def test_failure_is_told_only_where_nothing_came() -> None:
    """One failed call among candidates is an error of the stage, not the failure of the result."""
    partly = StageOutcome("small", (A,), errors=(DOWN,))
    wholly = StageOutcome("small", errors=(DOWN,))
    assert (partly.error, partly.failure) == (None, None)
    assert (wholly.error, wholly.failure) == (DOWN, "Nothing listens. Start it.")
    assert Result((partly,), End.UNVERIFIED).failure is None
    failed = Result((wholly,), End.UNAVAILABLE)
    assert (failed.error, failed.failure) == (DOWN, "Nothing listens. Start it.")
    assert Result((), End.DEADLINE).error is None
