"""What attempts teach of one's own models, where they teach nothing, and what that would save."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench.attempts import Attempt
from cope_lsp.bench.ballots import Ballot, ballot_usd, cheapest_bar
from cope_lsp.bench.calibrated import (
    AS_FITTED,
    AS_FIXED,
    compared,
    savings,
    write_fits,
)
from cope_lsp.bench.calibrating import ENOUGH, SOURCES, Fit, fit, fits, likeliest
from cope_lsp.bench.catalogue import chosen
from cope_lsp.bench.rivals.past import fold_of
from cope_lsp.bench.strategies import Cast
from cope_lsp.bench.tallies import Tally, Teller, Turn
from cope_lsp.bench.tariffs import Price
from cope_lsp.cascade.escalation import FIXED, Worth
from cope_lsp.cascade.presets import GUIDED, LARGE, SMALL
from cope_lsp.cascade.problem import Candidate, Evidence, Kind, Problem, Ruling, Status, Usage
from cope_lsp.cascade.prompts import PAPER
from cope_lsp.cascade.solve import solve
from cope_lsp.cascade.stages import Arm, Batch, Stage, never, passed
from cope_lsp.storage.calibration import CalibrationUnfit, code_rates
from cope_lsp.storage.plan_store import NoPlans
from tests.support.scripted import ScriptedJudge, ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

AT_ONCE = "without 2 adaptive draws"
LADDER = "without 8 escalation as a decision"
WORTH = Worth()


def tasks(number: int = ENOUGH) -> list[str]:
    """Names of so many problems."""
    return [f"task {each}" for each in range(number)]


def drawn(task: str, passes: int, *, strategy: str = AT_ONCE) -> Attempt:
    """An attempt whose eight local draws passed so often."""
    return Attempt(task, strategy, 0, 1.0, tallies=(Tally(SMALL, 8, passes),))


# What a stage is told of.


def by_text(candidates: tuple[Candidate, ...], remaining: int) -> Ruling:
    """`right…` passes, what is written alike behaves alike; the largest group is chosen."""
    evidence = tuple(
        Evidence(each, "examples", Status.PASS if each.text.startswith("right") else Status.FAIL)
        for each in candidates
    )
    standing = [each for each in candidates if each.text.startswith("right")]
    if not standing:
        return Ruling(0.0, Status.FAIL, candidates[0], candidates[:1], remaining == 0, evidence, "wrong")
    groups = {each.text: tuple(other for other in standing if other.text == each.text) for each in standing}
    group = max(groups.values(), key=len)
    return Ruling(len(group) / 8, Status.PASS, group[0], group, remaining == 0, evidence)


async def told(*replies: str, accept: Callable[[Ruling], bool] = passed, repairs: int = 0) -> Tally:
    """The tally of a stage in which a model says this."""
    arms = (Arm(0.4),) * (len(replies) - repairs)
    stage = Stage(
        SMALL,
        ScriptedModel("small", replies),
        arms,
        accept,
        PAPER,
        batch=Batch.AT_ONCE,
        repairs=(0.4,) * repairs,
        tests_pay=never,
    )
    teller = Teller()
    await solve(Problem(Kind.CODE, "Write f."), (stage,), ScriptedJudge(by_text), NoPlans(), teller)
    (tally,) = teller.tallies
    return tally


async def test_a_tally_says_how_many_draws_passed_and_what_they_took() -> None:
    """A stage that was left tells all that rates are fitted to."""
    tally = await told("right a", "wrong", "right b", "right a")
    assert (tally.stage, tally.draws, tally.passed, tally.accepted) == (SMALL, 4, 3, True)
    assert tally.confidence == pytest.approx(2 / 8)
    assert tally.drawn.seconds == pytest.approx(4.0)


async def test_a_tally_says_which_draws_joined_the_one_that_led() -> None:
    """From the first that stands; one that fails or does something else does not join."""
    tally = await told("wrong", "right a", "wrong", "right b", "right a")
    assert tally.joins == (Turn(0, 1, does=False), Turn(0, 2, does=False), Turn(0, 3, does=True))


async def test_a_repair_is_no_draw() -> None:
    """It is told of on its own: whether it brought the acceptance."""
    mended = await told("wrong", "right a", repairs=1)
    assert (mended.draws, mended.passed, mended.repaired) == (1, 0, True)
    assert (await told("wrong", "worse", repairs=1)).repaired is False
    assert (await told("right a")).repaired is None


# What rates are fitted to.


def test_pseudo_counts_are_found_again() -> None:
    """Of draws from a beta distribution over problems, as `escalation` takes them."""
    rng = random.Random(1)  # noqa: S311 -- samples, no secrets
    made = [drawn(task, sum(rng.random() < chance for _ in range(8))) for task, chance in _chances(rng, 400)]
    rates = fit(made, Kind.CODE, WORTH).rates
    assert rates.hits == pytest.approx(0.4, rel=0.25)
    assert rates.misses == pytest.approx(0.8, rel=0.25)


def _chances(rng: random.Random, number: int) -> list[tuple[str, float]]:
    return [(task, rng.betavariate(0.4, 0.8)) for task in tasks(number)]


def test_the_order_of_turns_says_nothing() -> None:
    """Draws are exchangeable."""
    one = [Turn(0, 0, does=True), Turn(1, 0, does=False)]
    other = [Turn(0, 0, does=False), Turn(0, 1, does=True)]
    assert likeliest(one * 50) == likeliest(other * 50)


def joining(task: str, *, does: bool) -> Attempt:
    """An attempt in which the draw after the leader joined it, or did not."""
    tally = Tally(SMALL, 2, 2, joins=(Turn(0, 0, does=does),))
    return Attempt(task, AT_ONCE, 0, 1.0, tallies=(tally,))


def test_agreement_is_fitted_to_what_came_after_the_leader() -> None:
    """Where three of four join, the next one joins by three in four."""
    made = [joining(task, does=number % 4 != 0) for number, task in enumerate(tasks(80))]
    rates = fit(made, Kind.CODE, WORTH).rates
    assert rates.agree / (rates.agree + rates.differ) == pytest.approx(0.75, abs=0.02)


def laddered(task: str, *, accepted: bool, right: bool = True) -> Attempt:
    """An attempt that came to the guided stage."""
    plan = Usage(cost_usd=0.002, seconds=3.0, calls=1)
    tally = Tally(GUIDED, accepted=accepted, guideline=plan, drawn=Usage(seconds=6.0, calls=8))
    return Attempt(task, LADDER, 0, float(right), tallies=(Tally(SMALL), tally))


def test_a_guidelines_worth_and_price_come_from_the_stage_that_follows_it() -> None:
    """How often it ends there, how often that is right, what it costs in money and seconds."""
    made = [laddered(task, accepted=n % 2 == 0, right=n % 8 != 0) for n, task in enumerate(tasks(80))]
    found = fit(made, Kind.CODE, WORTH)
    rates = found.rates
    assert rates.accepted_guided == pytest.approx(0.5)
    assert rates.right_guided == pytest.approx(0.75, abs=0.01)
    assert (rates.guideline_usd, rates.guideline_s, rates.guided_draws_s) == (0.002, 3.0, 6.0)
    assert found.problems["accepted_guided"] == 80
    assert found.problems["right_guided"] == 40


def ended(task: str, *, repaired: bool | None = None, right: bool = True) -> Attempt:
    """An attempt that the large model ended."""
    tally = Tally(LARGE, accepted=repaired is not False, repaired=repaired)
    return Attempt(task, "ours", 0, float(right), tallies=(Tally(SMALL), tally))


def test_the_large_models_solutions_and_repairs_have_rates_of_their_own() -> None:
    """A share of one stays below one: no number of problems leaves no doubt."""
    rates = fit(
        [ended(task, repaired=n % 3 == 0) for n, task in enumerate(tasks(60))], Kind.CODE, WORTH
    ).rates
    assert rates.repaired_large == pytest.approx(1 / 3, abs=0.01)
    sure = fit([ended(task) for task in tasks(60)], Kind.CODE, WORTH).rates
    assert 0.98 < sure.right_large < 1.0
    assert 0.98 < sure.accepted_large < 1.0


@pytest.mark.parametrize(("number", "fitted"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_too_few_problems_leave_a_value_as_it_was(number: int, *, fitted: bool) -> None:
    """And the fit says how few; two seeds of one problem are one problem."""
    made = [each for task in tasks(number) for each in (drawn(task, 8), replace(drawn(task, 8), seed=1))]
    found = fit(made, Kind.CODE, WORTH)
    assert ("hits" in found.fitted) is fitted
    assert (found.rates.hits != FIXED.hits) is fitted
    assert found.problems["hits"] == number
    assert replace(found.rates, hits=FIXED.hits, misses=FIXED.misses) == FIXED


def test_the_next_strategy_is_read_where_the_first_tells_too_little() -> None:
    """The gate's draws serve where ours were not all drawn."""
    few = [drawn(task, 8) for task in tasks(3)]
    many = [drawn(task, 0, strategy="small x8 + gate") for task in tasks()]
    found = fit([*few, *many], Kind.CODE, WORTH)
    assert found.problems["hits"] == ENOUGH
    assert found.rates.hits < found.rates.misses


