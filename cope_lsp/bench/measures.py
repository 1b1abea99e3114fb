"""What a strategy came to over all problems: how often right, at what price, how fast, how it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from cope_lsp.bench.statistics import by_problem, mean_intervals
from cope_lsp.cascade.escalation import Worth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.statistics import Interval
    from cope_lsp.bench.tariffs import Price

A_MILLION = 1_000_000
"""Problems that money is told for, as in the paper."""

UNANSWERED = "unanswered"
"""Exit of an attempt that waits for answers."""

NOTHING = "nothing: tried"
"""Exit of an attempt that solved no step."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What money and outcomes are measured by: named prices of the large model, and the user's worth."""

    prices: Mapping[str, Price]
    worth: Worth = field(default_factory=Worth)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A share where some of it is unknown: `least` if that is all wrong, `most` if it is all right.

    `low` and `high` are the ends of their 95 % intervals. Nothing unknown: `least` is `most`.
    """

    least: float
    most: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spending:
    """At one price: US dollars for a million problems, and the expected cost of one problem."""

    money: Interval
    expected: Interval


@dataclass(frozen=True, slots=True)
class FalseAccepts:
    """Accepted and wrong: share of all problems, and of what was accepted (None: nothing, or not known)."""

    of_all: Bounds
    of_accepted: float | None


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds of all calls of an attempt, one after the other, at two percentiles of the attempts."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Summary:
    """One strategy's line.

    `missing` counts problems of which some attempt waits for answers. Such attempts are counted as nothing in
    `at`, `local_s` and the calls, which are then lower bounds; `latency` is None. `exits` are shares by stage
    (`stage: end` where it was given up), those of the unanswered among them.
    """

    strategy: str
    problems: int
    missing: int
    accuracy: Bounds
    at: Mapping[str, Spending]
    local_s: float
    latency: Latency | None
    exits: Mapping[str, float]
    accepted: float
    given: float
    false_accepts: FalseAccepts
    small_calls: float
    large_calls: float

    @property
    def complete(self) -> bool:
        """Whether every call was answered."""
        return self.missing == 0

    @property
    def measured(self) -> int:
        """Problems of which every attempt is known."""
        return self.problems - self.missing


def summarise(strategy: str, attempts: Sequence[Attempt], yardstick: Yardstick) -> Summary:
    """A strategy's line from its attempts, of which there is at least one; every problem counts once."""
    means = _means(attempts, yardstick)
    missing = {attempt.task for attempt in attempts if attempt.score is None}
    false = _bounds(means["false"], means["false at most"])
    return Summary(
        strategy,
        len({attempt.task for attempt in attempts}),
        len(missing),
        _bounds(means["right"], means["right at most"]),
        {name: Spending(means["money", name], means["expected", name]) for name in yardstick.prices},
        means["local seconds"].value,
        None if missing else _latency(attempts),
        _exit_shares(attempts),
        means["accepted"].value,
        means["given"].value,
        FalseAccepts(false, None if missing else _ratio(false.least, means["accepted"].value)),
        means["small calls"].value,
        means["large calls"].value,
    )


def was_given(attempt: Attempt) -> bool:
    """Whether the user got an answer: no step was given up, so that each was accepted or is unchecked."""
    return bool(attempt.exits) and not any(given_up(each) for each in attempt.exits)


def given_up(exit_: str) -> bool:
    """Whether an exit names a stage that ended without an answer (`stage: end`)."""
    return ": " in exit_


def seconds_of(attempt: Attempt) -> float:
    """Seconds of all its calls, of both models, one after the other."""
    return attempt.small.seconds + attempt.large.seconds


def expected_usd(attempt: Attempt, price: Price, worth: Worth) -> float:
    """What an attempt cost its user: money, waiting, and what came of it.

    Money is the large model's, by tokens; waiting is the seconds of both. A given answer that is not wholly
    right (a score below 1) costs `wrong_edit_usd`, however the strategy vouched for it: an unchecked stage's
    counts like an accepted one. An answer that was not given costs `no_answer_usd`, even if its best
    candidate happens to be right. A given answer that is right costs nothing more.
    """
    paid = price.of(attempt.large) + worth.second_usd * seconds_of(attempt)
    if not was_given(attempt):
        return paid + worth.no_answer_usd
    return paid if attempt.right else paid + worth.wrong_edit_usd


_Name: TypeAlias = str | tuple[str, str]


def _means(attempts: Sequence[Attempt], yardstick: Yardstick) -> Mapping[_Name, Interval]:
    told = [(attempt.task, _observed(attempt, yardstick)) for attempt in attempts]
    rows = by_problem((task, tuple(observed.values())) for task, observed in told)
    return dict(zip(told[0][1], mean_intervals(rows), strict=True))


def _observed(attempt: Attempt, yardstick: Yardstick) -> dict[_Name, float]:
    """What is averaged; of an attempt with calls missing, nothing but how it could have ended."""
    score, known = attempt.score, attempt.score is not None
    false = attempt.accepted and not attempt.right
    observed: dict[_Name, float] = {
        "right": score or 0.0,
        "right at most": 1.0 if score is None else score,
        "false": false,
        "false at most": false or not known,
        "accepted": attempt.accepted,
        "given": was_given(attempt),
        "local seconds": attempt.small.seconds,
        "small calls": attempt.small.calls,
        "large calls": attempt.large.calls,
    }
    for name, price in yardstick.prices.items():
        observed["money", name] = A_MILLION * price.of(attempt.large)
        observed["expected", name] = expected_usd(attempt, price, yardstick.worth) if known else 0.0
    return observed


def _bounds(least: Interval, most: Interval) -> Bounds:
    return Bounds(least.value, most.value, least.low, most.high)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _latency(attempts: Sequence[Attempt]) -> Latency:
    middle, late = np.percentile([seconds_of(attempt) for attempt in attempts], (50, 95))
    return Latency(float(middle), float(late))


def _exit_shares(attempts: Sequence[Attempt]) -> Mapping[str, float]:
    told = [(attempt.task, _exits(attempt)) for attempt in attempts]
    names = sorted({name for _, exits in told for name in exits})
    rows = by_problem((task, [exits[name] / exits.total() for name in names]) for task, exits in told)
    return dict(zip(names, (float(share) for share in rows.mean(axis=0)), strict=True))


def _exits(attempt: Attempt) -> Counter[str]:
    return Counter((UNANSWERED,)) if attempt.score is None else Counter(attempt.exits or (NOTHING,))
