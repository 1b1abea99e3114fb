"""When to accept, when to draw again, when to pay: expected losses in US dollars, as pure functions.

A wrong edit costs L, no answer A, a second v. Chances, prices and seconds are `Rates`; `FIXED` serves
until a user's own models are measured. Nothing here pays for an UNKNOWN: stages see to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma


@dataclass(frozen=True, slots=True)
class Worth:
    """What outcomes are worth to the user, in US dollars."""

    wrong_edit_usd: float = 2.0
    no_answer_usd: float = 0.2
    second_usd: float = 0.005


@dataclass(frozen=True, slots=True)
class Rates:
    """Chances, prices (US dollars) and seconds of what the cascade can do next.

    `hits` and `misses` are the pseudo-counts of a beta prior on one local draw passing, `agree` and `differ`
    of one on a draw behaving like the one that leads; `tests_settle` is the chance that a small model's
    tests settle what draws left open. `accepted_*` is
    the chance that a stage ends accepted, `right_*` that what it accepted is right.
    """

    hits: float
    misses: float
    agree: float
    differ: float
    tests_settle: float
    accepted_guided: float
    right_guided: float
    accepted_large: float
    right_large: float
    repaired_large: float
    guideline_usd: float
    guideline_s: float
    guided_draws_s: float
    solution_usd: float
    solution_s: float


FIXED = Rates(
    # Qwen2.5-Coder-1.5B, eight draws for 182 problems of HumanEval and MBPP (`benchmarks.fit_rates`): a
    # problem is easy or hard for it, so that one failure says much.
    hits=0.33,
    misses=0.26,
    # The same draws, with examples and without: those that behave like the first that stands.
    agree=0.55,
    differ=0.37,
    # Five tests of a 1.5B model, half of them right, as weight and not as veto: a guess, until it is fitted.
    tests_settle=0.2,
    # With a frontier model's guideline it solved 6 of the 11 problems it never got alone.
    accepted_guided=0.55,
    # Among candidates that pass the visible tests, a 1.5B model's are right 81 % of the time by any-pass.
    # A stricter ruling does better; a frontier model's nearly always are.
    right_guided=0.90,
    accepted_large=0.90,
    right_large=0.95,
    # Second tries with test output: 22 -> 52 % and 40 -> 81 % in aider's polyglot benchmark.
    repaired_large=0.35,
    # 1,500 tokens in and 50 out, for guideline and short solution alike (48.9 and 49.5 tokens were measured).
    guideline_usd=0.004,
    guideline_s=4.0,
    guided_draws_s=8.0,
    solution_usd=0.004,
    solution_s=5.0,
)
"""Rates before anything was measured: a 1.5B model on a laptop, a frontier model at a present-day price."""


@dataclass(frozen=True, slots=True)
class Onward:
    """What going on instead of accepting brings: chance of ending right, US dollars, seconds."""

    right: float
    usd: float
    seconds: float


NOWHERE = Onward(0.0, 0.0, 0.0)
"""There is nothing to go on to."""


def to_large(rates: Rates) -> Onward:
    """Going on to the large model's own solution."""
    return Onward(rates.accepted_large * rates.right_large, rates.solution_usd, rates.solution_s)


def to_guided(rates: Rates) -> Onward:
    """Going on to a guideline for the small model, and to the large one if that fails."""
    missed = 1.0 - rates.accepted_guided
    large = to_large(rates)
    return Onward(
        rates.accepted_guided * rates.right_guided + missed * large.right,
        rates.guideline_usd + missed * large.usd,
        rates.guideline_s + rates.guided_draws_s + missed * large.seconds,
    )


def acceptance_bar(worth: Worth, onward: Onward) -> float:
    """Least probability of being right that is accepted: better than going on, and than no answer."""
    loss = worth.wrong_edit_usd
    if loss == 0.0:
        return 0.0
    than_onward = onward.right - (onward.usd + worth.second_usd * onward.seconds) / loss
    than_nothing = 1.0 - worth.no_answer_usd / loss
    return max(0.0, than_onward, than_nothing)


