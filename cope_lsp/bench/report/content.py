"""What a report says, whatever shows it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.bench.contrasts import ablation, findings
from cope_lsp.bench.measures import summarise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.contrasts import Ablation, Contrast, Finding
    from cope_lsp.bench.measures import Summary, Yardstick


@dataclass(frozen=True, slots=True)
class Outline:
    """What a report is to show, named before the run: models, strategies in order, contrasts, ablations.

    `ablations` are compared with `base`.
    """

    title: str
    small: str
    large: str
    strategies: tuple[str, ...]
    primary: tuple[Contrast, ...]
    base: str
    ablations: tuple[str, ...]
    yardstick: Yardstick


@dataclass(frozen=True, slots=True)
class Conditions:
    """Which problems were tried: how many by set, and how many by seed."""

    sets: Mapping[str, int]
    seeds: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Report:
    """All that is shown; strategies of the outline without any attempt are not among `summaries`."""

    outline: Outline
    conditions: Conditions
    summaries: tuple[Summary, ...]
    findings: tuple[Finding, ...]
    ablations: tuple[Ablation, ...]


def compiled(attempts: Sequence[Attempt], outline: Outline) -> Report:
    """The report on a run's attempts; it compares what was chosen."""
    named = [attempt for attempt in attempts if attempt.strategy in outline.strategies]
    tried = {attempt.strategy for attempt in named}
    yardstick = outline.yardstick
    chosen = set(outline.strategies)
    asked = tuple(each for each in outline.primary if {each.first, each.second} <= chosen)
    changed = tuple(name for name in outline.ablations if {name, outline.base} <= tried)
    return Report(
        outline,
        _conditions(named),
        tuple(
            summarise(name, [each for each in named if each.strategy == name], yardstick)
            for name in outline.strategies
            if name in tried
        ),
        findings(attempts, asked, yardstick),
        tuple(ablation(attempts, name, outline.base, yardstick) for name in changed),
    )


def _conditions(attempts: Sequence[Attempt]) -> Conditions:
    tried = {(attempt.task, attempt.seed) for attempt in attempts}
    sets = Counter(_set_of(task) for task in {task for task, _ in tried})
    seeds = Counter(seed for _, seed in tried)
    return Conditions(dict(sorted(sets.items())), dict(sorted(seeds.items())))


def _set_of(task: str) -> str:
    """A task is named `set/number`."""
    return task.rpartition("/")[0] or task
