"""An open-ended request as a task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.players import Player
from cope_lsp.bench.polls import TAKEN
from cope_lsp.bench.tasks import Rulebook, Step
from cope_lsp.bench.texts.grading import AS_GOOD, Submission, grade
from cope_lsp.bench.texts.problems import Yardstick, read_problems
from cope_lsp.cascade.ports import Model
from cope_lsp.cascade.problem import Kind, Problem
from cope_lsp.cascade.rulings import perplexity
from cope_lsp.cascade.trials import Poll

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cope_lsp.bench.attempts import Side
    from cope_lsp.bench.records import Records
    from cope_lsp.bench.tasks import Solve
    from cope_lsp.cascade.problem import Candidate, Ruling

REPLY_TOKENS = 1024
"""Longest reply."""

UNCALIBRATED = 1.3
"""Perplexity threshold before one is fitted; a stand-in, since the paper publishes none."""

Grader: TypeAlias = Callable[[str], Model]
"""The judge model for a task, by the task's name: each grading counts its calls from the beginning."""


@dataclass(frozen=True, slots=True)
class TextTask:
    """One request. `yardstick` is read by the grading alone, which a reply passes that is worth a 7."""

    id: str
    request: str
    yardstick: Yardstick = field(repr=False)
    grader: Grader = field(repr=False)
    threshold: float = UNCALIBRATED
    kind: Kind = Kind.TEXT

    @property
    def problem(self) -> Problem:
        """What a model is told."""
        return Problem(self.kind, self.request, max_tokens=REPLY_TOKENS)

    async def work(self, solve: Solve) -> float:
        """Have it answered, and the reply graded. A grade that the judge does not give counts as none.

        Raises: Unanswered, ModelError.
        """
        best = (await solve(Step(self.problem, self.judge_by))).best
        if best is None or not best.text.strip():
            return 0.0
        given = await grade(self.grader(self.id), Submission(self.request, best.text), self.yardstick)
        return float(given is not None and given >= AS_GOOD)

    def judge_by(self, rulebook: Rulebook, seed: int) -> Poll:  # noqa: ARG002 -- the rule leaves nothing to chance
        """A judge for one attempt; also for agreement the perplexity rule, since no two texts are alike."""
        return TAKEN if rulebook is Rulebook.TAKEN else Poll(self._count)

    def _count(self, candidates: tuple[Candidate, ...], remaining: int) -> Ruling:
        return perplexity(candidates, self.threshold, remaining)


def read_texts(path: Path, grader: Grader) -> tuple[TextTask, ...]:
    """The tasks of a request file (AlpacaEval, MT-Bench or our own form). Raises: OSError, Unreadable."""
    return tuple(TextTask(each.id, each.request, each.yardstick, grader) for each in read_problems(path))


def with_threshold(tasks: Iterable[TextTask], threshold: float) -> tuple[TextTask, ...]:
    """The same tasks, ruled by a fitted threshold."""
    return tuple(replace(task, threshold=threshold) for task in tasks)


def graded_by(side: Side, records: Records) -> Grader:
    """A judge model behind the run's records: the same reply is graded once, whichever strategy gave it."""
    return lambda task: Player(side.name, records, side.source, task, tariff=side.tariff)
