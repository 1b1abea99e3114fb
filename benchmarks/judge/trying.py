"""A rule tried on cases it has not learnt from: fits and bars come from the other folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.judge.fitting import folds
from benchmarks.judge.rivals import Bars
from benchmarks.judge.scoring import LAMBDAS, Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.judge.collecting import Judged
    from benchmarks.judge.rivals import Reading, Rival, Sure
    from benchmarks.truth import Truth

GOAL = "goal"
FIXED = {"0.9": 0.9, "0.95": 0.95}


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A case as a rule read it, with whether what it chose in each reading is right.

    `strictly`: the last reading's choice also behaves like the reference on mutated inputs.
    """

    problem: int
    readings: tuple[Reading, ...]
    right: tuple[bool, ...]
    strictly: bool

    @property
    def last(self) -> tuple[Reading, bool]:
        """The reading of all draws."""
        return self.readings[-1], self.right[-1]


def exhibits(
    rival: Rival, judged: Sequence[Judged], truth: Sequence[tuple[Truth, ...]]
) -> tuple[Exhibit, ...]:
    """Every case as the rule reads it."""
    return tuple(
        Exhibit(
            each.case.problem,
            readings,
            tuple(reading.choice is not None and true[reading.choice].tests for reading in readings),
            readings[-1].choice is not None and true[readings[-1].choice or 0].right,
        )
        for each, true in zip(judged, truth, strict=True)
        for readings in [rival.read(each)]
    )


def across_folds(rival: Rival, shown: Sequence[Exhibit], goal: float) -> tuple[Decision, ...]:
    """Decisions on every case, each by what was learnt from the folds that do not hold its problem."""
    decided: dict[int, Decision] = {}
    for training, test in folds([each.problem for each in shown]):
        taught = [shown[n] for n in training]
        sure = learnt(rival, taught)
        bars = _bars(rival, taught, goal)
        decided.update({n: _decision(shown[n], sure, bars) for n in test})
    return tuple(decided[n] for n in range(len(shown)))


def elsewhere(
    rival: Rival, taught: Sequence[Exhibit], shown: Sequence[Exhibit], goal: float
) -> tuple[Decision, ...]:
    """Decisions on one file by what was learnt from another."""
    sure, bars = learnt(rival, taught), _bars(rival, taught, goal)
    return tuple(_decision(each, sure, bars) for each in shown)


def learnt(rival: Rival, taught: Sequence[Exhibit]) -> Sure:
    """The rule's confidence, learnt from all readings in which something was chosen."""
    pairs = [
        (reading, right)
        for each in taught
        for reading, right in zip(each.readings, each.right, strict=True)
        if reading.choice is not None
    ]
    return rival.learn([reading for reading, _ in pairs], [right for _, right in pairs])


def _bars(rival: Rival, taught: Sequence[Exhibit], goal: float) -> Mapping[str, float]:
    """Least confidence that is accepted, by bar; inner folds keep a rule from being believed on its own."""
    if rival.bars is Bars.NONE:
        return dict.fromkeys([GOAL, *FIXED, *map(str, LAMBDAS)], 0.0)
    inner = list[tuple[float, bool]]()
    for training, test in folds([each.problem for each in taught], seed=1):
        sure = learnt(rival, [taught[n] for n in training])
        inner += [_said(taught[n], sure) for n in test]
    inner.sort(key=lambda pair: -pair[0])
    if rival.bars is Bars.PROBABILITY:
        by_price = {str(price): price / (1 + price) for price in LAMBDAS}
    else:
        by_price = {str(price): _best_bar(inner, price) for price in LAMBDAS}
    return {**by_price, **FIXED, GOAL: _goal_bar(inner, goal)}


def _best_bar(said: Sequence[tuple[float, bool]], price: int) -> float:
    """The bar with the largest net benefit; infinite where accepting nothing is best."""
    best, most, worth = float("inf"), 0, 0
    for number, (confidence, right) in enumerate(said):
        if confidence <= 0:
            break
        worth += 1 if right else -price
        last = number + 1 == len(said) or said[number + 1][0] < confidence
        if last and worth > most:
            best, most = confidence, worth
    return best


def _goal_bar(said: Sequence[tuple[float, bool]], goal: float) -> float:
    """The lowest bar at which the share right among the accepted reaches the goal."""
    bar, right = float("inf"), 0
    for number, (confidence, is_right) in enumerate(said, start=1):
        if confidence <= 0:
            break
        right += is_right
        last = number == len(said) or said[number][0] < confidence
        if last and right / number >= goal:
            bar = confidence
    return bar


def _said(each: Exhibit, sure: Sure) -> tuple[float, bool]:
    reading, right = each.last
    return (0.0 if reading.choice is None else sure(reading.features)), right


def _decision(each: Exhibit, sure: Sure, bars: Mapping[str, float]) -> Decision:
    confidence, right = _said(each, sure)
    accepted = frozenset(name for name, bar in bars.items() if confidence > 0 and confidence >= bar)
    return Decision(each.problem, confidence, right, accepted, each.strictly)
