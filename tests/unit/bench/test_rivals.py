"""Rivals that learn: what they learn from, what they never see, and whom they send to the large model."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench.attempts import Attempt, attempt
from cope_lsp.bench.rivals.catalogue import LEARNED
from cope_lsp.bench.rivals.past import Lesson, Past, fold_of, lessons
from cope_lsp.bench.rivals.regression import fit
from cope_lsp.bench.rivals.score_cascade import Aim, at_rate, cheapest, trained
from cope_lsp.bench.rivals.signs import signs
from cope_lsp.cascade.problem import Completion, Kind, Usage
from tests.support.scripted_tasks import ScriptedTask, always_says, pair_of

if TYPE_CHECKING:
    from cope_lsp.bench.strategies import Strategy

SURE = Completion("right", "small", Usage(100, 0, 40, calls=1), -0.05, logprobs=(-0.01, -0.09))
UNSURE = Completion("wrong", "small", Usage(100, 0, 40, calls=1), -0.9, logprobs=(-0.1, -1.7))
PAID = Usage(input_tokens=100, output_tokens=50, cost_usd=0.004, calls=1)
TASKS = tuple(f"task {number}" for number in range(60))

Rows = dict[tuple[str, int], Attempt]


def named(name: str) -> Strategy:
    """A strategy of the catalogue."""
    (strategy,) = (each for each in LEARNED if each.name == name)
    return strategy


def is_sure(task: str) -> bool:
    """Two tasks of three are easy."""
    return TASKS.index(task) % 3 != 0


def draft_of(task: str) -> Completion:
    """The small model's draft."""
    return SURE if is_sure(task) else UNSURE


def past(*, large_right: bool = True) -> dict[str, Rows]:
    """Sixty tasks: the small model is right where it is sure, ours paid for 20 of them."""
    small, large, ours = (dict[tuple[str, int], Attempt]() for _ in range(3))
    for task in TASKS:
        easy = is_sure(task)
        small[task, 0] = Attempt(task, "small x1", 0, float(easy), draft=draft_of(task))
        large[task, 0] = Attempt(task, "large x1", 0, float(large_right), large=PAID)
        ours[task, 0] = Attempt(task, "ours, bare large", 0, 1.0, large=Usage() if easy else PAID)
    return {"small x1": small, "large x1": large, "ours, bare large": ours}


async def asks_large(strategy: Strategy, task: str, history: dict[str, Rows]) -> bool:
    """Whether a strategy sends a task to the large model."""
    small, large = always_says("ignored"), always_says("right")
    small.answers = lambda _call, _prompt: draft_of(task)
    await attempt(ScriptedTask(task), strategy, pair_of(small, large), history)
    return bool(large.asked)


async def chosen(strategy: Strategy, history: dict[str, Rows]) -> set[str]:
    """The tasks that a strategy sends to the large model."""
    return {task for task in TASKS if await asks_large(strategy, task, history)}


def test_the_regression_finds_what_labels_were_drawn_by() -> None:
    """A column that matters, one that does not, one that never changes."""
    chance = random.Random(3)  # noqa: S311 -- draws, no secret
    rows = [(chance.gauss(5, 2), chance.gauss(0, 1), 1.0) for _ in range(2000)]
    labels = [chance.random() < (0.9 if row[0] > 5 else 0.2) for row in rows]
    found = fit(rows, labels)
    low, high = found.chances([(2.0, 0.0, 1.0), (8.0, 0.0, 1.0)])
    assert low < 0.2
    assert high > 0.9
    assert abs(found.weights[2]) < 0.2
    assert found.weights[3] == 0


@pytest.mark.parametrize("labels", [[True] * 6, [False, False, False, True, True, True]])
def test_the_fit_is_finite_where_the_likeliest_is_not(labels: list[bool]) -> None:
    """One label only, and two that a line parts."""
    found = fit([(float(number),) for number in range(6)], labels)
    assert all(abs(weight) < 20 for weight in found.weights)
    assert found.chances([(5.0,)])[0] > 0.5


def test_signs_of_a_draft_that_tells_nothing_are_as_many() -> None:
    """A provider without log-probabilities leaves zeros."""
    assert len(signs(Completion("", "small"))) == len(signs(SURE))
    assert signs(SURE)[:3] == (-0.05, -0.09, 0.0)
    assert signs(UNSURE)[:3] == (-0.9, -1.7, 0.5)


def lesson(task: str, *, right: bool, large_right: bool = True, usd: float = 0.1) -> Lesson:
    """A lesson without signs."""
    return Lesson(task, (), right, large_right, usd)


def test_the_threshold_is_where_wrong_answers_cost_as_much_as_the_large_model() -> None:
    """Each draft that is kept saves 0.1; a wrong one costs 0.25."""
    rights = [True, True, False, True, True, True, False, False]
    others = [lesson(str(number), right=right) for number, right in enumerate(rights)]
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    assert cheapest(scores, others, 0.25) == 0.4
    assert cheapest(scores, others, 1.0) == 0.8
    assert cheapest(scores, others, 0.05) == 0.2
    assert cheapest([0.5] * 8, others, 1.0) > 1


def test_what_the_large_model_gets_wrong_too_is_no_reason_to_pay() -> None:
    """Then a wrong draft costs no more."""
    others = [lesson("a", right=True), lesson("b", right=False, large_right=False)]
    assert cheapest([0.9, 0.2], others, 2.0) == 0.2


