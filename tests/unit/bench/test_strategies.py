"""Every strategy of the catalogue: it comes to an end, asks what it says, and differs as it says."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench.attempts import attempt
from cope_lsp.bench.catalogue import GROUPS
from cope_lsp.bench.ours import ABLATIONS, OURS
from cope_lsp.bench.strategies import BASE, SAMPLES, VOTES, Cast
from cope_lsp.cascade.presets import GUIDED, LARGE, SMALL
from cope_lsp.cascade.problem import Completion, Kind, Role
from cope_lsp.cascade.prompts import PAPER, SHARED, render_plan, render_solution
from cope_lsp.cascade.stages import Batch
from tests.support.scripted import ScriptedModel
from tests.support.scripted_tasks import SPENT, ScriptedSource, ScriptedTask, always_says, pair_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.bench.strategies import Strategy
    from cope_lsp.cascade.problem import Problem, Prompt
    from cope_lsp.cascade.stages import Stage

STRATEGIES = {strategy.name: strategy for group in GROUPS.values() for strategy in group}

TELLING = {"paper", "ours", "large + gate + repair"}
"""Strategies that tell the large model more than the bare problem: a guideline, a failure, an attempt."""

WITHOUT_TESTS = replace(SHARED, wordings={**SHARED.wordings, Kind.CODE: SHARED.wordings[Kind.TEXT]})


def failing() -> ScriptedSource:
    """A model whose draws neither pass nor are sure, all different."""
    return ScriptedSource(
        lambda call, _prompt: Completion(f"wrong {call.number}", call.model, SPENT, logprob=-2.0)
    )


def stages_of(strategy: Strategy, kind: Kind = Kind.CODE) -> dict[str, Stage]:
    """A strategy's stages by name."""
    small, large = ScriptedModel("small", ["x"]), ScriptedModel("large", ["x"])
    return {stage.name: stage for stage in strategy.stages(Cast(small, large, "t", kind, 0, {}))}


def of(strategies: Sequence[Strategy], name: str) -> Strategy:
    """The strategy of this name, or that begins with it."""
    return next(strategy for strategy in strategies if strategy.name.startswith(name))


def bare_requests(problem: Problem) -> list[Prompt]:
    """All that may be asked of the large model without telling it anything."""
    styles = (PAPER, SHARED, WITHOUT_TESTS)
    guidelines = [render_plan(style, problem, Role.GUIDELINE) for style in styles]
    return guidelines + [render_solution(style, problem) for style in styles]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("name", list(STRATEGIES))
async def test_every_strategy_comes_to_an_end_on_every_kind_of_task(name: str, kind: Kind) -> None:
    """With models that are right, and with models that never are."""
    task = ScriptedTask(kind=kind)
    for source, score in ((always_says, 1.0), (None, 0.0)):
        small, large = (failing(), failing()) if source is None else (source("right"), source("right"))
        made = await attempt(task, STRATEGIES[name], pair_of(small, large), {})
        assert made.score == score
        assert made.wanted == ()
        assert len(made.exits) == 1
        assert made.small.calls + made.large.calls > 0


@pytest.mark.parametrize("name", [name for name in STRATEGIES if name not in TELLING])
async def test_the_large_model_is_asked_for_nothing_but_the_bare_problem(name: str) -> None:
    """Its guideline or its solution, once each, even where everything fails."""
    task, large = ScriptedTask(), failing()
    await attempt(task, STRATEGIES[name], pair_of(failing(), large), {})
    asked = [prompt for _, prompt in large.asked]
    assert all(prompt in bare_requests(task.problem) for prompt in asked)
    assert len(asked) == len(set(asked)) <= 2


@pytest.mark.parametrize("name", sorted(TELLING))
async def test_whoever_tells_the_large_model_more_is_not_called_bare(name: str) -> None:
    """These need a live pair."""
    task, large = ScriptedTask(), failing()
    await attempt(task, STRATEGIES[name], pair_of(failing(), large), {})
    asked = [prompt for _, prompt in large.asked]
    assert not all(prompt in bare_requests(task.problem) for prompt in asked)
    assert "bare" not in name


@pytest.mark.parametrize("name", [name for name in STRATEGIES if name.startswith("small")])
async def test_strategies_of_the_small_model_never_ask_the_large_one(name: str) -> None:
    """Whatever fails."""
    large = failing()
    await attempt(ScriptedTask(), STRATEGIES[name], pair_of(failing(), large), {})
    assert large.asked == []


def test_names_are_unique_and_whoever_learns_names_others_that_are_there() -> None:
    """A report's rows, and the order of a run."""
    assert len(STRATEGIES) == sum(len(group) for group in GROUPS.values())
    for strategy in STRATEGIES.values():
        assert strategy.words
        assert strategy.name not in strategy.after
        assert all(not STRATEGIES[name].after for name in strategy.after)


