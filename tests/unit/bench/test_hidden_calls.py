"""Hidden calls become a test that adds to the benchmark's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cope_lsp.bench.coding.hidden_calls import HiddenCalls, read_hidden_calls, with_hidden_calls
from cope_lsp.bench.coding.problems import BenchmarkProblem
from cope_lsp.bench.rows import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GIVEN = "def check(candidate):\n    halves = candidate\n    assert halves([1]) == [0.5]\n"
PROBLEM = BenchmarkProblem("Set/0", "", "halves", "", GIVEN, "")
HIDDEN = HiddenCalls(("halves([2, 3])", "halves([])"), ("[1.0, 1.5]", "[]"))


def _passes(function: Callable[[list[float]], Any]) -> bool:
    problem = with_hidden_calls(PROBLEM, {"Set/0": HIDDEN})
    assert problem is not None
    names: dict[str, Any] = {}
    exec(problem.test, names)  # noqa: S102 -- our own text
    try:
        names["check"](function)
    except AssertionError:
        return False
    return True


def test_a_candidate_must_pass_the_given_test_and_every_hidden_call() -> None:
    """Floats need only be near; what fails either is wrong."""
    assert _passes(lambda numbers: [number / 2 + 1e-12 * (number > 1) for number in numbers])
    assert not _passes(lambda numbers: [number / 2 for number in numbers] if numbers != [1] else [])
    assert not _passes(lambda numbers: [number / 2 for number in numbers] or [0])
    assert not _passes(lambda numbers: tuple(number / 2 for number in numbers) if len(numbers) > 1 else [0.5])
    assert not _passes(lambda _: None)


def test_a_problem_without_hidden_calls_is_left_out(tmp_path: Path) -> None:
    """Dropped rows say why, and give no calls."""
    path = tmp_path / "hidden.jsonl"
    kept = {"task_id": "Set/0", "calls": ["f(1)"], "expected": ["2"]}
    path.write_text(f"{json.dumps(kept)}\n{json.dumps({'task_id': 'Set/1', 'dropped': 'few'})}\n")
    known = read_hidden_calls(path)
    assert known == {"Set/0": HiddenCalls(("f(1)",), ("2",))}
    assert with_hidden_calls(PROBLEM, {}) is None


def test_a_row_of_another_form_is_named(tmp_path: Path) -> None:
    """By file and line."""
    path = tmp_path / "other.jsonl"
    path.write_text('{"task_id": "Set/0"}\n')
    with pytest.raises(Unreadable, match="line 1"):
        read_hidden_calls(path)
