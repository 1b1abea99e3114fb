"""One strategy on one task: what it came to, what it spent, what it waits for."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cope_lsp.bench.leaves import leaves
from cope_lsp.bench.players import Player, Unanswered
from cope_lsp.bench.strategies import Cast
from cope_lsp.bench.tallies import Tally, Teller
from cope_lsp.bench.tariffs import AS_RECORDED
from cope_lsp.cascade.outcome import End
from cope_lsp.cascade.problem import Kind, Usage
from cope_lsp.cascade.solve import Options, solve
from cope_lsp.storage.plan_store import NoPlans

if TYPE_CHECKING:
    from collections.abc import Generator

    from cope_lsp.bench.players import Source, Wanted
    from cope_lsp.bench.records import Records
    from cope_lsp.bench.strategies import History, Strategy
    from cope_lsp.bench.tariffs import Tariff
    from cope_lsp.bench.tasks import Step, Task
    from cope_lsp.cascade.ports import PlanStore
    from cope_lsp.cascade.problem import Candidate, Completion
    from cope_lsp.cascade.solve import Result


@dataclass(frozen=True, slots=True)
class Side:
    """A model of a run: its name, where its calls go (None: nowhere), what they cost and take."""

    name: str
    source: Source | None = None
    tariff: Tariff = AS_RECORDED


@dataclass(frozen=True, slots=True)
class Pair:
    """The two models of a run, and the records of all their calls."""

    small: Side
    large: Side
    records: Records


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a strategy came to on a task.

    `score` is 1.0 for right; None where `wanted` calls are unanswered, and then nothing else is known.
    `exits` names the stage that each step ended in. `accepted`: every step ended with a candidate that a
    ruling accepted, so that it would have been offered as verified. `confidence` is the last such
    ruling's. `choice` is the last step's. `draft` is the small model's first reply as it came: what a rival
    that learns reads. `kind` is the task's. `tallies` tell what happened in each stage of each step.
    """

    task: str
    strategy: str
    seed: int
    score: float | None = None
    accepted: bool = False
    confidence: float = 0.0
    exits: tuple[str, ...] = ()
    small: Usage = field(default_factory=Usage)
    large: Usage = field(default_factory=Usage)
    choice: Candidate | None = None
    wanted: tuple[Wanted, ...] = ()
    draft: Completion | None = None
    kind: Kind = Kind.CODE
    tallies: tuple[Tally, ...] = ()

    @property
    def right(self) -> bool | None:
        """Whether it is wholly right; None: not known yet."""
        return None if self.score is None else self.score >= 1.0


async def attempt(
    task: Task,
    strategy: Strategy,
    pair: Pair,
    history: History,
    *,
    seed: int = 0,
    plans: PlanStore | None = None,
) -> Attempt:
    """Have a strategy solve a task. Raises: what a source raises to end the run.

    A call that nothing answers ends the attempt as unknown. The plan cache is empty unless `plans` is given.
    """
    small, large = (
        Player(side.name, pair.records, side.source, task.id, seed, side.tariff)
        for side in (pair.small, pair.large)
    )
    results: list[Result] = []
    teller = Teller()

    async def one(step: Step) -> Result:
        stages = strategy.stages(Cast(small, large, task.id, step.problem.kind, seed, history))
        consult = step.consult if strategy.consults else None
        judge = step.judges(strategy.rulebook, seed)
        options = Options(seed=seed, consult=consult)
        result = await solve(step.problem, stages, judge, plans or NoPlans(), teller, options)
        results.append(result)
        return result

    elsewhere: list[Wanted] = []
    with _unanswered_left(elsewhere):
        score = await task.work(one)
        known = Attempt(task.id, strategy.name, seed, score, kind=task.kind, tallies=tuple(teller.tallies))
        return _concluded(known, results, small, large)
    wanted = dict.fromkeys((*small.wanted, *large.wanted, *elsewhere))
    return Attempt(task.id, strategy.name, seed, wanted=tuple(wanted), kind=task.kind)


@contextmanager
def _unanswered_left(wanted: list[Wanted]) -> Generator[None]:
    """Leave the block at an unanswered call, also one that the score makes; several may end it together."""
    try:
        yield
    except* Unanswered as group:
        wanted += [error.wanted for error in leaves(group) if isinstance(error, Unanswered)]


def _concluded(known: Attempt, results: list[Result], small: Player, large: Player) -> Attempt:
    accepted = [result.accepted for result in results]
    last = accepted[-1] if accepted else None
    return Attempt(
        known.task,
        known.strategy,
        known.seed,
        known.score,
        accepted=bool(accepted) and all(each is not None for each in accepted),
        confidence=0.0 if last is None else last.confidence,
        exits=tuple(_exit(result) for result in results),
        small=_used(small.made),
        large=_used(large.made),
        choice=results[-1].best if results else None,
        draft=small.made[0] if small.made else None,
        kind=known.kind,
        tallies=known.tallies,
    )


def _exit(result: Result) -> str:
    """The stage that answered; where none did, the last one that was tried, as given up."""
    ends = {End.ACCEPTED, End.UNCHECKED}
    stage = result.outcomes[-1].stage
    return stage if result.end in ends else f"{stage}: {result.end}"


def _used(made: list[Completion]) -> Usage:
    return sum((completion.usage for completion in made), Usage())
