"""The recorded large model answers what was asked of it, and nothing in its place."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cope_lsp.bench.players import Player, Unanswered
from cope_lsp.bench.recorded_large import RECORDED, RecordedLarge, recorded_large
from cope_lsp.bench.records import Records
from cope_lsp.bench.rows import Unreadable
from cope_lsp.cascade.problem import Candidate, Completion, Kind, Plan, Problem, Prompt, Role
from cope_lsp.cascade.prompts import (
    PAPER,
    SHARED,
    Attempt,
    Style,
    parse_plan,
    render_plan,
    render_repair,
    render_solution,
    render_tests,
)

if TYPE_CHECKING:
    from pathlib import Path

PROBLEM = Problem(
    Kind.CODE, "Complete `add`.", "Reply with the function.", "You write Python.", max_tokens=512
)
WITH_TESTS = {
    "task_id": "MBPP/1",
    "guideline": "Add them.",
    "solution": "def add(a, b):\n    return a + b\n",
    "tests": ["assert add(1, 2) == 3", "assert add(0, 0) == 0"],
    "tokens": {"prompt": 30, "guideline": 4, "solution": 12, "tests": 20},
}
WITHOUT_TESTS: dict[str, Any] = {
    **{name: value for name, value in WITH_TESTS.items() if name != "tests"},
    "task_id": "HumanEval/0",
    "tokens": {"prompt": 30, "guideline": 4, "solution": 12},
}
OURS_WITHOUT_TESTS = replace(SHARED, wordings={Kind.CODE: SHARED.wordings[Kind.TEXT]})


@pytest.fixture
def large(tmp_path: Path) -> RecordedLarge:
    """Two problems' replies, from a file."""
    path = tmp_path / "large.jsonl.gz"
    path.write_bytes(
        gzip.compress("".join(f"{json.dumps(row)}\n" for row in (WITH_TESTS, WITHOUT_TESTS)).encode())
    )
    return recorded_large(path, {"MBPP/1": PROBLEM, "HumanEval/0": PROBLEM})


async def ask(large: RecordedLarge, prompt: Prompt, task: str = "MBPP/1", *, seed: int = 0) -> Completion:
    """One call, as an attempt makes it."""
    player = Player(RECORDED, Records(), large, task, seed)
    return await player.complete(prompt, temperature=0.2, seed=0)


@pytest.mark.parametrize("style", [PAPER, SHARED])
async def test_the_bare_problem_is_solved_whatever_the_wording(large: RecordedLarge, style: Style) -> None:
    """The solution comes in a block, with the tokens that were counted."""
    said = await ask(large, render_solution(style, PROBLEM))
    assert said.text == "```python\ndef add(a, b):\n    return a + b\n```"
    assert (said.usage.input_tokens, said.usage.output_tokens, said.usage.cost_usd) == (30, 12, None)


@pytest.mark.parametrize("style", [PAPER, OURS_WITHOUT_TESTS])
async def test_the_bare_problem_gets_its_guideline_whatever_the_wording(
    large: RecordedLarge, style: Style
) -> None:
    """A request for a guideline alone gets it alone."""
    said = await ask(large, render_plan(style, PROBLEM, Role.GUIDELINE))
    assert (said.text, said.usage.output_tokens) == ("Add them.", 4)


async def test_a_guideline_with_tests_comes_where_tests_are_recorded(large: RecordedLarge) -> None:
    """Both are paid for, and the planner's parser finds both."""
    said = await ask(large, render_plan(SHARED, PROBLEM, Role.GUIDELINE))
    assert parse_plan(said.text) == ("Add them.", ("assert add(1, 2) == 3\nassert add(0, 0) == 0",))
    assert said.usage.output_tokens == 24


async def test_a_guideline_with_tests_is_a_miss_where_none_are_recorded(large: RecordedLarge) -> None:
    """The guideline alone would be a substitute."""
    with pytest.raises(Unanswered):
        await ask(large, render_plan(SHARED, PROBLEM, Role.GUIDELINE), "HumanEval/0")


FAILED = Attempt(Candidate("def add(a, b): ...", "small", "small"), "assert add(1, 2) == 3")
PLAN = Plan("Add them.", Role.GUIDELINE, RECORDED)


@pytest.mark.parametrize(
    "prompt",
    [
        render_plan(PAPER, PROBLEM, Role.GOAL),
        render_plan(PAPER, PROBLEM, Role.GUIDELINE, FAILED),
        render_plan(SHARED, PROBLEM, Role.GUIDELINE, FAILED),
        render_solution(PAPER, PROBLEM, (PLAN,)),
        render_solution(SHARED, PROBLEM, (), FAILED),
        render_repair(SHARED, PROBLEM, FAILED),
        render_tests(SHARED, PROBLEM),
        render_solution(PAPER, replace(PROBLEM, statement="Complete `sub`.")),
    ],
    ids=["goal", "failed", "ours, failed", "after a plan", "after a failure", "repair", "tests", "another"],
)
async def test_any_other_request_is_a_miss(large: RecordedLarge, prompt: Prompt) -> None:
    """What it would have said to this nobody knows."""
    with pytest.raises(Unanswered):
        await ask(large, prompt)


async def test_another_tasks_reply_never_serves(large: RecordedLarge) -> None:
    """A problem that nothing is recorded for stays unanswered."""
    with pytest.raises(Unanswered):
        await ask(large, render_solution(PAPER, PROBLEM), "MBPP/2")


async def test_each_seed_gets_the_reply_once(large: RecordedLarge) -> None:
    """The second of two equal draws would be a copy, not a draw."""
    prompt = render_solution(PAPER, PROBLEM)
    player = Player(RECORDED, Records(), large, "MBPP/1", seed=2)
    assert (await player.complete(prompt, temperature=0.0, seed=0)).text
    with pytest.raises(Unanswered):
        await player.complete(prompt, temperature=0.0, seed=0)


def test_a_line_that_is_no_reply_is_named(tmp_path: Path) -> None:
    """Whoever wrote the file finds the line."""
    path = tmp_path / "large.jsonl"
    path.write_text(f"{json.dumps(WITH_TESTS)}\n" + '{"task_id": "HumanEval/0"}\n')
    with pytest.raises(Unreadable, match="line 2 is no recorded reply"):
        recorded_large(path, {"HumanEval/0": PROBLEM})
