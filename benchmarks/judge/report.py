"""What came of the rules: a table for people, and the line of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from benchmarks.judge import scoring
from benchmarks.judge.scoring import LAMBDAS
from benchmarks.judge.trying import FIXED, GOAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from benchmarks.judge.scoring import Decision

    Decided = Mapping[str, Sequence[Decision]]

OURS = "ours"
BEATEN = ("any_pass", "logistic")
"""The rules that ours must beat, paired by problem."""


def summary(decided: Decided) -> dict[str, Any]:
    """The part of the JSON line that is about rules."""
    return {"rules": {name: _rule(decisions) for name, decisions in decided.items()}} | _paired(decided)


def show(decided: Decided, console: Console) -> None:
    """Print the table, and how ours stands against its rivals."""
    table = Table("rule", "bar", "accepted", "right (strictly)", "precision", "interval")
    for price in LAMBDAS:
        table.add_column(f"net at {price}", justify="right")
    table.add_column("ECE (a perfect judge's)")
    for name, decisions in decided.items():
        nets = [str(scoring.net_benefit(decisions, str(price), price)) for price in LAMBDAS]
        error = f"{scoring.ece(decisions):.3f} ({scoring.ece_of_a_perfect_judge(decisions):.3f})"
        for number, bar in enumerate((GOAL, *FIXED)):
            told = _at(decisions, bar)
            table.add_row(
                "" if number else name,
                bar,
                str(told["accepted"]),
                f"{told['right']} ({told['right_strictly']})",
                f"{told['precision']:.1%}",
                "{:.1%} to {:.1%}".format(*told["interval"]),
                *(["", "", "", ""] if number else [*nets, error]),
            )
    console.print(table)
    for rival, prices in _paired(decided).get("ours_minus", {}).items():
        told = ", ".join(
            f"{row['difference']:+} ({row['interval'][0]:+.0f} to {row['interval'][1]:+.0f}) at {price}"
            for price, row in prices.items()
        )
        console.print(f"net benefit, ours minus {rival}: {told}")


def _rule(decisions: Sequence[Decision]) -> dict[str, Any]:
    return {
        **_at(decisions, GOAL),
        "net_benefit": {str(price): scoring.net_benefit(decisions, str(price), price) for price in LAMBDAS},
        "curve": scoring.curve(decisions),
        "ece": round(scoring.ece(decisions), 4),
        "ece_of_a_perfect_judge": round(scoring.ece_of_a_perfect_judge(decisions), 4),
        "at": {bar: _at(decisions, bar) for bar in FIXED},
    }


def _at(decisions: Sequence[Decision], bar: str) -> dict[str, Any]:
    accepted, right = scoring.counts(decisions, bar)
    interval = scoring.precision_interval(decisions, bar)
    return {
        "accepted": accepted,
        "right": right,
        "right_strictly": sum(bar in each.accepted and each.strictly for each in decisions),
        "precision": round(right / accepted, 4) if accepted else 0.0,
        "interval": [round(interval.low, 4), round(interval.high, 4)],
    }


def _paired(decided: Decided) -> dict[str, Any]:
    if OURS not in decided:
        return {}
    return {
        "ours_minus": {
            rival: {str(price): _difference(decided, rival, price) for price in LAMBDAS}
            for rival in BEATEN
            if rival in decided
        }
    }


def _difference(decided: Decided, rival: str, price: int) -> dict[str, Any]:
    bar = str(price)
    ours, theirs = decided[OURS], decided[rival]
    interval = scoring.difference_interval(ours, theirs, price)
    return {
        "difference": scoring.net_benefit(ours, bar, price) - scoring.net_benefit(theirs, bar, price),
        "interval": [interval.low, interval.high],
    }
