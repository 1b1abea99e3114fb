"""What a person sees of a solve while it runs."""

from __future__ import annotations

import io
from functools import reduce

from rich.console import Console

from cope_lsp.cascade.events import CandidateDrawn, Ruled, StageEntered, StageLeft
from cope_lsp.cascade.problem import Candidate, Evidence, Ruling, Status, Usage
from cope_lsp.cli.progress import Heard, Progress, advance, render

GOOD = Candidate("return 1", "small", usage=Usage(cost_usd=0.25, calls=1))
PASSES = Ruling(0.9, Status.PASS, choice=GOOD, evidence=(Evidence(GOOD, "tests", Status.PASS, 4, 4),))


def shown(*heard: Heard) -> str:
    """The display after these events, as text."""
    out = io.StringIO()
    Console(file=out, width=200).print(render(reduce(advance, heard, Progress())))
    return out.getvalue()


def test_the_display_names_stage_samples_tests_and_money() -> None:
    """After a candidate and a ruling, all four are there."""
    text = shown(StageEntered("small", 8), CandidateDrawn("small", 1, GOOD), Ruled("small", 1, PASSES))
    for part in ("local", "1 of 8", "4 of 4 tests", "$0.25"):
        assert part in text


def test_a_stage_that_ended_leaves_its_reason() -> None:
    """The next stage starts its own count below it."""
    text = shown(
        StageEntered("small", 8),
        StageLeft("small", accepted=False, reason="every candidate failed"),
        StageEntered("guided", 4),
    )
    first, second = text.splitlines()
    assert first.strip() == "✗ local · every candidate failed · $0.00"
    assert "with a plan" in second


def test_before_the_first_event_something_is_said() -> None:
    """The display never stands empty."""
    assert "starting" in shown()


def test_a_reason_cannot_command_the_terminal() -> None:
    """A stage's reason may quote a model server's words."""
    assert "\x1b" not in shown(StageLeft("small", accepted=False, reason="\x1b[2J"))
