"""Requests that repeat: what counts as the same one, and what a store saves on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench.coding.problems import BenchmarkProblem
from cope_lsp.bench.coding.tasks import stated
from cope_lsp.bench.ours import OURS
from cope_lsp.bench.workload import (
    Account,
    Occasion,
    Row,
    as_table,
    compare,
    edited_docstring,
    edited_elsewhere,
    near,
    workload,
)
from tests.support.scripted_tasks import ScriptedSource, ScriptedTask, always_says, pair_of, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cope_lsp.bench.records import Call
    from cope_lsp.bench.tasks import Task
    from cope_lsp.cascade.problem import Prompt

(BARE,) = (strategy for strategy in OURS if strategy.name == "ours, bare large")

OTHER_PARTS = (Occasion.DOCSTRING, Occasion.NEIGHBOUR)


def problem(name: str, words: str = "Add one.") -> BenchmarkProblem:
    """A function to write, in HumanEval's form."""
    prompt = (
        "from typing import List\n\n\ndef helper(n):\n    return n\n\n\n"
        f'def {name}(n: int) -> int:\n    """{words}\n    >>> {name}(1)\n    2\n    """\n'
    )
    return BenchmarkProblem(name, prompt, name, "    return n + 1\n", "def check(c): ...\n", prompt)


FIRST, SECOND, THIRD = problem("first"), problem("second", "Add one to it."), problem("third", "Count.")


def key(asked: BenchmarkProblem) -> str:
    """What the product names the request by."""
    return stated(asked).problem.key


def as_tasks(problems: Iterable[BenchmarkProblem]) -> Sequence[Task]:
    """Tasks of real problems whose candidates are judged by their text."""
    return [ScriptedTask(each.task_id, asked=stated(each).problem) for each in problems]


def row_of(rows: Iterable[Row], occasion: Occasion | None) -> Row:
    """The row of an occasion."""
    (row,) = (row for row in rows if row.occasion is occasion)
    return row


@pytest.mark.parametrize("asked", [FIRST, replace(FIRST, prompt=FIRST.prompt.replace('"""', "'''"))])
def test_an_edit_elsewhere_leaves_the_request_the_same_and_one_of_its_docstring_does_not(
    asked: BenchmarkProblem,
) -> None:
    """By the product's own key, from real documents."""
    assert edited_elsewhere(asked).prompt != asked.prompt
    assert key(edited_elsewhere(asked)) == key(asked)
    assert stated(edited_elsewhere(asked)).problem == stated(asked).problem
    assert key(edited_docstring(asked)) != key(asked)
    assert "Mind every case." in stated(edited_docstring(asked)).problem.statement


def test_the_function_near_it_is_another_request() -> None:
    """The neighbour's stub is in the file, and not in what is asked."""
    beside = near(SECOND, FIRST)
    assert "def first(" in beside.prompt
    assert key(beside) not in {key(FIRST), key(edited_docstring(FIRST))}
    assert "first" not in stated(beside).problem.statement


def test_a_docstring_that_is_not_there_is_not_edited() -> None:
    """Such a problem has no form with another one."""
    bare = replace(FIRST, prompt="def first(n: int) -> int:\n")
    assert edited_docstring(bare) == bare


def test_every_other_problem_is_asked_in_four_forms_and_the_one_after_it_once() -> None:
    """Three problems: the last has no neighbour."""
    visits = workload([FIRST, SECOND, THIRD], as_tasks)
    forms = [Occasion.FIRST, Occasion.AGAIN, Occasion.ELSEWHERE, Occasion.DOCSTRING]
    assert [visit.occasion for visit in visits] == [*forms, Occasion.NEIGHBOUR, *forms]
    assert [visit.task.id for visit in visits if visit.occasion is not Occasion.DOCSTRING] == [
        *["first"] * 3,
        "second",
        *["third"] * 3,
    ]


