"""What a calibration would save: ours with fixed values against ours with values fitted on other problems."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from cope_lsp.bench.calibrating import SOURCES, Fit, fit
from cope_lsp.bench.coding.tasks import CodeTask
from cope_lsp.bench.measures import expected_usd
from cope_lsp.bench.ours import OURS
from cope_lsp.bench.rivals.past import fold_of, past_of
from cope_lsp.bench.statistics import by_problem, mean_interval
from cope_lsp.bench.strategies import SAMPLES, Strategy, bare
from cope_lsp.bench.tasks import Rulebook
from cope_lsp.cascade.presets import SMALL, Terms, default
from cope_lsp.cascade.problem import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.rivals.past import Past
    from cope_lsp.bench.statistics import Interval
    from cope_lsp.bench.strategies import Cast
    from cope_lsp.bench.tariffs import Price
    from cope_lsp.bench.tasks import Task
    from cope_lsp.cascade.escalation import Worth
    from cope_lsp.cascade.problem import Ruling
    from cope_lsp.cascade.stages import Stage

    Shape: TypeAlias = Callable[[tuple[Stage, ...]], tuple[Stage, ...]]

AS_FIXED, AS_FITTED = "ours, fixed", "ours, fitted"

_BY_NAME = {each.name: each for each in OURS}


def compared(worth: Worth, shape: Shape = bare) -> tuple[Strategy, Strategy]:
    """Ours with fixed values, and with values fitted on the other folds of the problems tried before.

    `shape` may change the stages: by default the large model is asked for bare problems only.
    """
    fixed = partial(_stages, worth=worth, shape=shape, learned=lambda cast, _worth: Fit(cast.kind))
    fitted = partial(_stages, worth=worth, shape=shape, learned=_learned)
    return (
        Strategy(AS_FIXED, "the default preset", Rulebook.OURS, fixed),
        Strategy(AS_FITTED, "fitted on other problems", Rulebook.OURS, fitted, after=SOURCES),
    )


@dataclass(frozen=True, slots=True)
class Saving:
    """Expected cost of a problem in US dollars, fixed and fitted, over `problems` that both are known for.

    `saved` is the difference with its 95 % interval. `missing` problems wait for answers on a side.
    """

    kind: Kind
    language: str
    problems: int
    missing: int
    fixed_usd: float = 0.0
    fitted_usd: float = 0.0
    saved: Interval | None = None


def savings(
    attempts: Iterable[Attempt], languages: Mapping[str, str], price: Price, worth: Worth
) -> tuple[Saving, ...]:
    """What the fitted values save, for each kind of task and language."""
    sides: dict[tuple[Kind, str], dict[str, dict[tuple[str, int], Attempt]]] = {}
    for each in attempts:
        group = sides.setdefault((each.kind, languages.get(each.task, "")), {AS_FIXED: {}, AS_FITTED: {}})
        if each.strategy in group:
            group[each.strategy][each.task, each.seed] = each
    cost = partial(expected_usd, price=price, worth=worth)
    return tuple(
        _saving(kind, language, _pairs(group), cost) for (kind, language), group in sorted(sides.items())
    )


def languages_of(tasks: Iterable[Task]) -> Mapping[str, str]:
    """The programming languages of the tasks that have one."""
    return {task.id: task.desk.asked.request.language.id for task in tasks if isinstance(task, CodeTask)}


def write_fits(path: Path, models: tuple[str, str], fits: Sequence[Fit], savings: Sequence[Saving]) -> None:
    """Write fits as JSON, for people and programs. Raises: OSError."""
    told: dict[str, Any] = {
        "version": 1,
        "models": dict(zip(("small", "large"), models, strict=True)),
        "fits": [asdict(each) | {"fitted": each.fitted} for each in fits],
        "savings": [asdict(each) for each in savings],
    }
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _stages(
    cast: Cast, worth: Worth, shape: Shape, learned: Callable[[Cast, Worth], Fit]
) -> tuple[Stage, ...]:
    known = learned(cast, worth)
    if cast.kind is Kind.CODE:
        return shape(default(cast.small, cast.large, Terms(SAMPLES, worth, known.rates)))
    stages = shape(_BY_NAME["ours"].stages(cast))
    if known.bar is None:
        return stages
    accept = partial(_surer_than, known.bar)
    return tuple(replace(stage, accept=accept) if stage.name == SMALL else stage for stage in stages)


def _surer_than(bar: float, ruling: Ruling) -> bool:
    """A confidence above the bar, whatever fixed threshold the ruling's status came from."""
    return ruling.choice is not None and ruling.confidence > bar


def _learned(cast: Cast, worth: Worth) -> Fit:
    return _without(past_of(cast), fold_of(cast.task), worth)


@lru_cache(maxsize=32)
def _without(past: Past, fold: int, worth: Worth) -> Fit:
    """What the problems outside a fold teach."""
    others = [each for name in SOURCES for each in past.measured(name) if fold_of(each.task) != fold]
    return fit(others, past.kind, worth)


def _pairs(group: Mapping[str, Mapping[tuple[str, int], Attempt]]) -> list[tuple[Attempt, Attempt]]:
    fixed, fitted = group[AS_FIXED], group[AS_FITTED]
    return [(fixed[key], fitted[key]) for key in fixed if key in fitted]


def _saving(
    kind: Kind, language: str, pairs: list[tuple[Attempt, Attempt]], cost: Callable[[Attempt], float]
) -> Saving:
    known = [pair for pair in pairs if all(each.right is not None for each in pair)]
    missing = {fixed.task for fixed, _ in pairs} - {fixed.task for fixed, _ in known}
    if not known:
        return Saving(kind, language, 0, len(missing))
    costs = [(fixed.task, (cost(fixed), cost(fitted))) for fixed, fitted in known]
    rows = by_problem(costs)
    fixed_usd, fitted_usd = map(float, rows.mean(axis=0))
    saved = mean_interval(rows[:, 0] - rows[:, 1])
    return Saving(kind, language, len(rows), len(missing), fixed_usd, fitted_usd, saved)
