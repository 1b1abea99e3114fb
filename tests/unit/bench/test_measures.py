"""From attempts to a strategy's line, and to differences between strategies."""

from __future__ import annotations

import pytest

from cope_lsp.bench.attempts import Attempt
from cope_lsp.bench.contrasts import Contrast, Measure, Verdict, ablation, findings
from cope_lsp.bench.measures import UNANSWERED, Yardstick, expected_usd, summarise
from cope_lsp.bench.tariffs import Price
from cope_lsp.cascade.escalation import Worth
from cope_lsp.cascade.problem import Usage

DEAR, CHEAP = Price(10.0, 1.0, 50.0), Price(1.0, 0.1, 5.0)
YARDSTICK = Yardstick({"dear": DEAR, "cheap": CHEAP}, Worth(2.0, 0.2, 0.01))
PAID = Usage(100, 0, 20, 3.0, None, 1)
LOCAL = Usage(500, 0, 200, 5.0, 0.0, 4)


def solved(task: str, score: float, strategy: str = "cascade", seed: int = 0) -> Attempt:
    """An attempt that the small model ended, accepted."""
    return Attempt(task, strategy, seed, score, accepted=True, exits=("small",), small=LOCAL)


def paid(task: str, score: float, strategy: str = "cascade", seed: int = 0) -> Attempt:
    """An attempt that an unchecked large stage ended."""
    return Attempt(task, strategy, seed, score, exits=("large",), small=LOCAL, large=PAID)


def waiting(task: str, strategy: str = "cascade", seed: int = 0) -> Attempt:
    """An attempt with an unanswered call."""
    return Attempt(task, strategy, seed)


def test_a_line_counts_what_the_attempts_say() -> None:
    """Of four problems three are right, one is a false accept, one is paid."""
    attempts = [solved("a", 1.0), solved("b", 1.0), solved("c", 0.0), paid("d", 1.0)]

    line = summarise("cascade", attempts, YARDSTICK)

    assert (line.problems, line.missing, line.complete) == (4, 0, True)
    assert line.accuracy.least == line.accuracy.most == 0.75
    assert line.false_accepts.of_all.least == 0.25
    assert line.false_accepts.of_accepted == pytest.approx(1 / 3)
    assert line.exits == {"large": 0.25, "small": 0.75}
    assert (line.small_calls, line.large_calls, line.local_s) == (4.0, 0.25, 5.0)
    assert line.latency is not None
    assert line.latency.p50 == 5.0
    assert line.latency.p95 == pytest.approx(7.55)


def test_money_is_the_large_models_tokens_for_a_million_problems() -> None:
    """100 tokens in and 20 out at 10 and 50 dollars a million: 0.2 cents, for one problem in two."""
    line = summarise("cascade", [solved("a", 1.0), paid("b", 1.0)], YARDSTICK)

    assert line.at["dear"].money.value == pytest.approx(1000.0)
    assert line.at["cheap"].money.value == pytest.approx(100.0)


def test_missing_attempts_make_bounds_and_no_latency() -> None:
    """Two of four problems wait: they may all be wrong, or all right."""
    attempts = [solved("a", 1.0), solved("b", 0.0), waiting("c"), waiting("d")]

    line = summarise("cascade", attempts, YARDSTICK)

    assert (line.problems, line.missing, line.measured) == (4, 2, 2)
    assert (line.accuracy.least, line.accuracy.most) == (0.25, 0.75)
    assert line.accuracy.low <= 0.25
    assert line.accuracy.high >= 0.75
    assert (line.false_accepts.of_all.least, line.false_accepts.of_all.most) == (0.25, 0.75)
    assert line.false_accepts.of_accepted is None
    assert line.latency is None
    assert line.exits[UNANSWERED] == 0.5


def test_a_missing_attempt_counts_as_nothing_in_cost_so_that_it_is_a_lower_bound() -> None:
    """No penalty is made up for what is not known."""
    known = summarise("cascade", [solved("a", 1.0)], YARDSTICK)
    half = summarise("cascade", [solved("a", 1.0), waiting("b")], YARDSTICK)

    assert half.at["dear"].expected.value == pytest.approx(known.at["dear"].expected.value / 2)