def test_what_is_asked_under_one_name_is_one_problem() -> None:
    """Recorded replies are found by a task's name."""
    visits = workload([FIRST, SECOND, THIRD], as_tasks)
    asked = {(visit.task.id, visit.task.problem) for visit in visits if isinstance(visit.task, ScriptedTask)}
    assert len(asked) == len({name for name, _ in asked}) == 5


async def test_what_is_the_same_costs_nothing_with_a_store_and_the_same_again_without() -> None:
    """Both are accepted and right; other requests cost the same in both runs."""
    rows = await compare(
        workload([FIRST, SECOND, THIRD], as_tasks), BARE, pair_of(always_says("right"), silent())
    )
    for occasion in (Occasion.AGAIN, Occasion.ELSEWHERE):
        row = row_of(rows, occasion)
        assert row.stored == Account(2, accepted=2, right=2)
        assert row.fresh.calls > 0
        assert row.fresh.usd == pytest.approx(0.001 * row.fresh.calls)
        assert (row.fresh.accepted, row.fresh.right) == (2, 2)
    for occasion in (Occasion.FIRST, *OTHER_PARTS):
        row = row_of(rows, occasion)
        assert row.stored == row.fresh
        assert row.stored.calls > 0


async def test_a_stored_solution_is_never_given_to_another_request() -> None:
    """With a stale answer to every first question, the others are still answered anew."""

    def says(_call: Call, prompt: Prompt) -> str:
        told = prompt.messages[-1].content
        return "right" if "Mind every case." in told or "def second" in told else "a lucky pass"

    def lucky(problems: Iterable[BenchmarkProblem]) -> Sequence[Task]:
        passing = frozenset({"right", "a lucky pass"})
        return [ScriptedTask(each.task_id, asked=stated(each).problem, passing=passing) for each in problems]

    rows = await compare(
        workload([FIRST, SECOND], lucky), BARE, pair_of(ScriptedSource(says), always_says("right"))
    )
    assert [row_of(rows, each).stored.right for each in (Occasion.AGAIN, Occasion.ELSEWHERE)] == [0, 0]
    assert [row_of(rows, each).stored.right for each in OTHER_PARTS] == [1, 1]


async def test_the_second_run_makes_no_call_again() -> None:
    """With the store and without, a call is the same record."""
    small = always_says("right")
    visits = workload([FIRST, SECOND], as_tasks)
    await compare(visits, BARE, pair_of(small, silent()))
    assert len({call for call, _ in small.asked}) == len(small.asked)


async def test_what_waits_for_answers_is_counted_and_no_more() -> None:
    """A docstring's edit that no record answers: one visit waits in both runs."""
    small = ScriptedSource(
        lambda _call, prompt: None if "Mind every case." in prompt.messages[-1].content else "right"
    )
    rows = await compare(workload([FIRST, SECOND], as_tasks), BARE, pair_of(small, silent()))
    waiting = row_of(rows, Occasion.DOCSTRING)
    assert waiting.stored == waiting.fresh == Account(1, waiting=1)
    total = row_of(rows, None)
    assert (total.stored.visits, total.stored.waiting, total.stored.right) == (5, 1, 4)


def test_the_table_shows_both_runs_and_says_what_is_unknown() -> None:
    """With the store first, without it in brackets."""
    stored = Account(2, 0, 0, 0, 0.0, 0.0, 2, 2)
    fresh = Account(2, 0, 3, 330, 3.0, None, 2, 1)
    lines = as_table([Row(Occasion.AGAIN, stored, fresh), Row(None, stored, fresh)]).split("\n")
    cells = "0 (3) | 0 (330) | 0.0 (3.0) | 0.0000 (unknown) | 2 (2) | 2 (1) |"
    assert lines[2] == f"| asked again | 2 | 0 | {cells}"
    assert lines[3] == f"| all | 2 | 0 | {cells}"
    assert len({line.count("|") for line in lines if line}) == 1
