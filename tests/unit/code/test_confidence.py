"""What confidence may hang on, whatever the fitted numbers are."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from cope_lsp.code.confidence import SIGNS, Table, confidence, features, shipped, unexecuted
from cope_lsp.code.signals import Signals

ACCEPTED = 0.9

STATES = tuple(
    Signals(
        draws=draws,
        alike=alike,
        others=(1,) * others,
        passing=(alike + others) * (proofs > 0),
        beaten=min(1, draws - alike - others),
        proofs=proofs,
        told=20,
        ordinary=ordinary,
        least_agreed=alike / draws,
        held=held,
        tests=4,
        rival_held=1,
        killed=killed,
        mutants=8,
    )
    for draws, alike, others in ((1, 1, 0), (3, 1, 2), (4, 2, 1), (8, 8, 0), (8, 5, 1))
    for proofs, ordinary, held, killed in itertools.product((0, 1, 4), (0, 15), (0, 3), (0, 6))
)


def test_where_nothing_ran_it_stays_below_acceptance() -> None:
    """However many draws read alike, text alone is never enough."""
    for draws in range(1, 65):
        assert confidence(Signals(draws, draws)) < ACCEPTED
        assert unexecuted(draws, draws) < ACCEPTED


@pytest.mark.parametrize(
    "better",
    [
        {"proofs": 1},
        {"killed": 1},
        {"ordinary": 1},
        {"least_agreed": 0.1},
        {"held": 1},
        {"rival_held": -1},
    ],
)
def test_what_speaks_for_a_choice_never_lowers_its_confidence(better: dict[str, float]) -> None:
    """One more of each kind of support, all else equal."""
    for state in STATES:
        passing = {"passing": state.alike} if "proofs" in better and not state.proofs else {}
        changed = {name: getattr(state, name) + step for name, step in better.items()}
        assert confidence(replace(state, **changed, **passing)) >= confidence(state)


def test_company_makes_surer_and_dissent_less_sure() -> None:
    """A draw more that behaves alike raises confidence; one that survives and differs lowers it."""
    for state in STATES:
        passed = 1 if state.proofs else 0
        more = replace(state, draws=state.draws + 1, passing=state.passing + passed)
        assert confidence(replace(more, alike=state.alike + 1)) >= confidence(state)
        assert confidence(replace(more, others=(*state.others, 1))) <= confidence(state)


@pytest.mark.parametrize(
    "without",
    [
        {"killed": 0, "mutants": 0},
        {"held": 0, "tests": 0, "rival_held": 0},
        {"proofs": 0, "passing": 0, "beaten": 0},
        {"told": 0, "ordinary": 0, "least_agreed": 0.0},
    ],
)
def test_taking_support_away_never_raises_confidence(without: dict[str, int]) -> None:
    """Absent evidence widens: without what spoke for a choice one is less sure of it, or as sure."""
    for state in STATES:
        less = replace(state, **without)
        passes = state.killed > 0 and state.passing == state.draws * (state.proofs > 0)
        supports = passes and state.held >= state.rival_held
        if supports and less.executed:
            assert confidence(less) <= confidence(state)


def test_the_shipped_table_is_about_these_features_and_keeps_their_signs() -> None:
    """Every feature has one weight, and none speaks the wrong way."""
    assert dict.fromkeys(shipped().weights) == dict.fromkeys(SIGNS)
    assert all(weight * SIGNS[name] >= 0 for name, weight in shipped().weights.items())
    assert all(features(state).keys() == SIGNS.keys() for state in STATES)


def test_a_generator_that_is_known_shifts_the_odds() -> None:
    """What is known of a model is added; a model that nobody measured gets the middle."""
    table = Table(0.0, {}, {"good": 2.0})
    state = STATES[1]
    assert confidence(state, "good", table) > confidence(state, "other", table) == 0.5