@pytest.mark.parametrize(
    ("attempt", "usd"),
    [
        (solved("a", 1.0), 0.05),
        (solved("a", 0.0), 2.05),
        (paid("a", 1.0), 0.002 + 0.08),
        (paid("a", 0.0), 0.002 + 2.08),
        (Attempt("a", "s", 0, 0.0, exits=("large: exhausted",), small=LOCAL), 0.25),
        (Attempt("a", "s", 0, 1.0, exits=("small", "small: unverified"), small=LOCAL), 0.25),
        (solved("a", 0.5), 2.05),
    ],
    ids=["right", "wrong", "unchecked right", "unchecked wrong", "given up", "given up, right", "half right"],
)
def test_expected_cost_prices_what_the_user_got(attempt: Attempt, usd: float) -> None:
    """A wrong edit costs its price whoever gave it; what was not given costs the lack of an answer."""
    assert expected_usd(attempt, DEAR, YARDSTICK.worth) == pytest.approx(usd)


def test_primary_contrasts_are_corrected_together() -> None:
    """Three questions of one family: each corrected p is at least its own."""
    tasks = [f"t{number:03}" for number in range(300)]
    attempts = [solved(task, 1.0, "ours") for task in tasks]
    attempts += [paid(task, 1.0, "large x1") for task in tasks]
    attempts += [solved(task, float(number % 5 > 0), "paper") for number, task in enumerate(tasks)]

    equal, cheaper, better = findings(
        attempts,
        [
            Contrast("ours", "large x1", margin=0.03),
            Contrast("ours", "large x1", Measure.MONEY),
            Contrast("paper", "ours"),
        ],
        YARDSTICK,
    )

    assert equal.verdict is Verdict.NOT_INFERIOR
    assert cheaper.verdict is Verdict.BETTER
    assert better.verdict is Verdict.WORSE
    assert better.difference.interval is not None
    assert better.difference.interval.value == pytest.approx(-0.2)
    assert all(each.adjusted >= each.p for each in (equal, cheaper, better))


def test_non_inferiority_needs_the_bound_within_the_margin() -> None:
    """Nine losses in 300 are 3 points, but the bound is not."""
    tasks = [f"t{number:03}" for number in range(300)]
    attempts = [solved(task, float(number >= 9), "ours") for number, task in enumerate(tasks)]
    attempts += [paid(task, 1.0, "large x1") for task in tasks]

    (told,) = findings(attempts, [Contrast("ours", "large x1", margin=0.03)], YARDSTICK)

    assert told.verdict is Verdict.NOT_SHOWN


def test_only_problems_measured_in_both_are_paired() -> None:
    """A problem with any seed unanswered is left out, and said to be."""
    attempts = [solved("a", 1.0, "one"), solved("b", 1.0, "one"), solved("b", 1.0, "one", seed=1)]
    attempts += [paid("a", 0.0, "two"), paid("b", 1.0, "two"), waiting("b", "two", seed=1)]
    attempts += [paid("c", 1.0, "two")]

    told = ablation(attempts, "one", "two", YARDSTICK)
    accuracy = told.differences[Measure.ACCURACY]

    assert (accuracy.problems, accuracy.tried, accuracy.missing) == (1, 2, 1)
    assert accuracy.interval is not None
    assert accuracy.interval.value == 1.0
    assert not told.measurable


def test_a_contrast_that_nothing_measures_says_so() -> None:
    """No pairs: no interval, a p of 1, and the family is still corrected for it."""
    (told,) = findings([waiting("a", "one"), solved("a", 1.0, "two")], [Contrast("one", "two")], YARDSTICK)

    assert told.verdict is Verdict.NOT_MEASURABLE
    assert (told.p, told.difference.interval, told.difference.missing) == (1.0, None, 1)
