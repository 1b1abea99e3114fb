"""Fits the judge's confidence on recorded draws and writes the table that the product ships.

    python -m benchmarks.fit_confidence --samples FILE [FILE …] [--bare FILE …]

Every file is read with and without the docstring's examples, since both kinds of request occur; those after
`--bare` only without, because their tests are their examples, so that passing these proves nothing (MBPP).
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from benchmarks.judge import stored
from benchmarks.judge.cases import MOST, Cut, cases
from benchmarks.judge.collecting import evidence, truth
from benchmarks.judge.fitting import logistic
from benchmarks.judge.rivals import OPTIONAL, RIDGE, RIVALS, without
from benchmarks.judge.stored import Store
from benchmarks.judge.trying import exhibits
from benchmarks.samples import Shown, hidden, load
from cope_lsp.code.confidence import SIGNS, TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.judge.trying import Exhibit

DIGITS = 4


async def main(options: argparse.Namespace) -> None:
    """Gather, fit, write."""
    sights = [(path, sight) for path in options.samples for sight in Shown]
    shown = [
        each
        for path, sight in [*sights, *((path, Shown.NONE) for path in options.bare)]
        for each in await _exhibits(path, Cut(options.draws, 0, sight, options.most), options)
    ]
    row = fitted(shown)
    TABLE.write_text(json.dumps(row, indent=2) + "\n")
    print(f"{TABLE} from {len(shown)} cases: {json.dumps(row)}")


def fitted(shown: Sequence[Exhibit]) -> dict[str, object]:
    """The table's row, from every reading in which something was chosen."""
    pairs = [
        (reading.features, right)
        for each in shown
        for reading, right in zip(each.readings, each.right, strict=True)
        if reading.choice is not None
    ]
    fit = logistic([row for row, _ in pairs], [right for _, right in pairs], RIDGE, tuple(SIGNS.values()))
    weights = {name: round(weight, DIGITS) for name, weight in zip(SIGNS, fit.weights, strict=True)}
    return {"intercept": round(fit.intercept, DIGITS), "weights": weights, "generators": {}}


async def _exhibits(path: Path, cut: Cut, options: argparse.Namespace) -> tuple[Exhibit, ...]:
    samples = load(path)
    store = Store(stored.FOLDER / f"evidence-{options.evidence or stored.version()}.jsonl")
    judged = await evidence(cases(samples, cut), store)
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
