"""A problem with a mathematical answer as a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cope_lsp.bench.answers.equality import same
from cope_lsp.bench.answers.judging import answer_of, judge_by
from cope_lsp.bench.answers.problems import read_problems
from cope_lsp.bench.tasks import Step
from cope_lsp.cascade.problem import Kind, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.bench.tasks import Solve

REPLY_FORMAT = r"Reason step by step, and put the final answer, and nothing else, in \boxed{}."

REPLY_TOKENS = 1024
"""Longest reply: room for the reasoning of a problem of MATH."""


@dataclass(frozen=True, slots=True)
class AnswerTask:
    """One problem; `answer` is read by the score alone."""

    id: str
    statement: str
    answer: str = field(repr=False)
    kind: Kind = Kind.ANSWER

    @property
    def problem(self) -> Problem:
        """What a model is told."""
        return Problem(self.kind, self.statement, REPLY_FORMAT, max_tokens=REPLY_TOKENS)

    async def work(self, solve: Solve) -> float:
        """Have it solved, and compare the answer of what came with the hidden one."""
        best = (await solve(Step(self.problem, judge_by))).best
        answer = None if best is None else answer_of(best)
        return float(answer is not None and same(self.answer, answer))


def read_answers(path: Path) -> tuple[AnswerTask, ...]:
    """The tasks of a problem file (GSM8K, MATH, AIME or our own form). Raises: OSError, Unreadable."""
    return tuple(AnswerTask(each.id, each.statement, each.answer) for each in read_problems(path))