@pytest.mark.parametrize(
    ("name", "draws", "repairs"),
    [
        ("small x1", 1, 0),
        ("small x8 + gate", 8, 0),
        ("small x16 + gate", 16, 0),
        ("small + repair", 1, 1),
    ],
)
async def test_the_small_model_draws_as_often_as_it_says(name: str, draws: int, repairs: int) -> None:
    """A repair shows the failed attempt; a draw never does."""
    small = always_says("a wrong attempt")
    await attempt(ScriptedTask(), of(BASE, name), pair_of(small, failing()), {})
    shown = [text for text in small.texts if "a wrong attempt" in text]
    assert (len(small.asked) - len(shown), len(shown)) == (draws, repairs)


async def test_the_fair_rival_gates_and_repairs_once() -> None:
    """A large solution that fails is shown to the large model with what went wrong, and judged again."""
    rival = of(BASE, "large + gate + repair")
    large = ScriptedSource(
        lambda _call, prompt: "right" if "went wrong" in prompt.messages[-1].content else "a wrong attempt"
    )
    made = await attempt(ScriptedTask(), rival, pair_of(failing(), large), {})
    assert (made.accepted, made.right) == (True, True)
    assert len(large.asked) == 2
    assert "a wrong attempt" in large.texts[1]
    assert "assert f(2) == 4" in large.texts[1]
    hopeless = failing()
    made = await attempt(ScriptedTask(), rival, pair_of(failing(), hopeless), {})
    assert (made.accepted, made.right, len(hopeless.asked)) == (False, False, 2)


async def test_a_split_vote_pays_and_an_agreement_does_not() -> None:
    """MoT: five of eight; ABC: three of three, or two of three."""

    async def pays(name: str, replies: str) -> bool:
        said = iter(replies)
        small = ScriptedSource(
            lambda _call, prompt: "aim" if "goal of" in prompt.messages[0].content else next(said)
        )
        large = always_says("large")
        await attempt(ScriptedTask(passing=frozenset("xy")), of(VOTES, name), pair_of(small, large), {})
        return bool(large.asked)

    assert [await pays("MoT", replies) for replies in ("xxxxxyyy", "xxxxyyyy", "xxxx----")] == [
        False,
        True,
        True,
    ]
    assert [await pays("ABC", replies) for replies in ("xxx", "xxy", "xx-")] == [False, True, True]
    two = "ABC, two of three"
    assert [await pays(two, replies) for replies in ("xxx", "xxy", "xx-", "xy-")] == [
        False,
        False,
        False,
        True,
    ]


def test_each_ablation_changes_what_it_names_and_leaves_the_rest() -> None:
    """Over *ours, bare large*."""
    ours = stages_of(of(OURS, "ours, bare large"))
    without = {strategy.name.split(" ")[1]: stages_of(strategy) for strategy in ABLATIONS}
    assert of(ABLATIONS, "without 1").rulebook != of(OURS, "ours").rulebook
    assert without["2"][SMALL].batch is Batch.AT_ONCE
    assert without["2"][SMALL].arms == ours[SMALL].arms
    assert without["3"][SMALL].repairs == ()
    assert not without["3"][LARGE].checked
    assert all(not stage.tests_pay(0.0) for stage in without["4"].values())
    assert all(arm.plan is not None for arm in without["5"][SMALL].arms)
    assert without["5"][SMALL].samples == ours[SMALL].samples == SAMPLES
    assert all(stage.style == PAPER for stage in without["6"].values())
    assert list(without["8"]) == [SMALL, GUIDED, LARGE]
    assert of(ABLATIONS, "+ 9").consults
    for number, touched in (
        ("4", {"style", "tests_pay"}),
        ("6", {"style", "tests_pay"}),
        ("2", {"batch", "width"}),
    ):
        assert differing(without[number][SMALL], ours[SMALL]) <= touched


def differing(stage: Stage, other: Stage) -> set[str]:
    """The fields in which two stages differ, their models apart."""
    names = {each.name for each in fields(stage)} - {"executor", "planner"}
    return {name for name in names if str(getattr(stage, name)) != str(getattr(other, name))}


def test_ours_on_votes_keeps_the_paper_s_thresholds() -> None:
    """Adaptive draws under the paper's bars."""
    for kind in (Kind.ANSWER, Kind.ACTION):
        ours, paper = stages_of(of(OURS, "ours"), kind), stages_of(STRATEGIES["paper"], kind)
        assert list(ours) == list(paper) == [SMALL, GUIDED, LARGE]
        assert ours[SMALL].batch is Batch.ADAPTIVE
        for name in (SMALL, GUIDED):
            assert str(ours[name].accept) == str(paper[name].accept)


async def test_a_user_is_asked_only_where_the_strategy_says_so() -> None:
    """No other strategy gains from a simulated user."""
    assert [name for name, strategy in STRATEGIES.items() if strategy.consults] == ["+ 9 a question"]
