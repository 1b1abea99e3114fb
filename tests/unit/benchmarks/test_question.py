"""The simulated user of `benchmarks.question` knows what the reference gives, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.judge.cases import Case
from benchmarks.judge.collecting import Judged
from benchmarks.question import Replay, User, Way
from benchmarks.samples import Hidden, Visible
from cope_lsp.cascade.problem import NEITHER, Inquiry
from tests.support.scripted_sandbox import returned, scripted_bench

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STUB = 'def f(x: int) -> int:\n    """Twice.\n\n    >>> f(1)\n    2\n    """\n'
HIDDEN = Hidden("Any/0", "f", f"{STUB}    return 2 * x\n", "raise RuntimeError('nobody reads this')")


def says(text: str, case: str) -> Mapping[str, Any] | None:
    """The reference doubles, and refuses zero."""
    assert "return 2 * x" in text
    if case == "f(0)":
        return {"outcome": "raised", "raised": ["builtins.ValueError"], "message": "", "detail": ""}
    return returned(10)


@pytest.mark.parametrize(
    ("inquiry", "answer"),
    [
        (Inquiry("f(5)", ("10", "25")), "10"),
        (Inquiry("f(5)", ("7", "25")), NEITHER),
        (Inquiry("f(0)", ("0", "1")), None),
        (Inquiry("f(0)", ("raises ValueError", "1")), "raises ValueError"),
    ],
    ids=["on offer", "not on offer", "no proper input", "refused, and that is on offer"],
)
async def test_answers_come_from_the_reference(tmp_path: Path, inquiry: Inquiry, answer: str | None) -> None:
    """The value where it is on offer; what the reference refuses is dismissed unless a candidate does too."""
    shown = Visible(STUB, "f", (), (), (), "", saw_examples=False)
    bench, _ = scripted_bench(says, tmp_path)
    user = User(Replay(Judged(Case(0, shown), ()), bench), HIDDEN, bench)
    assert await user.consult(inquiry) == answer
    assert user.asked == 1


def test_a_wrong_one_costs_its_price() -> None:
    """Nine right and one wrong are worth nothing at a price of nine."""
    assert Way(accepted=10, right=9).net_benefit == {"4": 5, "9": 0, "19": -10}
