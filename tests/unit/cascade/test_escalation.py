"""Accepting, drawing and paying as decisions over expected losses."""

from __future__ import annotations

import math
from dataclasses import replace

from cope_lsp.cascade.escalation import (
    FIXED,
    NOWHERE,
    Doubt,
    Onward,
    Outlook,
    Worth,
    acceptance_bar,
    agreement_chance,
    agreement_pays,
    draw_pays,
    guideline_pays,
    large_bar,
    own_tests_pay,
    repair_pays,
    second_opinion_pays,
    to_guided,
    to_large,
)

WORTH = Worth()


def test_default_bar_weighs_a_wrong_edit_against_no_answer() -> None:
    """With $2.00 for a wrong edit and $0.20 for none, nine in ten must be right."""
    assert math.isclose(acceptance_bar(WORTH, NOWHERE), 0.9)
    assert math.isclose(acceptance_bar(WORTH, to_large(FIXED)), 0.9)


def test_bar_rises_where_going_on_is_cheap_and_better() -> None:
    """Accept only what is at least as right as going on, less what that costs (design 4.8)."""
    onward = Onward(right=0.98, usd=0.01, seconds=4.0)
    assert math.isclose(acceptance_bar(WORTH, onward), 0.98 - (0.01 + 0.005 * 4.0) / 2.0)


def test_bar_never_leaves_the_probabilities() -> None:
    """Where no answer is worse than a wrong one, anything that passed is accepted."""
    assert acceptance_bar(Worth(wrong_edit_usd=0.1, no_answer_usd=0.5), NOWHERE) == 0.0
    assert acceptance_bar(Worth(wrong_edit_usd=0.0), to_large(FIXED)) == 0.0


def test_large_model_needs_less_evidence() -> None:
    """Nine in ten for a model right once in four is one in three for a model right six times in seven."""
    rates = replace(FIXED, hits=1.0, misses=3.0, accepted_large=1.0, right_large=6 / 7)
    assert math.isclose(large_bar(rates, 0.9), 1 / 3)
    assert large_bar(rates, 0.0) == 0.0
    assert large_bar(rates, 1.0) == 1.0
    assert large_bar(replace(rates, right_large=1.0), 0.9) == 0.0


def test_going_on_is_the_sum_of_what_may_follow() -> None:
    """By way of a guideline, the large model is needed only where the guided draws miss."""
    rates = replace(
        FIXED,
        accepted_guided=0.5,
        right_guided=0.8,
        accepted_large=1.0,
        right_large=0.9,
        guideline_usd=0.01,
        guideline_s=2.0,
        guided_draws_s=3.0,
        solution_usd=0.04,
        solution_s=10.0,
    )
    assert to_large(rates) == Onward(0.9, 0.04, 10.0)
    guided = to_guided(rates)
    assert math.isclose(guided.right, 0.5 * 0.8 + 0.5 * 0.9)
    assert math.isclose(guided.usd, 0.01 + 0.5 * 0.04)
    assert math.isclose(guided.seconds, 2.0 + 3.0 + 0.5 * 10.0)


def test_fixed_rates_skip_the_guideline() -> None:
    """For a short function a guideline costs what the solution costs, so it does not pay."""
    assert not guideline_pays(FIXED, WORTH)


def test_guideline_pays_for_a_dear_solution() -> None:
    """A long solution at the same correctness makes a cheap guideline worth it."""
    assert guideline_pays(replace(FIXED, solution_usd=0.2, right_guided=0.95), WORTH)


def test_guideline_is_entered_strictly_above_its_price() -> None:
    """At equality the shorter way is taken (design 4.8)."""
    rates = replace(
        FIXED,
        accepted_guided=0.5,
        right_guided=0.9,
        right_large=0.9,
        guideline_usd=0.5,
        solution_usd=1.0,
    )
    free_time = Worth(second_usd=0.0)
    assert not guideline_pays(rates, free_time)
    assert guideline_pays(replace(rates, solution_usd=1.001), free_time)


def test_paid_repair_depends_on_what_an_answer_is_worth() -> None:
    """A second paid try is made by default, and not by one to whom no answer costs little."""
    assert repair_pays(FIXED, WORTH)
    assert not repair_pays(FIXED, Worth(no_answer_usd=0.05))


def test_draws_pay_less_with_every_failure_and_second() -> None:
    """Fast draws are worth all eight samples; slow ones are given up early."""
    assert draw_pays(FIXED, WORTH, failed=7, draw_s=1.5)
    assert draw_pays(FIXED, WORTH, failed=1, draw_s=8.0)
    assert not draw_pays(FIXED, WORTH, failed=2, draw_s=8.0)


def test_the_chance_of_agreement_is_learnt_from_the_draws() -> None:
    """At even rates one in two before any company; it rises with draws that agree, else it falls."""
    even = replace(FIXED, agree=1.0, differ=1.0)
    alone = Outlook(agreed=0, differed=0, needed=1, left=7, draw_s=1.0)
    assert math.isclose(agreement_chance(even, alone, 1), 1 / 2)
    assert math.isclose(agreement_chance(even, replace(alone, agreed=1), 1), 2 / 3)
    assert math.isclose(agreement_chance(even, replace(alone, differed=3), 1), 1 / 5)
    assert math.isclose(agreement_chance(even, replace(alone, needed=2), 2), 1 / 3)
    assert math.isclose(agreement_chance(even, replace(alone, needed=0), 4), 1.0)


def test_agreement_is_sought_as_long_as_some_number_of_draws_pays() -> None:
    """Seconds, the company that is missing and draws that differ speak against it; no draw left ends it."""
    near = Outlook(agreed=0, differed=0, needed=1, left=7, draw_s=2.0)
    assert agreement_pays(FIXED, WORTH, near)
    assert not agreement_pays(FIXED, WORTH, replace(near, draw_s=25.0))
    assert not agreement_pays(FIXED, WORTH, replace(near, differed=12, draw_s=5.0))
    assert not agreement_pays(FIXED, WORTH, replace(near, needed=6, draw_s=8.0))
    assert not agreement_pays(FIXED, WORTH, replace(near, left=0))


def test_no_user_of_a_slow_machine_waits_for_self_made_tests() -> None:
    """They take as long as a draw: two seconds are worth it, ten are not."""
    assert own_tests_pay(FIXED, WORTH, 2.0)
    assert not own_tests_pay(FIXED, WORTH, 10.0)


def test_a_second_opinion_pays_where_it_could_save_a_wrong_edit() -> None:
    """At nine in ten, if a dissenting draw would take that away; not if it would not, or draws are slow."""
    doubt = Doubt(sure=0.91, agreed=0.96, differed=0.75, passed=1, judged=1, draw_s=2.0)
    assert second_opinion_pays(FIXED, WORTH, 0.9, doubt)
    assert not second_opinion_pays(FIXED, WORTH, 0.9, replace(doubt, sure=0.98, agreed=0.99, differed=0.92))
    assert not second_opinion_pays(FIXED, WORTH, 0.9, replace(doubt, draw_s=20.0))
    assert not second_opinion_pays(FIXED, WORTH, 0.9, replace(doubt, judged=12))
    assert not second_opinion_pays(FIXED, Worth(wrong_edit_usd=0.1), 0.9, doubt)
