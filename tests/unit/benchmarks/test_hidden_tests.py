"""Hidden tests for MBPP: who says which calls count, and that the same solutions give the same file."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.hidden_inputs import inputs
from benchmarks.hidden_tests import LEAST, MOST, Examined, Offered, agreed, examine, literal, tally, write
from benchmarks.samples import Draw, Sample
from cope_lsp.bench.coding.hidden_calls import read_hidden_calls
from cope_lsp.bench.coding.room import room
from cope_lsp.languages.running import Outcome, Verdict

if TYPE_CHECKING:
    from pathlib import Path

STUB = 'def last(items):\n    """The last item.\n\n    last([1, 2]) == 2\n    """\n'
SAMPLE = Sample(
    task_id="Set/0",
    entry_point="last",
    prompt=STUB,
    prompt_without_examples=STUB,
    solutions=(
        Draw("    return items[-1]"),
        Draw("    return items[ -1 ]"),
        Draw("    return items[1]"),
        Draw("    return 2"),
        Draw("    return 0"),
    ),
    test_texts=(),
    canonical_solution="    return items[-1]\n",
    test="def check(candidate):\n    assert candidate([1, 2]) == 2\n    assert candidate([2, 4, 4]) == 4\n",
    saw_examples=True,
)
LARGE = "def last(items):\n    *_, item = items\n    return item\n"
CALL = Offered("f(1)", "1", large=True, draws=(True, False, True))


@pytest.mark.parametrize(
    ("large", "draws", "counts"),
    [
        (True, (), True),
        (True, (False, False), True),
        (False, (True,), True),
        (False, (True, True, False), True),
        (False, (True, False), False),
        (False, (), False),
        (None, (), False),
        (None, (True,), True),
    ],
)
def test_a_call_counts_where_one_of_the_two_models_agrees(
    large: bool | None,  # noqa: FBT001 -- a vote
    draws: tuple[bool, ...],
    counts: bool,  # noqa: FBT001 -- what is expected
) -> None:
    """The small model speaks by most of its solutions; neither can take a call away from the other."""
    assert agreed(Offered("f(1)", "1", large, draws)) is counts


def test_a_problem_with_too_few_calls_is_dropped_with_the_reason() -> None:
    """Whether the reference answers too few, or others agree on too few."""
    alone = replace(CALL, large=False, draws=())
    enough, few, doubted = (
        Examined("Set/0", "f", offered) for offered in ((CALL,) * 99, (CALL,) * 3, (alone,) * LEAST)
    )
    assert (enough.dropped, len(enough.kept)) == ("", MOST)
    assert few.dropped.startswith("the reference answers 3 calls")
    assert doubted.dropped.startswith(f"others agree on 0 of {LEAST}")
    assert Examined("Set/0", "f", reason="no input").dropped == "no input"
    assert tally([enough, few, doubted])["nobody agrees"] == LEAST


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('{"value": ["set", [["str", "b"], ["str", "a"]]]}', "{'a', 'b'}"),
        ('{"value": ["tuple", [["int", "0x1"]]]}', "(1,)"),
        ('{"value": ["dict", [[["int", "0x1"], ["list", []]]]]}', "{1: []}"),
        ('{"value": ["float", "nan"]}', ""),
        ('{"value": ["other", "builtins.map", ""]}', ""),
        ('{"value": ["None"], "changed": ["list", []]}', ""),
        ('{"value": ["None"]}', "None"),
        ('{"raised": ["builtins.KeyError"]}', ""),
        ("unstable", ""),
    ],
)
def test_only_what_a_literal_can_say_is_expected(value: str, text: str) -> None:
    """The same text for equal values; nothing for errors, effects and what differs from run to run."""
    assert literal(Verdict("call:0", Outcome.PASSED, value=value)) == text


def test_a_length_that_is_an_argument_stays_one_and_a_start_at_zero_too() -> None:
    """Two lists of two lengths in the given tests are enough to say so."""
    asserts = "    assert candidate([3, 1], 2, 0, 5)\n    assert candidate([1, 2, 4], 3, 0, 8)\n"
    calls = inputs(replace(SAMPLE, test=f"def check(candidate):\n{asserts}"), MOST)
    given = [ast.literal_eval(call.removeprefix("last")) for call in calls]
    assert len(given) > LEAST
    assert all(length == len(items) and start == 0 for items, length, start, _ in given)
    assert len({number for *_, number in given}) > 2


async def test_calls_are_those_that_solutions_agree_on_and_two_runs_write_the_same(tmp_path: Path) -> None:
    """A draw that fails the given tests has no say, and two that differ in spaces are one."""
    async with room() as bench:
        first, second = [await examine(SAMPLE, LARGE, bench) for _ in range(2)]
        wrong = await examine(replace(SAMPLE, canonical_solution="    return 0\n"), LARGE, bench)
    assert wrong.dropped == "the reference fails the given tests"
    assert {len(each.draws) for each in first.offered} == {2}
    assert len(first.kept) >= LEAST
    for number, examined in enumerate((first, second)):
        write([examined], tmp_path / f"{number}.jsonl.gz")
    assert (tmp_path / "0.jsonl.gz").read_bytes() == (tmp_path / "1.jsonl.gz").read_bytes()
    hidden = read_hidden_calls(tmp_path / "0.jsonl.gz")["Set/0"]
    for call, expected in zip(hidden.calls, hidden.expected, strict=True):
        (items,) = ast.literal_eval(f"({call.removeprefix('last(').removesuffix(')')},)")
        assert items[-1] == ast.literal_eval(expected)
