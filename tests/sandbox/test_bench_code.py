"""Code as a kind of task of the bench, judged and scored in the real sandbox."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench.attempts import Pair, Side, attempt
from cope_lsp.bench.catalogue import GROUPS
from cope_lsp.bench.coding.judging import judge_by
from cope_lsp.bench.coding.kept import Kept, open_kept
from cope_lsp.bench.coding.problems import BenchmarkProblem
from cope_lsp.bench.coding.room import room
from cope_lsp.bench.coding.tasks import code_tasks
from cope_lsp.bench.ours import OURS
from cope_lsp.bench.records import Records, open_records
from cope_lsp.bench.strategies import PAPERS, VOTES, Strategy
from cope_lsp.bench.tasks import Rulebook
from cope_lsp.cascade.problem import Candidate, Completion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.records import Call
    from cope_lsp.cascade.problem import Prompt
    from cope_lsp.code.workbench import Workbench

HIDDEN = "sentinel_of_the_hidden_test"
REFERENCE = "sentinel_of_the_reference"

DOUBLED = BenchmarkProblem(
    task_id="Own/0",
    prompt='def doubled(number: int):\n    """Twice the number.\n\n    >>> doubled(2)\n    4\n    """\n',
    entry_point="doubled",
    canonical_solution=f"    {REFERENCE} = 2\n    return number * {REFERENCE}\n",
    test=f"def check(candidate):\n    {HIDDEN} = 7\n    assert candidate({HIDDEN}) == 14\n",
    prompt_without_examples="",
)

RIGHT = "```python\ndef doubled(number: int) -> int:\n    return number * 2\n```"
LUCKY = "```python\ndef doubled(number: int) -> int:\n    return 4\n```"
WRONG = "```python\ndef doubled(number: int) -> int:\n    return number\n```"


@dataclass(slots=True)
class Scripted:
    """A source that gives replies in turn, again from the beginning, and keeps what it was asked."""

    replies: tuple[str, ...]
    prompts: list[str] = field(default_factory=list[str])

    async def answer(self, call: Call, prompt: Prompt, task: str) -> Completion:  # noqa: ARG002 -- the port
        """The next reply."""
        self.prompts.append("\n".join(message.content for message in prompt.messages))
        return Completion(self.replies[(len(self.prompts) - 1) % len(self.replies)], call.model)


async def _refuse(_job: object) -> object:
    raise AssertionError("a replay ran something")


async def _tried(
    strategies: Sequence[Strategy], small: Scripted, large: Scripted, kept: Kept, bench: Workbench
) -> list[Attempt]:
    (task,) = code_tasks([DOUBLED], bench, kept)
    pair = Pair(Side("small", small), Side("large", large), Records())
    return [await attempt(task, strategy, pair, {}) for strategy in strategies]


@pytest.mark.parametrize("strategy", [PAPERS[0], OURS[0]], ids=lambda each: each.name)
async def test_a_wrong_draw_is_refused_and_a_right_one_found(strategy: Strategy) -> None:
    """What fails the docstring's example is never given; the hidden test scores what passes."""
    async with room() as bench:
        (made,) = await _tried([strategy], Scripted((WRONG, RIGHT)), Scripted((WRONG,)), Kept(), bench)
    assert made.right
    assert made.accepted
    assert made.choice is not None
    assert "* 2" in made.choice.text


async def test_a_draw_that_only_fits_the_example_is_a_false_accept_of_the_papers_gate() -> None:
    """The gate is the docstring's example and no more, and the score is not."""
    async with room() as bench:
        (made,) = await _tried([PAPERS[0]], Scripted((LUCKY,)), Scripted((RIGHT,)), Kept(), bench)
    assert (made.accepted, made.right, made.exits) == (True, False, ("small",))


async def test_a_vote_by_behaviour_takes_the_larger_cluster_of_those_that_pass() -> None:
    """Of three draws that pass the example the two that behave alike win."""
    async with room() as bench:
        (made,) = await _tried([VOTES[0]], Scripted((RIGHT, LUCKY, RIGHT)), Scripted((RIGHT,)), Kept(), bench)
    assert made.right
    assert made.exits == ("small",)


async def test_a_draw_that_stands_whatever_it_does_is_not_run() -> None:
    """Rivals that read a draft without running it cost no run."""
    async with room() as bench:
        (task,) = code_tasks([DOUBLED], replace(bench, run=_refuse), Kept())
    trial = judge_by(Rulebook.TAKEN, 0, task.desk).open(task.problem)
    await trial.add(Candidate(WRONG, "small"))
    assert trial.rule(0).choice == Candidate(WRONG, "small")


async def test_no_prompt_and_no_finding_holds_what_is_hidden() -> None:
    """The hidden test and the reference are read by the score alone, whatever the strategy."""
    small, large, kept = Scripted((WRONG, RIGHT, LUCKY)), Scripted((RIGHT,)), Kept()
    everything = [each for group in GROUPS.values() for each in group if not each.after]
    async with room() as bench:
        await _tried(everything, small, large, kept, bench)
    assert small.prompts
    assert large.prompts
    told = "\n".join((*small.prompts, *large.prompts, json.dumps(kept.rows())))
    assert HIDDEN not in told
    assert REFERENCE not in told


async def test_a_replay_runs_nothing_and_comes_to_the_same(tmp_path: Path) -> None:
    """Records and findings are enough: no model is called, and no sandbox is started."""
    small = Scripted((WRONG, LUCKY, RIGHT))
    strategies = [each for each in (*PAPERS, *VOTES, *OURS) if not each.after]
    async with room() as bench:
        (task,) = code_tasks([DOUBLED], bench, open_kept(tmp_path / "evidence.jsonl"))
        live = Pair(
            Side("small", small), Side("large", Scripted((RIGHT,))), open_records(tmp_path / "calls.jsonl")
        )
        first = [await attempt(task, strategy, live, {}) for strategy in strategies]
        (again,) = code_tasks(
            [DOUBLED], replace(bench, run=_refuse), open_kept(None, [tmp_path / "evidence.jsonl"])
        )
    dead = Pair(Side("small"), Side("large"), open_records(None, [tmp_path / "calls.jsonl"]))
    second = [await attempt(again, strategy, dead, {}) for strategy in strategies]
    assert [_gist(made) for made in second] == [_gist(made) for made in first]
    assert any(made.large.calls for made in first) or any(made.accepted for made in first)


def _gist(made: Attempt) -> tuple[object, ...]:
    usage = (made.small.calls, made.large.calls)
    return made.score, made.accepted, made.confidence, made.exits, usage
