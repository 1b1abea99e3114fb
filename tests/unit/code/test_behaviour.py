"""An edit that must change nothing is compared with the old code, as far as both are settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Candidate, Status
from cope_lsp.code.baseline import Baseline
from cope_lsp.code.behaviour import compared
from cope_lsp.code.problem import RequestKind
from cope_lsp.languages.running import Outcome, Verdict
from tests.support.judging import asked, written

if TYPE_CHECKING:
    from pathlib import Path

CANDIDATE = Candidate("", "scripted")


def gave(value: str, *, outcome: Outcome = Outcome.PASSED, likeness: str | None = None) -> Verdict:
    """What a call did."""
    return Verdict(
        "call:0", outcome, ran_target=True, value=value, likeness=value if likeness is None else likeness
    )


UNSTABLE = gave("unstable", likeness="")
HUNG = gave("timed out", outcome=Outcome.TIMED_OUT)
MISSING = gave("", outcome=Outcome.MISSING)
EXHAUSTED = gave('{"raised": ["builtins.RecursionError"]}')

TOLD = [
    (gave("1"), gave("1"), Status.PASS),
    (gave("1"), gave("2"), Status.FAIL),
    (gave("1"), HUNG, Status.FAIL),
    (gave("1"), UNSTABLE, Status.UNKNOWN),
    (UNSTABLE, gave("1"), Status.UNKNOWN),
    (UNSTABLE, UNSTABLE, Status.UNKNOWN),
    (HUNG, gave("1"), Status.UNKNOWN),
    (EXHAUSTED, gave("1"), Status.UNKNOWN),
    (gave("1"), MISSING, Status.UNKNOWN),
]


@pytest.mark.parametrize(("old", "new", "status"), TOLD)
def test_only_settled_answers_are_compared(
    tmp_path: Path, old: Verdict, new: Verdict, status: Status
) -> None:
    """What varies by itself speaks neither for an edit nor against it."""
    root = written(tmp_path, {"m.py": "def f():\n    return 1\n"})
    request = asked(root, "m.py", "f", kind=RequestKind.EDIT, instruction="simplify")
    before = Baseline({"call:0": old})
    evidence, failures = compared(request, before, ("f()",), [new], CANDIDATE)
    assert evidence.status is status
    assert bool(failures) == (status is Status.FAIL)
