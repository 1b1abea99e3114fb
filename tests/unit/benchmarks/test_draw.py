"""Drawing samples: problem files read, prompts as the product's, and a run that can be killed anywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from benchmarks.draw.asking import asked, draw
from benchmarks.draw.drawing import Order, Set, draw_all
from benchmarks.draw.records import Part, Records, Task, export
from benchmarks.samples import load
from cope_lsp.bench.coding.problems import read_problems, without_examples
from cope_lsp.cascade.problem import Completion, Usage

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.cascade.problem import Prompt

HUMAN_EVAL = {
    "task_id": "Set/0",
    "prompt": 'def half(x):\n    """Half of x.\n    >>> half(4)\n    2\n    """\n',
    "entry_point": "half",
    "canonical_solution": "    return x // 2\n",
    "test": "def check(candidate):\n    assert candidate(8) == 4\n",
}
MBPP = {
    "task_id": 11,
    "text": "Write a function to double a number.",
    "code": "def add(a,b):\r\n    return a+b\r\ndef double(x, times = 1):\r\n    return add(x, x)",
    "test_setup_code": "",
    "test_list": ["assert double(2) == 4", "assert double(0)==0", "assert double(-1) == -2"],
    "challenge_test_list": ["assert double('a') == 'aa'"],
}


@dataclass(slots=True)
class Scripted:
    """A model that answers with its seed, and hangs after so many answers."""

    name: str = "scripted"
    calls: list[tuple[Prompt, float, int]] = field(default_factory=list[Any])
    answers: int = 10**6
    hangs: anyio.Event = field(default_factory=anyio.Event)

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer at once."""
        if len(self.calls) == self.answers:
            self.hangs.set()
            await anyio.sleep_forever()
        self.calls.append((prompt, temperature, seed))
        return Completion(
            f"reply {seed}", self.name, Usage(output_tokens=2), -0.123456, logprobs=(-0.1, -0.146)
        )


def test_an_mbpp_problem_becomes_a_stub_with_examples(tmp_path: Path) -> None:
    """The `def` line is the reference's, the docstring its text and asserts; its helpers come after it."""
    (problem,) = read_problems(_written(tmp_path / "mbpp.jsonl", MBPP))
    assert problem.prompt == (
        'def double(x, times=1):\n    """Write a function to double a number.\n\n    double(2) == 4\n'
        '    double(0) == 0\n    double(-1) == -2\n    """\n'
    )
    assert problem.prompt_without_examples == (
        'def double(x, times=1):\n    """Write a function to double a number.\n    """\n'
    )
    assert problem.canonical_solution == "    return add(x, x)\n\n\ndef add(a,b):\n    return a+b\n"
    assert problem.test.startswith(
        "def check(candidate):\n    double = candidate\n    assert double(2) == 4\n"
    )
    assert problem.test.count("assert") == 4


def test_a_docstring_is_cut_before_its_examples() -> None:
    """Doctests, `Example:` and a bare call all begin the part that is cut."""
    head = 'import re\n\ndef half(x):\n    """Half of x.'
    for shown in (">>> half(4)\n    2", "Example:\n    half(4)", "half(4) == 2", "For example, half(4) is 2"):
        assert without_examples(f'{head}\n\n    {shown}\n    """\n', "half") == f'{head}\n    """\n'


async def test_prompts_and_arms_are_those_of_the_product(tmp_path: Path) -> None:
    """The first draw is nearly greedy, the fourth follows a goal of its own; the examples are seen."""
    model, this = Scripted(), asked(*read_problems(_written(tmp_path / "a.jsonl", HUMAN_EVAL)))
    drawn = [await draw(model, this, Task("Set/0", Part.SOLUTION, number), 0) for number in (0, 1, 3)]
    assert [(each.variant, each.temperature) for each in drawn] == [
        ("plain", 0.2),
        ("plain", 0.8),
        ("goal", 0.4),
    ]
    assert [temperature for _, temperature, _ in model.calls] == [0.2, 0.8, 0.8, 0.4]
    said = [prompt.messages[-1].content for prompt, _, _ in model.calls]
    assert all(text.startswith(this.problem.statement) and ">>> half(4)" in text for text in said)
    assert f"Goal: reply {model.calls[2][2]}" in said[3]
    assert (drawn[0].logprob, drawn[0].logprobs, drawn[0].tokens) == (-0.1235, (-0.1, -0.15), 2)


