"""All draws of some problem sets, several calls at a time, the first ones of every problem first."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.draw.asking import Asked, asked, draw
from benchmarks.draw.records import Part, Records, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cope_lsp.bench.coding.problems import BenchmarkProblem
    from cope_lsp.cascade.ports import Model

VISIT = 4
"""Draws of one problem in a row: they share a prompt, which the model's server then reads once."""

QUIET_S = 60.0
"""Seconds between lines of progress where no terminal shows a bar."""


@dataclass(frozen=True, slots=True)
class Order:
    """How much is drawn: solutions and self-made tests a problem, calls in flight, the seed of all chance."""

    draws: int = 8
    tests: int = 2
    width: int = 4
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Set:
    """A problem set with its draws so far and its sample file."""

    problems: tuple[BenchmarkProblem, ...]
    records: Records
    out: Path


@dataclass(frozen=True, slots=True)
class Visit:
    """Draws of one problem that are made one after the other."""

    asked: Asked
    tasks: tuple[Task, ...]
    records: Records


@dataclass(slots=True)
class Pace:
    """What came so far, and what is said of it."""

    bar: Progress
    left: int
    began: float = field(default_factory=time.monotonic)
    said: float = field(default_factory=time.monotonic)
    made: int = 0
    tokens: int = 0

    def note(self, tokens: int, task: Task) -> None:
        """One more draw was made."""
        self.made, self.left, self.tokens = self.made + 1, self.left - 1, self.tokens + tokens
        for bar in self.bar.task_ids:
            self.bar.update(bar, advance=1, description=f"{task.task_id} · {self.speed():.0f} tokens/s")
        if not self.bar.console.is_terminal and time.monotonic() - self.said > QUIET_S:
            self.said = time.monotonic()
            minutes = self.left * (self.said - self.began) / self.made / 60
            print(
                f"{task.task_id}: {self.left} draws left, {self.speed():.1f} tokens/s, {minutes:.0f} min",
                flush=True,
            )

    def speed(self) -> float:
        """Tokens a second, of solutions and tests."""
        return self.tokens / (time.monotonic() - self.began)


async def draw_all(model: Model, sets: Sequence[Set], order: Order) -> None:
    """Make every draw that is not there yet. Raises: an exception group of ModelErrors."""
    visits = [visit for visit in _visits(sets, order) if visit.tasks]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        left = sum(len(visit.tasks) for visit in visits)
        bar.add_task("drawing", total=left)
        pace, waiting = Pace(bar, left), iter(visits)
        async with anyio.create_task_group() as group:
            for _ in range(order.width):
                group.start_soon(_work, model, waiting, pace, order.seed)


async def _work(model: Model, waiting: Iterator[Visit], pace: Pace, seed: int) -> None:
    for visit in waiting:
        for task in visit.tasks:
            record = await draw(model, visit.asked, task, seed)
            visit.records.keep(record)
            pace.note(record.tokens, task)


def _visits(sets: Sequence[Set], order: Order) -> Iterator[Visit]:
    """What is still to be drawn: `VISIT` solutions and their share of the tests at a time, in all sets."""
    rounds = -(-order.draws // VISIT)
    for turn in range(rounds):
        solutions = range(turn * VISIT, min(order.draws, (turn + 1) * VISIT))
        tests = range(order.tests * turn // rounds, order.tests * (turn + 1) // rounds)
        wanted = [(part, n) for part, numbers in zip(Part, (solutions, tests), strict=True) for n in numbers]
        for each in sets:
            for problem in each.problems:
                tasks = (Task(problem.task_id, part, number) for part, number in wanted)
                left = tuple(task for task in tasks if task not in each.records.done)
                yield Visit(asked(problem), left, each.records)
