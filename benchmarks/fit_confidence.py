"""Fits the judge's confidence on recorded draws and writes the table that the product ships.

    python -m benchmarks.fit_confidence --samples FILE [FILE …] [--bare FILE …]

Every file is read with and without the docstring's examples, since both kinds of request occur; those after
`--bare` only without, because their tests are their examples, so that passing these proves nothing (MBPP).
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, TypedDict

import anyio
from rich.console import Console
from rich.table import Table

from benchmarks.judge import stored
from benchmarks.judge.cases import MOST, Cut, cases
from benchmarks.judge.collecting import evidence, truth
from benchmarks.judge.fitting import Fit, logistic
from benchmarks.judge.rivals import OPTIONAL, RIDGE, RIVALS, without
from benchmarks.judge.stored import Store
from benchmarks.judge.trying import exhibits
from benchmarks.samples import Shown, hidden, load
from cope_lsp.code.confidence import SIGNS, TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.judge.trying import Exhibit

DIGITS = 4
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)
"""Ranges of confidence that are compared with the truth."""


class Row(TypedDict):
    """The shipped table."""

    intercept: float
    weights: dict[str, float]
    generators: dict[str, float]


@dataclass(frozen=True, slots=True)
class Range:
    """Readings whose confidence is `low` or more: how many, their mean confidence, the share right."""

    low: float
    readings: int
    said: float
    right: float


async def main(options: argparse.Namespace) -> None:
    """Gather, fit, write."""
    sights = [(path, sight) for path in options.samples for sight in Shown]
    by_file = {
        f"{path.name}, {sight.name.lower()}": await _exhibits(
            path, Cut(options.draws, 0, sight, options.most), options
        )
        for path, sight in [*sights, *((path, Shown.NONE) for path in options.bare)]
    }
    shown = [each for exhibited in by_file.values() for each in exhibited]
    row = fitted(shown)
    TABLE.write_text(json.dumps(row, indent=2) + "\n")
    for name, exhibited in by_file.items():
        _show(name, reliability(exhibited, row))
    print(f"{TABLE} from {len(shown)} cases: {json.dumps(row)}")


def fitted(shown: Sequence[Exhibit]) -> Row:
    """The table's row, from every reading in which something was chosen."""
    pairs = _readings(shown)
    fit = logistic([row for row, _ in pairs], [right for _, right in pairs], RIDGE, tuple(SIGNS.values()))
    weights = {name: round(weight, DIGITS) for name, weight in zip(SIGNS, fit.weights, strict=True)}
    return {"intercept": round(fit.intercept, DIGITS), "weights": weights, "generators": {}}


def reliability(shown: Sequence[Exhibit], row: Row) -> list[Range]:
    """What the table says of all readings against what is true of them, by ranges of confidence."""
    fit = Fit(row["intercept"], tuple(row["weights"].values()))
    pairs = [(fit.probability(features), right) for features, right in _readings(shown)]
    inside = [(low, [pair for pair in pairs if low <= pair[0] < high]) for low, high in pairwise(EDGES)]
    return [
        Range(low, len(there), mean(said for said, _ in there), mean(right for _, right in there))
        for low, there in inside
        if there
    ]


def _readings(shown: Sequence[Exhibit]) -> list[tuple[tuple[float, ...], bool]]:
    return [
        (reading.features, right)
        for each in shown
        for reading, right in zip(each.readings, each.right, strict=True)
        if reading.choice is not None
    ]


def _show(name: str, rows: Sequence[Range]) -> None:
    table = Table("confidence from", "readings", "said", "right", title=name)
    for each in rows:
        table.add_row(f"{each.low:.2f}", str(each.readings), f"{each.said:.1%}", f"{each.right:.1%}")
    Console().print(table)


async def _exhibits(path: Path, cut: Cut, options: argparse.Namespace) -> tuple[Exhibit, ...]:
    samples = load(path)
    judged = await evidence(cases(samples, cut), stored.evidence_store(options.evidence))
    true = await truth(judged, [hidden(each) for each in samples], Store(stored.FOLDER / "truth.jsonl"))
    return exhibits(without(frozenset(options.without), RIVALS[-1]), judged, true)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_confidence", description=__doc__)
    parser.add_argument("--samples", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--bare", type=Path, nargs="+", default=[], metavar="FILE")
    parser.add_argument("--draws", type=int, default=8, help="draws a case")
    parser.add_argument("--most", type=int, default=MOST, help="cases a problem")
    parser.add_argument(
        "--evidence", default="", metavar="VERSION", help="findings of earlier code, by its name"
    )
    parser.add_argument(
        "--without", action="append", default=[], choices=OPTIONAL, help="leave a signal out: its weight is 0"
    )
    return parser.parse_args()


if __name__ == "__main__":
    anyio.run(partial(main, _options()))
