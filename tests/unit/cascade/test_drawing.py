"""How many draws each situation takes: none that cannot change the decision, none not worth its seconds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.escalation import Worth
from cope_lsp.cascade.presets import Terms, default, local
from cope_lsp.cascade.problem import Candidate, Kind, Problem, Ruling, Status, Usage
from cope_lsp.cascade.solve import End, Result, solve
from cope_lsp.cascade.stages import known
from tests.support.scripted import Call, MemoryPlans, Rule, ScriptedJudge, ScriptedModel, Witness

if TYPE_CHECKING:
    from cope_lsp.cascade.stages import Stage

PROBLEM = Problem(Kind.CODE, "def square(x): ...")
GOAL = "State the goal"
TESTS = "Write five tests"


def by_agreement(*steps: float, unproved: bool = False) -> Rule:
    """All pass; the most frequent text leads, with the confidence that its number of draws reaches.

    With `unproved`, the judge says that self-made tests would weigh.
    """

    def rule(drawn: tuple[Candidate, ...], remaining: int) -> Ruling:
        texts = [candidate.text for candidate in drawn]
        leader = max(drawn, key=lambda candidate: texts.count(candidate.text))
        group = tuple(candidate for candidate in drawn if candidate.text == leader.text)
        sure, *later = (steps[min(len(group) - 1 + more, len(steps) - 1)] for more in range(remaining + 1))
        return Ruling(
            sure, Status.PASS, leader, group, remaining == 0, prospects=tuple(later), unproved=unproved
        )

    return rule


def fail(drawn: tuple[Candidate, ...], remaining: int) -> Ruling:
    """Nothing passes."""
    return Ruling(0.0, Status.FAIL, drawn[-1], settled=remaining == 0, feedback="no")


def model(*solutions: str, seconds: float = 1.0) -> ScriptedModel:
    """A small model with these solutions in order, the last one for ever; goals and tests come beside."""
    queue = list(solutions)

    def answer(call: Call) -> str:
        if GOAL in call.text:
            return "Square it."
        if TESTS in call.text:
            return "assert square(2) == 4"
        return queue.pop(0) if len(queue) > 1 else queue[0]

    return ScriptedModel("small", answer, usage=Usage(seconds=seconds, calls=1))


def drawn(small: ScriptedModel) -> int:
    """How many solutions were asked for, repairs included."""
    return sum(GOAL not in call.text and TESTS not in call.text for call in small.calls)


async def run(stages: tuple[Stage, ...], rule: Rule, judge: ScriptedJudge | None = None) -> Result:
    """Solve with these stages before a judge that rules so."""
    return await solve(PROBLEM, stages, judge or ScriptedJudge(rule), MemoryPlans(), Witness())


@pytest.mark.parametrize(
    ("steps", "draws", "end"),
    [
        ((0.95,), 1, End.ACCEPTED),
        ((0.85, 0.92), 2, End.ACCEPTED),
        ((0.7, 0.8, 0.85, 0.9), 4, End.ACCEPTED),
        ((0.7, 0.75, 0.8), 1, End.UNVERIFIED),
    ],
    ids=["sure at once", "a second that agrees", "four alike", "agreement is never enough"],
)
async def test_draws_until_enough_agree(steps: tuple[float, ...], draws: int, end: End) -> None:
    """As many as cross the bar, and a single one where no number of them would."""
    small = model("x*x")
    result = await run(local(small), by_agreement(*steps))
    assert (drawn(small), result.end) == (draws, end)


async def test_without_a_large_model_doubt_ends_as_it_always_does() -> None:
    """A wish to pay for doubt has nobody to pay."""
    result = await run(local(model("x*x"), Terms(escalate=known)), by_agreement(0.7, 0.75, 0.8))
    assert result.end is End.UNVERIFIED


async def test_a_draw_that_differs_costs_one_more() -> None:
    """Two of three agree, and that is enough."""
    small = model("x*x", "x+x", "x*x")
    result = await run(local(small), by_agreement(0.85, 0.92))
    assert (drawn(small), result.end) == (3, End.ACCEPTED)


async def test_draws_stop_where_agreement_has_become_unlikely() -> None:
    """All differ: each makes company less likely, and the seconds outweigh it before the samples are out."""
    small = model(*(f"x*{number}" for number in range(20)), seconds=4.0)
    result = await run(local(small, Terms(samples=20)), by_agreement(0.85, 0.92))
    assert 4 <= drawn(small) <= 10
    assert result.end is End.UNVERIFIED


@pytest.mark.parametrize(("seconds", "draws"), [(1.0, 2), (25.0, 3)])
async def test_slow_draws_are_made_only_if_likely_to_settle_it(seconds: float, draws: int) -> None:
    """A fast model draws until two agree; one of 25 s a draw is not asked for the third of its own accord."""
    small = model("x*x", "x*x" if draws == 2 else "x+x", "x*x", seconds=seconds)
    result = await run(local(small), by_agreement(0.85, 0.92))
    assert drawn(small) == 2
    assert (result.end is End.ACCEPTED) is (draws == 2)


async def test_seconds_cost_nothing_to_whom_they_are_worth_nothing() -> None:
    """Then all samples are drawn in search of agreement."""
    small = model(*(f"x*{number}" for number in range(20)), seconds=60.0)
    await run(local(small, Terms(worth=Worth(second_usd=0.0))), by_agreement(0.85, 0.92))
    assert drawn(small) == 8


@pytest.mark.parametrize(
    ("texts", "seconds", "draws", "end"),
    [
        (("x*x",), 1.0, 2, End.ACCEPTED),
        (("x*x", "x+x", "x^x"), 1.0, 8, End.UNVERIFIED),
        (("x*x",), 30.0, 1, End.ACCEPTED),
    ],
    ids=["another agrees", "others differ", "slow draws"],
)
async def test_what_is_just_sure_enough_gets_a_second_opinion(
    texts: tuple[str, ...], seconds: float, draws: int, end: End
) -> None:
    """One more draw may save a wrong edit: where dissent would take the probability below the bar."""

    def rule(drawn: tuple[Candidate, ...], remaining: int) -> Ruling:
        group = tuple(each for each in drawn if each.text == drawn[0].text)
        sure = 0.91 if len(drawn) == 1 else 0.97 if len(group) > 1 else 0.7
        later = (0.97,) * remaining
        return Ruling(sure, Status.PASS, drawn[0], group, remaining == 0, prospects=later, dissent=0.7)

    small = model(*texts, seconds=seconds)
    result = await run(local(small), rule)
    assert (drawn(small), result.end) == (draws, end)


async def test_draws_in_flight_are_ended_once_it_is_decided() -> None:
    """Four at a time: the second that agrees is enough, and those still at work are closed."""
    small = ScriptedModel(
        "small", lambda call: "goal" if GOAL in call.text else "x*x", delay_s=[0, 0, 5, 5, 5]
    )
    result = await run(local(small, Terms(width=4)), by_agreement(0.85, 0.92))
    assert result.end is End.ACCEPTED
    assert len(result.outcomes[0].candidates) == 2
    assert small.cancelled == 3


async def test_a_judge_that_cannot_look_ahead_has_all_samples_drawn() -> None:
    """Without prospects only the bar and the samples end the drawing."""
    small = model("x*x")

    def blind(candidates: tuple[Candidate, ...], remaining: int) -> Ruling:
        return Ruling(0.6, Status.PASS, candidates[0], candidates, remaining == 0)

    await run(local(small), blind)
    assert drawn(small) == 8


async def test_tests_are_asked_for_where_few_are_given() -> None:
    """Once, of the small model, after the first draw that is not sure enough; the judge gets the reply."""
    small = model("x*x")
    judge = ScriptedJudge(by_agreement(0.7, 0.8, 0.92, unproved=True))
    await run(local(small), judge=judge, rule=fail)
    assert [TESTS in call.text for call in small.calls] == [False, True, False, False]
    assert judge.supposed == ["assert square(2) == 4"]
    assert judge.trials[0].remaining == [7, 7, 6, 5]


@pytest.mark.parametrize(
    ("rule", "seconds"),
    [
        (by_agreement(0.95, unproved=True), 1.0),
        (by_agreement(0.85, 0.92), 1.0),
        (by_agreement(0.85, 0.92, unproved=True), 20.0),
        (fail, 1.0),
    ],
    ids=["it is sure", "enough are given", "the machine is slow", "nothing passes"],
)
async def test_no_tests_are_asked_for_without_need(rule: Rule, seconds: float) -> None:
    """A decision that does not hang on them, or seconds that they are not worth."""
    small = model("x*x", seconds=seconds)
    await run(local(small), rule)
    assert not any(TESTS in call.text for call in small.calls)


async def test_tests_can_settle_what_no_agreement_can() -> None:
    """They are asked for also where more draws would not be enough."""
    small = model("x*x")
    judge = ScriptedJudge(fail)

    def rule(candidates: tuple[Candidate, ...], _remaining: int) -> Ruling:
        sure = 0.95 if judge.supposed else 0.8
        return Ruling(sure, Status.PASS, candidates[0], candidates, prospects=(), unproved=True)

    judge = ScriptedJudge(rule)
    result = await run(local(small), judge=judge, rule=rule)
    assert result.end is End.ACCEPTED
    assert drawn(small) == 1


async def test_a_guideline_s_tests_reach_the_judge_before_the_draws() -> None:
    """The planner is asked for them in the same call; the small model is told the guideline without them."""
    judge = ScriptedJudge(fail)
    small = model("wrong")
    reply = "Multiply.\n\nTests:\n```python\nassert square(3) == 9\n```"
    large = ScriptedModel("large", lambda call: reply if "Explain how" in call.text else "wrong")
    guided = default(small, large, Terms(rates=replace(Terms().rates, solution_usd=0.2, right_guided=0.95)))
    await run(guided, fail, judge)
    assert judge.supposed == ["assert square(3) == 9"]
    assert "`Tests:`" in large.calls[0].text
    assert not any("assert square(3)" in call.text for call in small.calls)


async def test_a_repair_that_stands_alone_looks_for_company() -> None:
    """It passes and is not sure enough: up to two more draws, and one that behaves alike settles it."""

    def rule(candidates: tuple[Candidate, ...], remaining: int) -> Ruling:
        good = tuple(candidate for candidate in candidates if candidate.text == "good")
        if not good:
            return fail(candidates, remaining)
        sure = 0.92 if any(candidate.repairs is None for candidate in good) else 0.75
        return Ruling(sure, Status.PASS, good[0], good, remaining == 0, prospects=(0.92,) * remaining)

    for later, end in ((["good"], End.ACCEPTED), (["wrong"], End.UNVERIFIED)):
        small = model("wrong", "good", *later)
        result = await run(local(small, Terms(samples=1)), rule)
        assert result.end is end
        assert drawn(small) == (3 if end is End.ACCEPTED else 4)
