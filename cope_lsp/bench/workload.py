"""Change 7 on its own workload: requests that repeat, with and without a store of plans and solutions.

A request is the same while the question and the code around it are: asked again, or after an edit elsewhere
in its file, it should cost nothing; with another docstring, or for the function next to it, it is another
request, and a stored answer would be a wrong one. Both runs take their calls from the same records, so that
the store is all that differs. Judging a stored solution again takes time that is not counted here.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import anyio

from cope_lsp.bench.attempts import Attempt, attempt
from cope_lsp.bench.coding.problems import BenchmarkProblem
from cope_lsp.bench.tasks import Task
from cope_lsp.storage.plan_store import NoPlans, PlanCache, workspace_plans

if TYPE_CHECKING:
    from cope_lsp.bench.attempts import Pair
    from cope_lsp.bench.strategies import Strategy
    from cope_lsp.cascade.ports import PlanStore

STORE_MB = 64
"""Size of the store; no workload of a bench fills it."""


class Occasion(StrEnum):
    """Why a request comes."""

    FIRST = "asked first"
    AGAIN = "asked again"
    ELSEWHERE = "after an edit elsewhere in the file"
    DOCSTRING = "after an edit of its docstring"
    NEIGHBOUR = "another function near it"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of the workload."""

    occasion: Occasion
    task: Task


@dataclass(frozen=True, slots=True)
class Account:
    """What visits came to; those that wait for answers in either run are counted as such and no further."""

    visits: int = 0
    waiting: int = 0
    calls: int = 0
    tokens: int = 0
    seconds: float = 0.0
    usd: float | None = 0.0
    accepted: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One occasion (None: all of them) with the store and without."""

    occasion: Occasion | None
    stored: Account
    fresh: Account


Stated: TypeAlias = Callable[[Iterable[BenchmarkProblem]], Sequence[Task]]
"""Makes tasks of problems, in their order."""


def workload(problems: Sequence[BenchmarkProblem], stated: Stated) -> tuple[Visit, ...]:
    """The visits: every other problem is asked in four forms, the one after it once, as its neighbour.

    A problem without a docstring has no form with another one; a last one without a successor no neighbour.
    """
    asked = [each for number in range(0, len(problems), 2) for each in _forms(*problems[number : number + 2])]
    tasks = stated([problem for _, problem in asked])
    return tuple(Visit(occasion, task) for (occasion, _), task in zip(asked, tasks, strict=True))


async def compare(
    visits: Sequence[Visit], strategy: Strategy, pair: Pair, *, seed: int = 0
) -> tuple[Row, ...]:
    """A row for each occasion and one for all. Raises: what a source ends a run with."""
    fresh = await _run(visits, strategy, pair, NoPlans(), seed)
    with tempfile.TemporaryDirectory(prefix="cope-bench-plans-") as name:
        root = Path(await anyio.Path(name).resolve())
        store = workspace_plans(PlanCache(root / "plans", STORE_MB), root)
        stored = await _run(visits, strategy, pair, store, seed)
    occasions = [visit.occasion for visit in visits]
    both = list(zip(occasions, stored, fresh, strict=True))
    rows = [each for each in Occasion if each in occasions]
    return tuple(_row(occasion, both) for occasion in (*rows, None))


def as_table(rows: Iterable[Row]) -> str:
    """The rows in Markdown; each figure with the store, and in brackets without it."""
    head = ("occasion", "requests", "waiting", "calls", "tokens", "seconds", "US $", "accepted", "right")
    lines = [head, ("---", *("---:",) * (len(head) - 1)), *(_cells(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def edited_elsewhere(problem: BenchmarkProblem) -> BenchmarkProblem:
    """The same question in a file to which a function came that it has nothing to do with."""
    return _above(problem, "def _of_another_part(value: int) -> int:\n    return value + 1\n\n\n")


def edited_docstring(problem: BenchmarkProblem) -> BenchmarkProblem:
    """Another question with a name of its own: its docstring has a sentence more.

    Where there is no docstring, it is the problem itself.
    """
    start = _start(problem)
    opening = re.compile(r'"""|\'\'\'').search(problem.prompt, start)
    if opening is None:
        return problem
    head, rest = problem.prompt[: opening.end()], problem.prompt[opening.end() :]
    gap = "" if rest[:1].isspace() else " "
    name = f"{problem.task_id}, another docstring"
    return replace(problem, task_id=name, prompt=f"{head}{_SENTENCE}{gap}{rest}")