def test_an_attempt_that_waits_for_answers_says_nothing() -> None:
    """What it would have come to is not known."""
    made = [replace(drawn(task, 8), score=None) for task in tasks()]
    assert fit(made, Kind.CODE, WORTH).problems["hits"] == 0


def test_what_was_not_priced_or_timed_is_not_fitted() -> None:
    """An unknown cost is not nothing, and no call takes no time."""
    unknown = Usage(cost_usd=None, calls=1)
    made = [Attempt(task, "large x1", 0, 1.0, large=unknown) for task in tasks()]
    found = fit(made, Kind.CODE, WORTH)
    assert found.rates == FIXED
    free = [replace(each, large=Usage(cost_usd=0.0, seconds=2.0, calls=1)) for each in made]
    assert fit(free, Kind.CODE, WORTH).rates == replace(FIXED, solution_usd=0.0, solution_s=2.0)


def test_kinds_and_languages_are_fitted_apart() -> None:
    """What one teaches says nothing of the other."""
    code = [drawn(task, 8) for task in tasks()]
    other = [drawn(f"lua {task}", 0) for task in tasks()]
    answers = [replace(each, kind=Kind.ANSWER) for each in code]
    languages = {each.task: "python" for each in code} | {each.task: "lua" for each in other}
    found = {(each.kind, each.language): each for each in fits([*code, *other], languages, WORTH)}
    assert found[Kind.CODE, "python"].rates.hits > 5 > found[Kind.CODE, "lua"].rates.hits
    (alone,) = fits(answers, {}, WORTH)
    assert (alone.kind, alone.rates, alone.bar) == (Kind.ANSWER, FIXED, None)