async def test_a_run_that_was_cut_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Half a line at the end costs that draw only, and the whole is what one run would have made."""
    problems = tuple(
        read_problems(_written(tmp_path / "a.jsonl", HUMAN_EVAL, HUMAN_EVAL | {"task_id": "Set/1"}))
    )
    raw, order = tmp_path / "cut.draws.jsonl", Order(draws=8, tests=2, width=2)
    first, cut = Scripted(answers=9), Set(problems, Records(raw), tmp_path / "cut.jsonl")
    async with anyio.create_task_group() as group:
        group.start_soon(draw_all, first, (cut,), order)
        await first.hangs.wait()
        group.cancel_scope.cancel()
    raw.write_bytes(raw.read_bytes()[:-9])
    kept, second = Records(raw), Scripted()
    assert 0 < len(kept.done) < 9
    await draw_all(second, (Set(problems, kept, tmp_path / "cut.jsonl"),), order)
    once = Records(tmp_path / "whole.draws.jsonl")
    await draw_all(Scripted(), (Set(problems, once, tmp_path / "whole.jsonl"),), order)
    assert Records(raw).done.keys() == once.done.keys()
    assert len(once.done) == 20
    assert {task: each.text for task, each in kept.done.items()} == {t: e.text for t, e in once.done.items()}
    assert len(second.calls) < 20


async def test_early_draws_of_all_problems_come_first(tmp_path: Path) -> None:
    """A run that is stopped has four draws and a test of every problem before a fifth of any."""
    problems = tuple(
        read_problems(_written(tmp_path / "a.jsonl", HUMAN_EVAL, HUMAN_EVAL | {"task_id": "Set/1"}))
    )
    records = Records(tmp_path / "a.draws.jsonl")
    await draw_all(Scripted(), (Set(problems, records, tmp_path / "a.jsonl"),), Order(width=1))
    first = list(records.done)[:10]
    assert {(task.part, task.number) for task in first} == {
        *((Part.SOLUTION, n) for n in range(4)),
        (Part.TEST, 0),
    }


async def test_what_is_exported_is_a_sample_file(tmp_path: Path) -> None:
    """Only problems with a solution are in it, in the order of their numbers, with all that was recorded."""
    problems = tuple(
        read_problems(_written(tmp_path / "a.jsonl", HUMAN_EVAL, HUMAN_EVAL | {"task_id": "Set/1"}))
    )
    records, model, out = Records(tmp_path / "a.draws.jsonl"), Scripted(), tmp_path / "out.jsonl.gz"
    for number in (1, 0):
        records.keep(await draw(model, asked(problems[1]), Task("Set/1", Part.SOLUTION, number), 0))
    records.keep(await draw(model, asked(problems[1]), Task("Set/1", Part.TEST, 0), 0))
    assert export(problems, records, out) == 1
    (sample,) = load(out)
    assert (sample.task_id, sample.model, sample.saw_examples) == ("Set/1", "scripted", True)
    assert [each.temperature for each in sample.solutions] == [0.2, 0.8]
    assert sample.solutions[0].logprobs == (-0.1, -0.15)
    assert sample.test_texts[0].variant == "tests"


def test_a_problem_that_is_none_is_refused(tmp_path: Path) -> None:
    """A row without a reference cannot be drawn for."""
    with pytest.raises(KeyError):
        list(
            read_problems(_written(tmp_path / "a.jsonl", {"task_id": "x", "prompt": "", "entry_point": "f"}))
        )


def _written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
