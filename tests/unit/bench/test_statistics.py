"""Intervals and tests over problems."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from cope_lsp.bench.statistics import (
    by_problem,
    holm,
    mean_interval,
    mean_intervals,
    non_inferiority,
    sign_flip,
)


def test_a_problem_counts_once_whatever_its_seeds() -> None:
    """Three seeds of one problem weigh as much as one seed of another."""
    rows = [("b", [0.0]), ("a", [1.0]), ("a", [1.0]), ("a", [0.0])]

    assert by_problem(rows)[:, 0].tolist() == pytest.approx([2 / 3, 0.0])


def test_the_interval_of_a_known_share_is_the_known_one() -> None:
    """Of 100 problems 60 are right: the bootstrap comes to the binomial distribution's percentiles."""
    interval = mean_interval(np.array([1.0] * 60 + [0.0] * 40))

    assert interval.value == 0.6
    assert interval.low == pytest.approx(0.50, abs=0.011)
    assert interval.high == pytest.approx(0.69, abs=0.011)


def test_the_bootstrap_by_problem_is_wider_than_by_attempt_where_seeds_agree() -> None:
    """Three equal seeds are no three observations."""
    answers = [1.0] * 30 + [0.0] * 20
    attempts = [(f"p{number}", [answer]) for number, answer in enumerate(answers) for _ in range(3)]

    problems = mean_interval(by_problem(attempts)[:, 0])
    naive = mean_interval(np.array([row[0] for _, row in attempts]))

    assert problems.value == naive.value
    assert problems.high - problems.low > 1.5 * (naive.high - naive.low)


def test_columns_are_told_as_each_alone() -> None:
    """Resampling several measures at once changes none of them."""
    values = np.random.default_rng(7).random((40, 3))

    assert astuple(mean_intervals(values)[1]) == pytest.approx(astuple(mean_interval(values[:, 1])))


def test_signs_flipped_by_chance_know_even_from_uneven() -> None:
    """Ten wins against none are no chance (2 / 1024); five against five are; no difference is p = 1."""
    wins = np.array([1.0] * 10 + [0.0] * 90)

    assert sign_flip(wins) == pytest.approx(2 / 1024, abs=0.0015)
    assert sign_flip(np.array([1.0, -1.0] * 5)) == 1.0
    assert sign_flip(np.zeros(50)) == 1.0


def test_few_problems_without_a_loss_prove_no_non_inferiority() -> None:
    """Twenty equal results say nothing about three in a hundred; four hundred do."""
    assert non_inferiority(np.zeros(20), 0.03) > 0.3
    assert non_inferiority(np.zeros(400), 0.03) < 0.01
    assert non_inferiority(np.array([-1.0] * 12 + [0.0] * 388), 0.03) > 0.9


def test_what_is_worse_than_the_margin_is_not_proven_by_being_far_from_it() -> None:
    """The test has one side: a great loss is no evidence for non-inferiority."""
    assert non_inferiority(np.array([-1.0] * 200 + [0.0] * 200), 0.03) == 1.0


def test_holm_multiplies_the_least_most_and_keeps_the_order() -> None:
    """0.01 · 3, 0.03 · 2; 0.04 may not fall below what came before it."""
    assert holm([0.04, 0.01, 0.03]) == pytest.approx((0.06, 0.03, 0.06))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert holm([]) == ()