def test_every_source_is_a_strategy_of_the_catalogue() -> None:
    """A name that changes there must change here."""
    assert {each.name for each in chosen(SOURCES)} >= set(SOURCES)


# Bars of votes and perplexities.


def ballot(confidence: float, *, right: bool) -> Ballot:
    """A problem whose large solution is right and costs a tenth of a dollar."""
    return Ballot("t", confidence, right, large_right=True, large_usd=0.1)


def test_the_bar_parts_votes_that_pay_from_those_that_do_not() -> None:
    """Below it the large model is cheaper than the wrong answers that it saves."""
    votes = [
        *(ballot(0.5, right=n % 2 == 0) for n in range(20)),
        *(ballot(0.875, right=True) for _ in range(20)),
    ]
    assert cheapest_bar(votes, WORTH) == pytest.approx((0.5 + 0.875) / 2)


def test_a_vote_that_is_always_right_is_always_taken_and_one_that_never_is_never() -> None:
    """The ends of the scale can be best."""
    good = [ballot(share, right=True) for share in (0.25, 1.0)]
    bad = [ballot(share, right=False) for share in (0.25, 1.0)]
    assert all(ballot_usd(each, cheapest_bar(good, WORTH), WORTH) == 0.0 for each in good)
    assert all(ballot_usd(each, cheapest_bar(bad, WORTH), WORTH) == 0.1 for each in bad)


def voted(task: str, share: float, *, right: bool) -> tuple[Attempt, Attempt]:
    """Both models alone at one problem of mathematics; the large one is right."""
    large = Usage(cost_usd=0.1, calls=1)
    tallies = (Tally(SMALL, 8, confidence=1.0), Tally(SMALL, 8, confidence=share))
    return (
        Attempt(task, "small x8 + gate", 0, float(right), kind=Kind.ANSWER, tallies=tallies),
        Attempt(task, "large x1", 0, 1.0, kind=Kind.ANSWER, large=large),
    )


def votes(number: int) -> list[Attempt]:
    """Problems of which the unsure half is wrong."""
    return [
        each
        for n, task in enumerate(tasks(number))
        for each in voted(task, 1.0 if n % 2 else 0.625, right=n % 2 == 1)
    ]


def test_a_bar_is_fitted_to_problems_that_both_models_did_alone() -> None:
    """Of several steps the least sure one counts."""
    found = fit(votes(ENOUGH), Kind.ANSWER, WORTH)
    assert found.bar == pytest.approx((0.625 + 1.0) / 2)
    assert found.fitted == ("bar",)
    assert fit(votes(ENOUGH - 1), Kind.ANSWER, WORTH).bar is None