def large_bar(rates: Rates, bar: float) -> float:
    """The bar in the words of a judge whose confidence is fitted on a small model's draws.

    The same evidence on a large model's solution leaves less doubt, because fewer of them are wrong to
    begin with: by Bayes' rule the odds that the judge must see shrink by the ratio of the prior odds.
    """
    large = to_large(rates).right
    right = bar * (1.0 - large) * rates.hits
    wrong = (1.0 - bar) * large * rates.misses
    return right / (right + wrong) if right else 0.0


def guideline_pays(rates: Rates, worth: Worth) -> bool:
    """Whether a guideline with small draws is worth trying before the large model's own solution."""
    saved = (
        rates.solution_usd
        + worth.second_usd * rates.solution_s
        - worth.wrong_edit_usd * (rates.right_large - rates.right_guided)
    )
    price = rates.guideline_usd + worth.second_usd * (rates.guideline_s + rates.guided_draws_s)
    return rates.accepted_guided * saved > price


def repair_pays(rates: Rates, worth: Worth) -> bool:
    """Whether the large model's failed solution is worth one paid repair."""
    price = rates.solution_usd + worth.second_usd * rates.solution_s
    return rates.repaired_large * worth.no_answer_usd > price


def draw_pays(rates: Rates, worth: Worth, failed: int, draw_s: float) -> bool:
    """Whether one more local draw is worth its `draw_s` seconds after `failed` failures.

    A pass is worth what no answer costs, also where a large model stands behind: the user's seconds
    are weighed against the answer, never against money that need not be spent.
    """
    passes = rates.hits / (rates.hits + rates.misses + failed)
    return passes * worth.no_answer_usd > worth.second_usd * draw_s


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a stage stands when something passed and it is not sure enough.

    `agreed` other draws behave like the one that leads, `differed` do not; `needed` more that agree would
    be enough, `left` draws can still be made, in `draw_s` seconds each.
    """

    agreed: int
    differed: int
    needed: int
    left: int
    draw_s: float


def agreement_chance(rates: Rates, outlook: Outlook, draws: int) -> float:
    """Chance that at least the needed number of the next `draws` agree with the one that leads."""
    agree, differ = rates.agree + outlook.agreed, rates.differ + outlook.differed
    return sum(_beta_binomial(hits, draws, agree, differ) for hits in range(outlook.needed, draws + 1))


def agreement_pays(rates: Rates, worth: Worth, outlook: Outlook) -> bool:
    """Whether drawing on until enough agree is worth its seconds, for some number of draws."""
    second_usd = worth.second_usd * outlook.draw_s
    return any(
        agreement_chance(rates, outlook, draws) * worth.no_answer_usd > second_usd * draws
        for draws in range(outlook.needed, outlook.left + 1)
    )


@dataclass(frozen=True, slots=True)
class Doubt:
    """What one more draw could make of a ruling that is sure enough: `sure` now, `agreed` or `differed` then.

    `passed` of the `judged` draws passed; only one that passes says anything.
    """

    sure: float
    agreed: float
    differed: float
    passed: int
    judged: int
    draw_s: float


def second_opinion_pays(rates: Rates, worth: Worth, bar: float, doubt: Doubt) -> bool:
    """Whether one more draw is worth its seconds although the bar is reached.

    It is worth the loss that it saves: by how much a dissenting draw takes the probability below the bar. How
    likely that is follows from the probabilities themselves, since on average they stay what they are.
    """
    if doubt.differed >= bar or doubt.agreed <= doubt.differed:
        return False
    speaks = (rates.hits + doubt.passed) / (rates.hits + rates.misses + doubt.judged)
    differs = max(0.0, (doubt.agreed - doubt.sure) / (doubt.agreed - doubt.differed))
    saved = worth.wrong_edit_usd * speaks * differs * (bar - doubt.differed)
    return saved > worth.second_usd * doubt.draw_s


def own_tests_pay(rates: Rates, worth: Worth, draw_s: float) -> bool:
    """Whether a small model's tests, which take about as long as a draw, are worth their seconds."""
    return rates.tests_settle * worth.no_answer_usd > worth.second_usd * draw_s


def _beta_binomial(hits: int, draws: int, agree: float, differ: float) -> float:
    ways = lgamma(draws + 1) - lgamma(hits + 1) - lgamma(draws - hits + 1)
    return exp(ways + _log_beta(hits + agree, draws - hits + differ) - _log_beta(agree, differ))


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)
