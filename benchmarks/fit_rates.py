"""The chances that decide when to draw on, from recorded draws.

    python -m benchmarks.fit_rates --samples FILE [FILE …]

Problems differ, so a chance is a beta distribution over problems; its pseudo-counts are those under which
the recorded counts are likeliest. `cope_lsp.cascade.escalation.FIXED` holds them as `hits`, `misses`, `agree`
and `differ`. Prints a table, and last one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from functools import partial
from math import exp, lgamma
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.table import Table

from benchmarks.judge import stored
from benchmarks.judge.cases import MOST, Cut, cases
from benchmarks.judge.collecting import evidence
from benchmarks.samples import Shown, load
from cope_lsp.cascade.problem import Status
from cope_lsp.code.clusters import clusters
from cope_lsp.code.rules import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.judge.collecting import Judged
    from cope_lsp.code.findings import Findings
Count = tuple[int, int]
"""How many, of how many."""

GRID = tuple(exp(-2.5 + 5 * step / 100) for step in range(101))
"""Pseudo-counts that are tried: from 0.08 to 12, five hundredths of the logarithm apart."""


async def main(options: argparse.Namespace) -> None:
    """Count and fit."""
    passes, company = list[Count](), list[Count]()
    for path in options.samples:
        for sight in Shown:
            judged = await _judged(path, Cut(options.draws, 0, sight, options.most), options.evidence)
            company += filter(None, (agreeing(each.found) for each in judged))
            passes += [passing(each.found) for each in judged if sight is Shown.EXAMPLES]
    rows = {"pass their examples": passes, "agree with the first that stands": company}
    table = Table("draws that …", "share", "pseudo-counts", "cases")
    result = dict[str, tuple[float, float]]()
    for name, counts in rows.items():
        result[name] = likeliest(counts)
        share = sum(some for some, _ in counts) / sum(all_ for _, all_ in counts)
        table.add_row(name, f"{share:.1%}", "{:.2f}, {:.2f}".format(*result[name]), str(len(counts)))
    Console().print(table)
    print(json.dumps({name: [round(value, 2) for value in pair] for name, pair in result.items()}))


def passing(found: Sequence[Findings]) -> Count:
    """Draws of a case that pass."""
    return sum(each.status is Status.PASS for each in found), len(found)


def agreeing(found: Sequence[Findings]) -> Count | None:
    """Of the draws after the first that stands, those that behave like it; None where none stands."""
    for number in range(len(found)):
        leads = choose(found[: number + 1])
        if leads is not None:
            later = found[number + 1 :]
            return sum(_alike(leads.choice, each) for each in later), len(later)
    return None


def likeliest(counts: Sequence[Count]) -> tuple[float, float]:
    """The beta distribution's pseudo-counts under which the counts are likeliest, on a grid."""
    times = Counter(counts)
    pairs = ((some, others) for some in GRID for others in GRID)
    return max(pairs, key=lambda pair: _likelihood(times, *pair))


def _alike(one: Findings, other: Findings) -> bool:
    return other.status is not Status.FAIL and len(clusters([one, other])) == 1


def _likelihood(times: Counter[Count], some: float, others: float) -> float:
    """Logarithm of the counts' likelihood, but for what does not hang on the pseudo-counts."""
    before = _log_beta(some, others)
    return sum(
        number * (_log_beta(some + part, others + all_ - part) - before)
        for (part, all_), number in times.items()
    )


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


async def _judged(path: Path, cut: Cut, version: str) -> tuple[Judged, ...]:
    return await evidence(cases(load(path), cut), stored.evidence_store(version))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_rates", description=__doc__)
    parser.add_argument(
        "--samples", type=Path, nargs="+", required=True, metavar="FILE", help="recorded draws"
    )
    parser.add_argument("--draws", type=int, default=8, help="draws a case")
    parser.add_argument("--most", type=int, default=MOST, help="cases a problem")
    parser.add_argument("--evidence", default="", metavar="VERSION", help="findings of earlier code")
    return parser.parse_args()


if __name__ == "__main__":
    anyio.run(partial(main, _options()))