# What it would save.


def history(made: Sequence[Attempt]) -> dict[str, dict[tuple[str, int], Attempt]]:
    """Attempts as a strategy reads them."""
    found: dict[str, dict[tuple[str, int], Attempt]] = {}
    for each in made:
        found.setdefault(each.strategy, {})[each.task, each.seed] = each
    return found


def accepts(task: str, made: Sequence[Attempt], share: float) -> bool:
    """Whether the fitted strategy's first stage takes a vote by what others taught."""
    _, fitted = compared(WORTH)
    small, large = ScriptedModel("small", ["x"]), ScriptedModel("large", ["x"])
    stages = fitted.stages(Cast(small, large, task, Kind.ANSWER, 0, history(made)))
    choice = Candidate("x", "small")
    return stages[0].accept(Ruling(share, Status.PASS, choice, (choice,)))


def test_the_fitted_strategy_takes_what_other_problems_taught() -> None:
    """Votes of seven in eight pass where they were right elsewhere, and fail where they were not."""
    made = votes(100)
    assert accepts("task 0", made, 0.875)
    assert not accepts("task 0", made, 0.75)
    assert not accepts("task 0", made[:10], 0.75)


def test_nothing_decides_on_a_problem_that_was_fitted_on_it() -> None:
    """A fold's own outcomes change nothing for its problems, also where they are the most."""
    own = fold_of("task 0")
    all_votes = votes(500)
    others = [each for each in all_votes if fold_of(each.task) != own][:80]
    mine = [each for each in all_votes if fold_of(each.task) == own]
    turned = [replace(each, score=1.0 - (each.score or 0.0)) for each in mine]
    assert len(mine) > 1.5 * len(others)
    for share in (0.625, 0.75, 0.875):
        assert accepts("task 0", [*others, *turned], share) == accepts("task 0", [*others, *mine], share)


PRICE = Price(input=0.0, output=1000.0)


def compared_at(task: str, strategy: str, tokens: int, score: float | None = 1.0) -> Attempt:
    """An attempt that was given an answer for so many paid tokens."""
    return Attempt(task, strategy, 0, score, exits=(LARGE,), large=Usage(output_tokens=tokens, calls=1))


def test_a_saving_is_the_difference_on_problems_that_both_sides_know() -> None:
    """With an interval; what waits for answers is counted and left out."""
    made = [
        *(compared_at(task, AS_FIXED, 100) for task in tasks(4)),
        *(compared_at(task, AS_FITTED, 40) for task in tasks(3)),
        compared_at("task 3", AS_FITTED, 0, None),
    ]
    (found,) = savings(made, {}, PRICE, WORTH)
    assert (found.problems, found.missing) == (3, 1)
    assert (found.fixed_usd, found.fitted_usd) == (pytest.approx(0.1), pytest.approx(0.04))
    assert found.saved is not None
    assert (found.saved.low, found.saved.high) == (pytest.approx(0.06), pytest.approx(0.06))


def test_the_product_reads_fits_as_they_were_written(tmp_path: Path) -> None:
    """For the language that they were made for; elsewhere the fixed rates hold."""
    made = Fit(Kind.CODE, "python", replace(FIXED, hits=1.5), None, {"hits": 40, "agree": 3})
    other = Fit(Kind.TEXT, bar=0.7, problems={"bar": 31})
    path = tmp_path / "fits.json"
    write_fits(path, ("small", "large"), (made, other), savings([], {}, PRICE, WORTH))
    assert code_rates(path, "small", "python") == made.rates
    assert code_rates(path, "small", "go") == FIXED


def test_fits_of_another_model_are_refused(tmp_path: Path) -> None:
    """Its chances say nothing of this one."""
    path = tmp_path / "fits.json"
    write_fits(path, ("small", "large"), (), ())
    with pytest.raises(CalibrationUnfit, match="was fitted to small, and the small model is tiny"):
        code_rates(path, "tiny", "python")


def test_a_file_that_holds_no_fits_is_named(tmp_path: Path) -> None:
    """Also one that is not there."""
    path = tmp_path / "fits.json"
    with pytest.raises(CalibrationUnfit, match="No such file"):
        code_rates(path, "small", "python")
    path.write_text('{"fits": [{"kind": "poem"}]}')
    with pytest.raises(CalibrationUnfit, match=r"fits\.json holds no calibration"):
        code_rates(path, "small", "python")
