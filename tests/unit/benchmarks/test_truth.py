"""Truth: what the benchmark's own tests and the reference's behaviour say of a candidate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.judge.stored import Store
from benchmarks.mutated_inputs import mutated, seen_arguments
from benchmarks.samples import Hidden
from benchmarks.truth import Truth, truth_bench, truths

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = '''\
def largest(numbers: list):
    """The largest number, None where there is none.
    >>> largest([1, 5, 2])
    5
    """
    return max(numbers, default=None)
'''
THIN = """\
def check(candidate):
    assert candidate([1, 2]) == 2
    assert candidate([]) is None
    assert candidate([3]) == 3
"""
HIDDEN = Hidden("Set/0", "largest", REFERENCE, THIN)
LAST = REFERENCE.replace("max(numbers, default=None)", "numbers[-1] if numbers else None")
LEAST = REFERENCE.replace("max", "min")


RIGHT, FOUND, WRONG = (
    Truth(tests=True, reference=True),
    Truth(tests=True, reference=False),
    Truth(tests=False, reference=False),
)


async def test_a_wrong_candidate_that_passes_the_tests_is_found_by_the_reference(tmp_path: Path) -> None:
    """The last item passes thin tests and is not the largest of other numbers; two runs find the same."""
    first, second = Store(tmp_path / "first.jsonl"), Store(tmp_path / "second.jsonl")
    async with truth_bench() as bench:
        found = await truths(HIDDEN, [REFERENCE, LAST, LEAST], bench, first)
        assert found == (RIGHT, FOUND, WRONG)
        assert [each.right for each in found] == [True, False, False]
        again = await truths(HIDDEN, [LAST, REFERENCE, LEAST], bench, second)
    kept = [(tmp_path / name).read_text().splitlines() for name in ("first.jsonl", "second.jsonl")]
    assert again == (FOUND, RIGHT, WRONG)
    assert sorted(kept[0]) == sorted(kept[1])


async def test_what_the_store_knows_is_not_run_again(tmp_path: Path) -> None:
    """With a bench that runs nothing, a known candidate still has its truth."""
    store = Store(tmp_path / "a.jsonl")
    async with truth_bench() as bench:
        await truths(HIDDEN, [LAST], bench, store)
        idle = replace(bench, run=None)
        assert await truths(HIDDEN, [LAST], idle, Store(tmp_path / "a.jsonl")) == (FOUND,)


async def test_what_could_not_run_is_not_kept(tmp_path: Path) -> None:
    """A bench that runs nothing says nothing lasting of a candidate."""
    store = Store(tmp_path / "a.jsonl")
    async with truth_bench() as bench:
        (found,) = await truths(HIDDEN, [REFERENCE], replace(bench, run=None), store)
        assert not found.tests
        assert await truths(HIDDEN, [REFERENCE], bench, store) == (RIGHT,)


async def test_too_few_inputs_leave_the_reference_silent(tmp_path: Path) -> None:
    """Where no call of the tests shows literals, only the tests speak; a candidate may be called `check`."""
    reference = "def check(x):\n    return x\n"
    hidden = Hidden("Set/1", "check", reference, "def check(candidate):\n    assert candidate(*[4]) == 4\n")
    async with truth_bench() as bench:
        (found,) = await truths(hidden, [reference], bench, Store(tmp_path / "a.jsonl"))
    assert found == Truth(tests=True, reference=None)


def test_mutated_inputs_keep_what_all_seen_ones_share() -> None:
    """Types, signs, order, equal lengths and closed brackets stay; a seed gives the same inputs."""
    seen = seen_arguments(
        ["f([1, 2], 'ab', '()')", "assert f([0, 4, 5], 'xyz', '(())') == 1\nf([1], 'q', '()()')\nf(x, 1)"],
        ["f"],
    )
    assert len(seen) == 3
    new = mutated(seen, 50, 0)
    assert len(new) == 50 == len({repr(each) for each in new})
    assert new == mutated(seen, 50, 0) != mutated(seen, 50, 1)
    for numbers, text, brackets in new:
        assert numbers == sorted(numbers)
        assert min(numbers) >= 0
        assert len(numbers) == len(text)
        assert brackets.count("(") == brackets.count(")") > 0


def test_a_number_that_counts_the_items_goes_on_doing_so() -> None:
    """Where callers always give the length with the list, mutants do."""
    seen = seen_arguments(["f([4, 9], 2)", "f([7], 1)", "f([1, 8, 3], 3)"], ["f"])
    assert {len(numbers) - count for numbers, count in mutated(seen, 40, 0)} == {0}


@pytest.mark.parametrize("text", ["g(1)", "f(x)", "f()", "f(a=1)"])
def test_calls_without_literal_arguments_are_not_seen(text: str) -> None:
    """Another function, a name, nothing, a keyword."""
    assert seen_arguments([text], ["f"]) == ()
