"""Where a job stands, in words."""

from __future__ import annotations

import pytest

from cope_lsp.cascade.events import CandidateDrawn, PlanWritten, Ruled, StageEntered, StageLeft
from cope_lsp.cascade.problem import Candidate, Evidence, Plan, Role, Ruling, Status, Usage
from cope_lsp.engine.front import money
from cope_lsp.lsp.standing import Standing, advance
from cope_lsp.models.provider import Loading

CANDIDATE = Candidate("x", "small", usage=Usage(cost_usd=0.01))


def ruled(*counts: tuple[str, int, int]) -> Ruled:
    """A ruling over one candidate."""
    evidence = tuple(
        Evidence(CANDIDATE, source, Status.FAIL, passed, total) for source, passed, total in counts
    )
    return Ruled("small", 1, Ruling(0.0, Status.FAIL, evidence=evidence))


def test_a_line_names_stage_samples_tests_and_money() -> None:
    """As the progress bar shows it."""
    standing = Standing()
    for event in (
        StageEntered("small", 8),
        CandidateDrawn("small", 1, CANDIDATE),
        ruled(("syntax", 1, 1), ("examples", 1, 2), ("tests", 2, 2)),
    ):
        standing = advance(standing, event)
    assert str(standing) == "local · 1 of 8 drawn · 3 of 4 tests · $0.01"


def test_a_plan_from_the_store_costs_nothing() -> None:
    """It was paid for when it was written."""
    plan = Plan("sort it", Role.GUIDELINE, "large", usage=Usage(cost_usd=0.02))
    assert advance(Standing(), PlanWritten("guided", plan, cached=True)).cost_usd == 0.0
    assert advance(Standing(), PlanWritten("guided", plan, cached=False)).cost_usd == 0.02


def test_an_unknown_price_stays_unknown() -> None:
    """No number is made up."""
    drawn = CandidateDrawn("large", 1, Candidate("x", "large", usage=Usage(cost_usd=None)))
    standing = advance(advance(Standing(), drawn), CandidateDrawn("large", 2, CANDIDATE))
    assert standing.cost_usd is None
    assert str(standing).endswith("cost unknown")


def test_a_new_stage_begins_its_own_count() -> None:
    """Money goes on, samples and tests start again."""
    standing = advance(Standing("small", 3, 8, 1, 2, 0.5, ""), StageEntered("large", 1))
    assert (standing.drawn, standing.passed, standing.cost_usd) == (0, 0, 0.5)
    assert advance(standing, StageLeft("large", accepted=False, reason="all failed")).detail == "all failed"


def test_loading_a_model_shows_how_far_it_is() -> None:
    """Also where the fraction is not known."""
    assert "pulling small 50%" in str(advance(Standing(), Loading("small", "pulling", 0.5)))
    assert "loading small ·" in str(advance(Standing(), Loading("small", "loading")))


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0.0, "$0.00"), (0.0004, "$0.0004"), (0.0123, "$0.01"), (2.0, "$2.00"), (None, "cost unknown")],
)
def test_small_amounts_keep_their_digits(amount: float | None, text: str) -> None:
    """$0.0004 is not $0.00."""
    assert money(amount) == text
