"""The judge's benchmark: what rules can reach, and what their decisions are worth."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from benchmarks.judge.cases import Case, Cut, cases
from benchmarks.judge.collecting import Judged, evidence
from benchmarks.judge.fitting import folds, logistic
from benchmarks.judge.gathering import candidates
from benchmarks.judge.rivals import RIVALS, Bars, Reading, Rival, as_it_is
from benchmarks.judge.scoring import (
    Decision,
    counts,
    curve,
    difference_interval,
    ece,
    ece_of_a_perfect_judge,
    net_benefit,
)
from benchmarks.judge.stored import Store
from benchmarks.judge.trying import across_folds, exhibits
from benchmarks.samples import Draw, Hidden, Sample, Visible
from benchmarks.truth import Truth
from cope_lsp.cascade.problem import Status

if TYPE_CHECKING:
    from pathlib import Path

STUB = 'def double(x: int) -> int:\n    """Twice x.\n    >>> double(2)\n    4\n    """\n'
BARE = 'def double(x: int) -> int:\n    """Twice x.\n    """\n'


class Poison(str):
    """A hidden text that nobody may look at."""

    __slots__ = ()

    def _touched(self, *_args: object) -> NoReturn:
        raise AssertionError("a rule reached what is hidden")

    __add__ = __radd__ = __contains__ = __iter__ = __len__ = __hash__ = __format__ = _touched  # type: ignore[assignment]
    __eq__ = __getitem__ = __str__ = encode = split = splitlines = strip = rstrip = join = _touched  # type: ignore[assignment]


def sample(**changes: Any) -> Sample:  # noqa: ANN401 -- any field
    """A problem with two draws, right and wrong, and one self-made test."""
    known = Sample(
        task_id="Set/0",
        entry_point="double",
        prompt=STUB,
        prompt_without_examples=BARE,
        solutions=(Draw("    return 2 * x"), Draw("    return x ** 2")),
        test_texts=(Draw("assert double(3) == 6"), Draw("")),
        canonical_solution="    return x + x",
        test="def check(candidate):\n    assert candidate(5) == 10\n",
    )
    return dataclasses.replace(known, **changes)


async def test_no_evidence_and_no_decision_comes_from_the_hidden_tests(tmp_path: Path) -> None:
    """With hidden texts that raise when they are touched, findings and readings come out the same."""
    poisoned = sample(test=Poison("x"), canonical_solution=Poison("x"), task_id=Poison("x"))
    cut = Cut(draws=2)
    clean = await evidence(cases([sample()], cut), Store(tmp_path / "clean.jsonl"))
    blind = await evidence(cases([poisoned], cut), Store(tmp_path / "poisoned.jsonl"))
    assert [each.found for each in clean] == [each.found for each in blind]
    assert [[rival.read(each) for each in clean] for rival in RIVALS] == [
        [rival.read(each) for each in blind] for rival in RIVALS
    ]
    right, wrong = blind[0].found
    assert (right.status, right.assertions) == (Status.PASS, (True,))
    assert (wrong.status, wrong.proofs) == (Status.PASS, 1)


def test_what_a_rule_is_given_has_no_place_for_what_is_hidden() -> None:
    """The values that evidence and rules work with hold none of the hidden texts."""
    secret = {field.name for field in dataclasses.fields(Hidden)} - {"entry_point"}
    for given in (Visible, Case, Judged, Reading):
        assert not secret & {field.name for field in dataclasses.fields(given)}


async def test_a_second_run_finds_its_evidence_on_disk(tmp_path: Path) -> None:
    """Findings come back as they were, and nothing is run again."""
    path = tmp_path / "evidence.jsonl"
    first = await evidence(cases([sample()], Cut(draws=2)), Store(path))
    written = path.read_text()
    path.write_text(written + '["half a l')
    second = await evidence(cases([sample()], Cut(draws=2)), Store(path))
    assert path.read_text().count("\n") == written.count("\n")
    assert [each.found for each in first] == [each.found for each in second]


def test_cases_are_disjoint_and_the_seed_only_orders_them() -> None:
    """Every draw is in at most one case of at most twelve, with its own share of the self-made tests."""
    many = sample(
        solutions=tuple(Draw(f"    return {n}") for n in range(50)),
        test_texts=tuple(Draw(f"assert double({n}) == 0") for n in range(50)),
    )
    for seed in (0, 1):
        cut = cases([many], Cut(draws=4, seed=seed))
        drawn = [draw for case in cut for draw in case.visible.draws]
        assert (len(cut), len(drawn), len(set(drawn))) == (12, 48, 48)
        assert len({text for case in cut for text in case.visible.tests}) == 48
    assert cases([many], Cut(4, 1)) != cases([many], Cut(4, 0))


def test_a_second_model_joins_the_cases_of_its_problems() -> None:
    """With draws of its own for every case, under its own name; other problems stay as they are."""
    many = sample(solutions=tuple(Draw(f"    return {n}") for n in range(4)))
    other = sample(solutions=tuple(Draw(f"    return -{n}") for n in range(4)), model="other")
    first, last = cases([many], Cut(draws=2), [other])
    assert [len(case.visible.draws) for case in (first, last)] == [4, 4]
    assert candidates(first.visible)[0].model != candidates(first.visible)[2].model == "other"
    assert not {*first.visible.replies} & {*last.visible.replies}
    assert cases([many], Cut(draws=2), [sample(task_id="Set/9")]) == cases([many], Cut(draws=2))


def test_a_kind_of_self_made_tests_can_be_left_out() -> None:
    """By the name of how they were asked for; the others stay."""
    texts = (
        Draw("assert double(3) == 6", variant="tests"),
        Draw("assert double(3) > 3", variant="properties"),
    )
    [case] = cases([sample(test_texts=texts)], Cut(draws=2, left_out=frozenset({"properties"})))
    assert case.visible.tests == ("assert double(3) == 6",)


def test_folds_never_part_a_problem() -> None:
    """No problem is on both sides of a fold, and every case is tested once."""
    problems = [number // 3 for number in range(75)]
    tested: list[int] = []
    for training, test in folds(problems):
        assert not {problems[n] for n in training} & {problems[n] for n in test}
        tested += test
    assert sorted(tested) == list(range(75))


def test_a_bar_is_not_learnt_from_the_cases_it_is_used_on() -> None:
    """A rule that is always right in one problem and always wrong in all others accepts neither."""
    rival = Rival("told", lambda _judged: (Reading(0, (0.5,)),), as_it_is, Bars.LEARNT)
    judged = [Judged(Case(n, cases([sample()], Cut(2))[0].visible), ()) for n in range(20)]
    shown = exhibits(rival, judged, [(Truth(tests=n == 0, reference=None),) for n in range(20)])
    assert not any(each.accepted for each in across_folds(rival, shown, 0.9))


def test_worth_counts_wrong_ones_by_their_price() -> None:
    """Net benefit, counts and curve of four decisions."""
    four = [
        Decision(0, 0.9, right=True, accepted=frozenset("4")),
        Decision(1, 0.8, right=False, accepted=frozenset("4")),
        Decision(2, 0.7, right=True, accepted=frozenset()),
        Decision(3, 0.0, right=False, accepted=frozenset()),
    ]
    assert (counts(four, "4"), net_benefit(four, "4", 4)) == ((2, 1), -3)
    assert curve(four) == [(1.0, 1), (0.5, 2), (0.6667, 3)]
    same = difference_interval(four, four, 4)
    assert (same.low, same.high) == (0, 0)


def test_a_perfect_judge_errs_by_chance_alone() -> None:
    """Calibrated confidences come near a perfect judge's error, inflated ones do not."""
    calibrated = [Decision(n, 0.25, n % 4 == 0, frozenset()) for n in range(400)]
    inflated = [dataclasses.replace(each, confidence=0.85) for each in calibrated]
    assert ece(calibrated) <= ece_of_a_perfect_judge(calibrated) < 0.05
    assert ece(inflated) == pytest.approx(0.6)


def test_a_weight_of_the_wrong_sign_is_left_out() -> None:
    """A feature that may only speak for a choice gets no weight where the data says it speaks against it."""
    rows = [(n % 2, n % 3) for n in range(60)]
    right = [n % 2 == 1 or n % 3 == 0 for n in range(60)]
    free = logistic(rows, right, 1.0)
    held = logistic(rows, right, 1.0, (1, 1))
    assert free.weights[0] > 0 > free.weights[1]
    assert (held.weights[0] > 0, held.weights[1]) == (True, 0)
