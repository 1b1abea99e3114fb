"""Compare the judge with its rivals on recorded draws; prints a table, and last one line of JSON."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from rich.console import Console

from benchmarks.judge import report, stored
from benchmarks.judge.cases import MOST, Cut, cases
from benchmarks.judge.collecting import evidence, truth
from benchmarks.judge.rivals import OPTIONAL, RIVALS, without
from benchmarks.judge.trying import across_folds, elsewhere, exhibits
from benchmarks.samples import Shown, hidden, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.judge.collecting import Judged
    from benchmarks.judge.rivals import Rival
    from benchmarks.judge.scoring import Decision
    from benchmarks.samples import Sample
    from benchmarks.truth import Truth

GOALS = {Shown.EXAMPLES: 0.95, Shown.NONE: 0.9}
"""Share right among the accepted that the bar `goal` is chosen for, in the training folds."""


@dataclass(frozen=True, slots=True)
class Known:
    """All cases of a file with their evidence, and apart from these which draws are right."""

    judged: tuple[Judged, ...]
    true: tuple[tuple[Truth, ...], ...]


async def main(options: argparse.Namespace) -> None:
    """Find out, decide, score."""
    begun = time.monotonic()
    shown = Shown.NONE if options.no_examples else Shown.EXAMPLES
    cut = Cut(options.draws, options.seed, shown, options.most, frozenset(options.leave_out))
    second = load(options.second) if options.second else ()
    known = await _known(options.samples, cut, options.evidence, second)
    taught = await _known(options.train, cut, options.evidence, second) if options.train else None
    rivals = (*RIVALS, *(without(frozenset({name}), RIVALS[-1]) for name in options.without))
    decided = _decided(rivals, known, taught, GOALS[shown])
    report.show(decided, Console())
    result = report.summary(decided) | {
        "cases": len(known.judged),
        "solvable": sum(any(each.tests for each in true) for true in known.true),
        "seconds": round(time.monotonic() - begun, 1),
    }
    print(json.dumps(result))


async def _known(path: Path, cut: Cut, version: str, second: Sequence[Sample]) -> Known:
    samples = load(path)
    judged = await evidence(cases(samples, cut, second), stored.evidence_store(version))
    truths = stored.Store(stored.FOLDER / "truth.jsonl")
    return Known(judged, await truth(judged, [hidden(each) for each in samples], truths))


def _decided(
    rivals: Sequence[Rival], known: Known, taught: Known | None, goal: float
) -> dict[str, tuple[Decision, ...]]:
    decided = dict[str, tuple["Decision", ...]]()
    for rival in rivals:
        shown = exhibits(rival, known.judged, known.true)
        if taught is None:
            decided[rival.name] = across_folds(rival, shown, goal)
        else:
            decided[rival.name] = elsewhere(rival, exhibits(rival, taught.judged, taught.true), shown, goal)
    return decided


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judge", description=__doc__)
    parser.add_argument("--samples", type=Path, required=True, metavar="FILE", help="recorded draws")
    parser.add_argument("--train", type=Path, metavar="FILE", help="learn from this file, not across folds")
    parser.add_argument("--draws", type=int, default=8, help="draws a case")
    parser.add_argument("--most", type=int, default=MOST, help="cases a problem")
    parser.add_argument(
        "--no-examples", action="store_true", help="rules do not see the docstring's examples"
    )
    parser.add_argument("--seed", type=int, default=0, help="order of the draws; 0 leaves it")
    parser.add_argument(
        "--evidence", default="", metavar="VERSION", help="findings of earlier code, by its name"
    )
    parser.add_argument(
        "--second", type=Path, metavar="FILE", help="add two draws of this file's model to each case"
    )
    parser.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="VARIANT",
        help="leave out self-made tests that were asked for so, as `properties`",
    )
    parser.add_argument(
        "--without", action="append", default=[], choices=OPTIONAL, help="show ours without a signal, too"
    )
    return parser.parse_args()


if __name__ == "__main__":
    anyio.run(partial(main, _options()))