def test_our_rate_is_the_share_below_the_threshold() -> None:
    """A quarter of four, all, none."""
    scores = [0.4, 0.1, 0.3, 0.2]
    assert at_rate(scores, 0.25) == 0.2
    assert at_rate(scores, 1.0) > 1
    assert at_rate(scores, 0.0) == 0.1


@pytest.mark.parametrize("name", ["FrugalGPT", "FrugalGPT at our rate"])
async def test_the_score_keeps_what_looks_like_drafts_that_were_right(name: str) -> None:
    """Sure drafts stay, unsure ones are paid for."""
    assert await chosen(named(name), past()) == {task for task in TASKS if not is_sure(task)}


async def test_a_kept_draft_is_accepted_and_a_paid_solution_is_not() -> None:
    """A score accepts; the large model's solution comes as it is."""
    history = past()
    for task, stage in (("task 1", "small"), ("task 0", "large")):
        small = always_says("unused")
        small.answers = lambda _call, _prompt, task=task: draft_of(task)
        pair = pair_of(small, always_says("right"))
        made = await attempt(ScriptedTask(task), named("FrugalGPT"), pair, history)
        assert made.exits == (stage,)
        assert made.accepted == (stage == "small")
        assert made.right


@pytest.mark.parametrize("aim", list(Aim))
def test_a_task_is_scored_by_a_fit_that_never_saw_it(aim: Aim) -> None:
    """Whatever the own fold's attempts came to, its score and threshold stay the same."""
    told, turned = past(), past()
    for task in TASKS:
        if fold_of(task) == 2:
            small = turned["small x1"][task, 0]
            turned["small x1"][task, 0] = replace(small, score=1.0 - (small.score or 0.0), draft=UNSURE)
    first, second, other = (
        trained(Past(history, Kind.CODE), aim, fold)
        for history, fold in ((told, 2), (turned, 2), (turned, 1))
    )
    assert first is not None
    assert second is not None
    assert other is not None
    assert first.regression.weights.tolist() == second.regression.weights.tolist()
    assert first.threshold == second.threshold
    assert first.regression.weights.tolist() != other.regression.weights.tolist()


def test_seeds_of_a_task_are_in_one_fold_and_every_fold_has_tasks() -> None:
    """A fold is a matter of the name."""
    assert {fold_of(task) for task in TASKS} == set(range(5))


def test_a_past_that_has_grown_is_learned_from_anew() -> None:
    """What was fitted is kept as long as nothing came to it."""
    history = past()
    rows = history["small x1"]
    kept = dict(rows)
    rows.clear()
    assert trained(Past(history, Kind.CODE), Aim.CHEAPEST, 0) is None
    rows.update(kept)
    found = trained(Past(history, Kind.CODE), Aim.CHEAPEST, 0)
    assert found is not None
    assert trained(Past(history, Kind.CODE), Aim.CHEAPEST, 0) is found


def test_what_is_missing_or_waits_for_answers_teaches_nothing() -> None:
    """No outcome, no draft, no outcome of the large model, another kind of task."""
    history = past()
    small, large = history["small x1"], history["large x1"]
    small["task 0", 0] = replace(small["task 0", 0], score=None)
    small["task 1", 0] = replace(small["task 1", 0], draft=None)
    small["task 2", 0] = replace(small["task 2", 0], kind=Kind.ANSWER)
    large["task 3", 0] = replace(large["task 3", 0], score=None)
    del large["task 4", 0]
    told = {each.task for each in lessons(Past(history, Kind.CODE))}
    assert told == set(TASKS) - {"task 0", "task 1", "task 2", "task 3", "task 4"}


async def test_where_nothing_was_learned_no_draft_is_trusted() -> None:
    """An empty past sends everything to the large model."""
    for strategy in LEARNED:
        assert await asks_large(strategy, "task 1", {})


async def test_routers_send_as_many_tasks_as_ours_paid_for() -> None:
    """Twenty of sixty; the oracle those that the small model gets wrong, the lot any."""
    history = past()
    assert await chosen(named("router by an oracle"), history) == {t for t in TASKS if not is_sure(t)}
    drawn = await chosen(named("router by lot"), history)
    assert len(drawn) == 20
    assert 0 < sum(is_sure(task) for task in drawn) < 20


async def test_the_oracle_fills_up_with_unknown_tasks_before_those_that_are_right() -> None:
    """An outcome that waits for answers is worth more than none to gain, and less than a sure gain."""
    history = past()
    small = history["small x1"]
    small["task 0", 0] = replace(small["task 0", 0], score=1.0)
    small["task 1", 0] = replace(small["task 1", 0], score=None)
    found = await chosen(named("router by an oracle"), history)
    assert found == {task for task in TASKS if not is_sure(task)} - {"task 0"} | {"task 1"}


async def test_the_oracle_never_takes_a_right_draft_for_a_wrong_solution() -> None:
    """Where both are wrong nothing is gained; that is still better than a loss."""
    history = past(large_right=False)
    found = await chosen(named("router by an oracle"), history)
    assert len(found) == 20
    assert not any(is_sure(task) for task in found)


async def test_the_lot_looks_at_no_outcome() -> None:
    """Other scores, the same tasks."""
    told, turned = past(), past(large_right=False)
    for key, small in turned["small x1"].items():
        turned["small x1"][key] = replace(small, score=0.0)
    assert await chosen(named("router by lot"), told) == await chosen(named("router by lot"), turned)


def test_whoever_learns_names_what_it_learns_from() -> None:
    """The run makes those attempts first."""
    assert all(strategy.after for strategy in LEARNED)
