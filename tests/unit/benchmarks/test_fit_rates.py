"""Chances of draws, from what recorded ones did."""

from __future__ import annotations

import random

from benchmarks.fit_rates import agreeing, likeliest, passing
from cope_lsp.cascade.problem import Candidate, Evidence, Status
from cope_lsp.code.findings import Findings


def found(does: str, status: Status) -> Findings:
    """A draw whose calls give this, and how its examples went."""
    candidate = Candidate(does, "scripted")
    evidence = (Evidence(candidate, "examples", status, int(status is Status.PASS), 1),)
    return Findings(candidate, evidence, behaviour=does, proofs=1, calls=(does,) * 4)


def test_the_fit_finds_the_chances_that_draws_were_made_with() -> None:
    """Two thousand problems, easy ones and hard ones, eight draws each: both pseudo-counts within a fifth."""
    chance = random.Random(7)  # noqa: S311 -- draws, no secret
    shares = (chance.betavariate(0.4, 0.8) for _ in range(2000))
    counts = [(sum(chance.random() < share for _ in range(8)), 8) for share in shares]
    some, others = likeliest(counts)
    assert abs(some / 0.4 - 1) < 0.2
    assert abs(others / 0.8 - 1) < 0.2


def test_agreement_is_counted_from_the_first_that_stands() -> None:
    """A failed draw leads nothing and agrees with nothing, whatever it does."""
    draws = [
        found("a", Status.FAIL),
        found("b", Status.PASS),
        found("a", Status.PASS),
        found("b", Status.PASS),
    ]
    assert agreeing(draws) == (1, 2)
    assert agreeing([*draws, found("b", Status.FAIL)]) == (1, 3)
    assert passing(draws) == (3, 4)


def test_where_nothing_stands_nothing_is_counted() -> None:
    """There is nothing to agree with."""
    assert agreeing([found("a", Status.FAIL), found("a", Status.FAIL)]) is None
