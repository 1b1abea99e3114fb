"""Problem files become tasks: a one-file project with a stub in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.bench.coding.hidden_calls import with_hidden_calls
from cope_lsp.bench.coding.judging import Desk, judge_by
from cope_lsp.bench.coding.kept import abridged, key
from cope_lsp.bench.coding.problems import read_problems
from cope_lsp.bench.coding.scoring import Hidden, is_right
from cope_lsp.bench.tasks import Step
from cope_lsp.cascade.problem import NEITHER, Kind
from cope_lsp.code.context import Budget, Material, build_problem
from cope_lsp.code.request import NothingToAsk, request_named
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.workspace.snapshot import Document, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from cope_lsp.bench.coding.hidden_calls import HiddenCalls
    from cope_lsp.bench.coding.kept import Kept
    from cope_lsp.bench.coding.problems import BenchmarkProblem
    from cope_lsp.bench.tasks import Solve
    from cope_lsp.cascade.problem import Inquiry, Problem
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Workbench

STATEMENT = 4096
"""Most tokens of a statement."""

_FILE = "solution.py"


@dataclass(frozen=True, slots=True)
class CodeTask:
    """One function to implement."""

    id: str
    desk: Desk
    hidden: Hidden = field(repr=False)
    kind: Kind = Kind.CODE

    @property
    def problem(self) -> Problem:
        """What a model is told."""
        return self.desk.asked.problem

    async def work(self, solve: Solve) -> float:
        """Have it implemented, and run the hidden tests on what came."""
        judges = partial(judge_by, desk=self.desk)
        result = await solve(Step(self.problem, judges, self.consult))
        return float(await is_right(self.hidden, self.desk, result.best))

    async def consult(self, inquiry: Inquiry) -> str | None:
        """A user who knows what the reference gives, and dismisses what it refuses: it is no proper input."""
        given = await self._given(inquiry.call)
        if not given or (given.startswith("raises ") and given not in inquiry.answers):
            return None
        return given if given in inquiry.answers else NEITHER

    async def _given(self, call: str) -> str:
        name = key("given", self.hidden.reference, call)
        known = self.desk.kept.get(name)
        if known is None:
            text = f"{self.hidden.reference.rstrip()}\n".encode()
            tried = await attempt(self.desk.bench, self.desk.asked.request, text, Cases(calls=(call,)))
            verdict = tried.verdicts.get("call:0")
            known = "" if verdict is None else abridged(verdict.likeness)
            self.desk.kept.put(name, known)
        return known


def code_tasks(problems: Iterable[BenchmarkProblem], bench: Workbench, kept: Kept) -> tuple[CodeTask, ...]:
    """Each problem as the request *implement* for its stub; what the product would not offer is left out."""
    return tuple(task for problem in problems if (task := _task(problem, bench, kept)) is not None)


def _task(problem: BenchmarkProblem, bench: Workbench, kept: Kept) -> CodeTask | None:
    hidden = Hidden(problem.entry_point, problem.prompt + problem.canonical_solution, problem.test)
    try:
        return CodeTask(problem.task_id, Desk(stated(problem), bench, kept), hidden)
    except NothingToAsk:
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which problems of a file are taken (None: all), and further hidden calls to score them by."""

    ids: AbstractSet[str] | None = None
    hidden: Mapping[str, HiddenCalls] = field(default_factory=dict[str, "HiddenCalls"])


def read_code(path: Path, bench: Workbench, kept: Kept, choice: Choice | None = None) -> tuple[CodeTask, ...]:
    """The tasks of a file in HumanEval's form or MBPP's. Raises: OSError, Unreadable.

    Where there are hidden calls for any of its problems, those without are left out: their own tests were
    shown.
    """
    choice = choice or Choice()
    problems = [each for each in read_problems(path) if choice.ids is None or each.task_id in choice.ids]
    hidden = choice.hidden
    if any(problem.task_id in hidden for problem in problems):
        scored = (with_hidden_calls(problem, hidden) for problem in problems)
        problems = [problem for problem in scored if problem is not None]
    return code_tasks(problems, bench, kept)


def stated(problem: BenchmarkProblem) -> CodeProblem:
    """A problem as if its stub were the one open file of a project."""
    path = Path("/project") / _FILE
    stub = f"{problem.prompt.rstrip()}\n"
    document = Document(path.as_uri(), path, PYTHON.id, 1, stub)
    snapshot = Snapshot(path.parent, {_FILE: document}, trusted=True)
    request = request_named(PYTHON, document, snapshot, problem.entry_point)
    return build_problem(request, Material({_FILE: stub}.get), Budget(STATEMENT, problem.reply_tokens))
