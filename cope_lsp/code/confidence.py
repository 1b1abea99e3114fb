"""How sure a choice is: log-odds of being right, a weighted sum of what speaks for and against it.

The weights are fitted on recorded draws by `python -m benchmarks.fit_confidence` and shipped in
`confidence.json`. Each may only have the sign that reason gives it, so that no evidence for a choice ever
lowers its confidence; what is absent counts 0, as the least that such evidence can say.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.code.problem import RequestKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.code.findings import Findings
    from cope_lsp.code.signals import Signals

TABLE = Path(__file__).with_name("confidence.json")

SIGNS: Mapping[str, int] = {
    "proved": 1,
    "proved twice": 1,
    "proofs": 1,
    "shown": -1,
    "passing": 1,
    "beaten": 1,
    "alike of draws": 1,
    "alike": 1,
    "dissent": -1,
    "other behaviours": -1,
    "ordinary": 1,
    "values": 1,
    "least agreed": 1,
    "held ahead": 1,
    "ways": 1,
    "likely": 1,
}
"""The features, and whether each may speak for a choice (1) or against it (-1)."""

UNPROVED_EDIT = 0.85
"""Most for an edit of which no case shows that anything changed as asked."""

DIAGNOSED = 0.92
"""Least for a finding that is gone, with nothing new."""

FITTED = 8
"""Draws of the recorded cases: what more of them mean has not been seen."""

STRONG = 0.8
"""Share of mutants killed from which cases count in full; fitted cases killed more than nine of ten."""

CAP = 0.995
UNEXECUTED = (0.3, 0.4)


@dataclass(frozen=True, slots=True)
class Table:
    """Fitted weights by feature; `generators` are added to the log-odds by a model's name."""

    intercept: float
    weights: Mapping[str, float]
    generators: Mapping[str, float] = field(default_factory=dict[str, float])


@cache
def shipped() -> Table:
    """The table that the product decides by."""
    row = json.loads(TABLE.read_text())
    return Table(row["intercept"], row["weights"], row["generators"])


def confidence(found: Signals, generator: str = "", table: Table | None = None) -> float:
    """Probability that a choice is right; stays below any acceptance where nothing ran."""
    if not found.executed:
        return unexecuted(found.alike, found.draws)
    table = table or shipped()
    values = features(found)
    odds = table.intercept + table.generators.get(generator, 0.0)
    odds += sum(weight * values[name] for name, weight in table.weights.items())
    return round(min(CAP, 1.0 / (1.0 + math.exp(-odds))), 3)


def features(found: Signals) -> Mapping[str, float]:
    """The signals in the form that the weights are for."""
    proved = _strength(found) if found.proofs else 0.0
    ahead = max(0, found.held - found.rival_held)
    return {
        "proved": proved,
        "proved twice": float(found.proofs > 1),
        "proofs": math.log1p(found.proofs),
        "shown": proved * found.shown,
        "passing": proved * _log_odds(found.passing, found.draws),
        "beaten": proved * math.log1p(found.beaten),
        "alike of draws": _log_odds(found.alike, found.draws),
        "alike": math.log(found.alike),
        "dissent": max(found.others, default=0) / found.survivors,
        "other behaviours": math.log1p(len(found.others)),
        "ordinary": found.ordinary / found.told if found.told else 0.0,
        "values": math.log1p(found.values),
        "least agreed": found.least_agreed,
        "held ahead": ahead / (found.tests or 1),
        "ways": math.log(found.ways),
        "likely": found.likely,
    }


def of_kind(sure: float, chosen: Findings, kind: RequestKind) -> float:
    """What a kind of request demands besides: an edit must show its change, a finding must be gone."""
    if kind is RequestKind.FIX and _passed(chosen, "diagnosis"):
        return max(sure, DIAGNOSED)
    if kind is RequestKind.EDIT and not chosen.changed and not _passed(chosen, "behaviour"):
        return min(sure, UNPROVED_EDIT)
    return sure


def unexecuted(alike: int, candidates: int) -> float:
    """For candidates of which nothing executed counts: agreement alone, always below acceptance."""
    base, by_share = UNEXECUTED
    return round(base + (by_share * alike / candidates if candidates > 1 else 0.0), 3)


def _strength(found: Signals) -> float:
    """What passed cases count for: in full until mutants survive them, hardly at all where they kill none."""
    return min(1.0, (found.killed + 2) / (found.mutants + 2) / STRONG)


def _log_odds(part: int, whole: int) -> float:
    """The log-odds of a share, nearer to even the fewer there are; of more than `FITTED` the share counts."""
    few = min(1.0, FITTED / whole)
    return math.log((part * few + 0.5) / ((whole - part) * few + 0.5))


def _passed(chosen: Findings, source: str) -> bool:
    return any(piece.source == source and piece.status == "pass" for piece in chosen.evidence)