def near(problem: BenchmarkProblem, other: BenchmarkProblem) -> BenchmarkProblem:
    """The problem in a file where another one's function stands above it, still to be written."""
    stub = f"def {other.entry_point}(*given: object) -> object:\n    raise NotImplementedError\n\n\n"
    return _above(problem, stub)


_SENTENCE = "Mind every case."


def _forms(
    problem: BenchmarkProblem, other: BenchmarkProblem | None = None
) -> Iterable[tuple[Occasion, BenchmarkProblem]]:
    yield Occasion.FIRST, problem
    yield Occasion.AGAIN, problem
    yield Occasion.ELSEWHERE, edited_elsewhere(problem)
    documented = edited_docstring(problem)
    if documented != problem:
        yield Occasion.DOCSTRING, documented
    if other is not None:
        yield Occasion.NEIGHBOUR, near(other, problem)


def _above(problem: BenchmarkProblem, text: str) -> BenchmarkProblem:
    start = _start(problem)
    return replace(problem, prompt=f"{problem.prompt[:start]}{text}{problem.prompt[start:]}")


def _start(problem: BenchmarkProblem) -> int:
    """Where the target begins; 0 where no line at the margin defines it."""
    name = re.escape(problem.entry_point)
    found = list(re.finditer(rf"^(?:async def|def|class) {name}\b", problem.prompt, re.MULTILINE))
    return found[-1].start() if found else 0


async def _run(
    visits: Sequence[Visit], strategy: Strategy, pair: Pair, plans: PlanStore, seed: int
) -> list[Attempt]:
    """One after the other, as a user asks: a later request finds what an earlier one left."""
    return [await attempt(visit.task, strategy, pair, {}, seed=seed, plans=plans) for visit in visits]


def _row(occasion: Occasion | None, both: Sequence[tuple[Occasion, Attempt, Attempt]]) -> Row:
    own = [(stored, fresh) for each, stored, fresh in both if occasion in {None, each}]
    known = [pair for pair in own if all(made.right is not None for made in pair)]
    empty = Account(len(own), len(own) - len(known))
    return Row(
        occasion,
        _account(empty, [stored for stored, _ in known]),
        _account(empty, [fresh for _, fresh in known]),
    )


def _account(empty: Account, made: Sequence[Attempt]) -> Account:
    used = [each.small + each.large for each in made]
    prices = [each.cost_usd for each in used]
    return replace(
        empty,
        calls=sum(each.calls for each in used),
        tokens=sum(each.input_tokens + each.output_tokens for each in used),
        seconds=sum(each.seconds for each in used),
        usd=None if None in prices else sum(price for price in prices if price is not None),
        accepted=sum(each.accepted for each in made),
        right=sum(each.right is True for each in made),
    )


def _cells(row: Row) -> tuple[str, ...]:
    stored, fresh = row.stored, row.fresh
    return (
        row.occasion or "all",
        str(stored.visits),
        str(stored.waiting),
        f"{stored.calls} ({fresh.calls})",
        f"{stored.tokens} ({fresh.tokens})",
        f"{stored.seconds:.1f} ({fresh.seconds:.1f})",
        f"{_money(stored.usd)} ({_money(fresh.usd)})",
        f"{stored.accepted} ({fresh.accepted})",
        f"{stored.right} ({fresh.right})",
    )


def _money(usd: float | None) -> str:
    return "unknown" if usd is None else f"{usd:.4f}"
