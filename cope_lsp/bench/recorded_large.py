"""The large model of the published pair: one recorded guideline and one solution a problem, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cope_lsp.bench.records import NUMBERS_A_SEED, prompt_key
from cope_lsp.bench.rows import Unreadable, read_rows
from cope_lsp.bench.strategies import WITHOUT_TESTS
from cope_lsp.cascade.problem import Completion, Role, Usage
from cope_lsp.cascade.prompts import PAPER, SHARED, render_plan, render_solution

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cope_lsp.bench.records import Call
    from cope_lsp.cascade.problem import Problem, Prompt

RECORDED = "recorded-frontier"
"""Its name in records, tables and batch files."""


@dataclass(frozen=True, slots=True)
class RecordedLarge:
    """A model that gives what is recorded, and nothing else; a `players.Source`.

    It knows a request by its prompt: the bare problem's, in the paper's words or in ours. Replies were given
    once, so that each seed gets the same one, and a second draw none.
    """

    replies: Mapping[tuple[str, str], Completion]

    async def answer(self, call: Call, prompt: Prompt, task: str) -> Completion | None:  # noqa: ARG002 -- the call names it
        """The recorded reply; None: this was never asked."""
        if call.number % NUMBERS_A_SEED:
            return None
        return self.replies.get((task, call.prompt))


def recorded_large(path: Path, problems: Mapping[str, Problem]) -> RecordedLarge:
    """The replies of a file for these problems, by task. Raises: OSError, Unreadable."""
    replies: dict[tuple[str, str], Completion] = {}
    for number, row in read_rows(path):
        try:
            task = str(row["task_id"])
            if task in problems:
                known = _requests(row, problems[task])
                replies |= {(task, prompt_key(prompt)): reply for prompt, reply in known}
        except (KeyError, TypeError) as error:
            raise Unreadable(f"{path}, line {number} is no recorded reply: {error!r}") from error
    return RecordedLarge(replies)


def _requests(row: Mapping[str, Any], problem: Problem) -> Iterator[tuple[Prompt, Completion]]:
    """The requests that a row answers, in each wording, with its replies."""
    counts = row["tokens"]
    guideline = _said(row["guideline"], counts["prompt"], counts["guideline"])
    solution = _said(f"```python\n{row['solution'].rstrip()}\n```", counts["prompt"], counts["solution"])
    for style in (PAPER, WITHOUT_TESTS):
        yield render_plan(style, problem, Role.GUIDELINE), guideline
        yield render_solution(style, problem), solution
    if SHARED.asks_tests(problem) and row.get("tests"):
        block = "\n".join(row["tests"])
        both = f"{row['guideline'].rstrip()}\n\nTests:\n```python\n{block}\n```"
        tokens = counts["guideline"] + counts["tests"]
        yield render_plan(SHARED, problem, Role.GUIDELINE), _said(both, counts["prompt"], tokens)


def _said(text: str, asked: int, written: int) -> Completion:
    """A reply with its tokens; what it cost is the reader's price."""
    return Completion(text, RECORDED, Usage(asked, 0, written, cost_usd=None, calls=1))
