"""The report of a solve: what a person reads of how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.outcome import End, Result, StageOutcome
from cope_lsp.cascade.problem import Candidate, Ruling, Status
from cope_lsp.engine.report import render_report
from tests.support.judging import asked, written

if TYPE_CHECKING:
    from pathlib import Path

STUB = "def double(x: int) -> int:\n    ...\n"


def report(tmp_path: Path, status: Status, confidence: float) -> str:
    """The report of one stage with three candidates, two of them alike."""
    drawn = tuple(Candidate(text, "small") for text in ("a", "b", "c"))
    ruling = Ruling(confidence, status, drawn[0], drawn[:2])
    problem = asked(written(tmp_path, {"double.py": STUB}), "double.py", "double")
    return render_report(
        problem, Result((StageOutcome("small", drawn, ruling),), End.UNVERIFIED), "double: …"
    )


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (0.98, "nearly certain"),
        (0.9, "very likely"),
        (0.8, "likely"),
        (0.5, "more likely than not"),
        (0.2, "doubtful"),
    ],
)
def test_a_probability_is_told_in_words(tmp_path: Path, confidence: float, words: str) -> None:
    """With its number, and how many candidates behave alike."""
    text = report(tmp_path, Status.PASS, confidence)
    told = f"is right is {words} ({confidence:.0%}); 2 of 3 candidates behave like the best one."
    assert told in text


@pytest.mark.parametrize("status", [Status.FAIL, Status.UNKNOWN])
def test_what_did_not_pass_gets_no_probability(tmp_path: Path, status: Status) -> None:
    """Nothing spoke for it, so a number would only mislead."""
    assert "is right is" not in report(tmp_path, status, 0.4)
