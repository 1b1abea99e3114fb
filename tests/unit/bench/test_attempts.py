"""An attempt: what it came to, what it spent, what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench.attempts import Pair, Side, attempt
from cope_lsp.bench.catalogue import GROUPS
from cope_lsp.bench.players import Unanswered
from cope_lsp.bench.records import Records, record_of
from cope_lsp.cascade.errors import CopeError, ModelTimeout
from cope_lsp.cascade.problem import Completion, Kind, Problem, Usage
from tests.support.scripted import MemoryPlans
from tests.support.scripted_tasks import SPENT, ScriptedSource, ScriptedTask, always_says, pair_of, silent

if TYPE_CHECKING:
    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.records import Call
    from cope_lsp.bench.strategies import Strategy
    from cope_lsp.cascade.problem import Prompt

STRATEGIES = {strategy.name: strategy for group in GROUPS.values() for strategy in group}

TASK = ScriptedTask()


def named(name: str) -> Strategy:
    """A strategy of the catalogue."""
    return STRATEGIES[name]


def nobody(records: Records | None = None) -> Pair:
    """A pair that may make no call."""
    return Pair(Side("small"), Side("large"), records or Records())


async def made_by(name: str, pair: Pair, task: ScriptedTask = TASK, seed: int = 0) -> Attempt:
    """An attempt without a past."""
    return await attempt(task, named(name), pair, {}, seed=seed)


async def test_a_right_and_accepted_attempt_says_so() -> None:
    """With its stage, its choice, its draft and all that it spent."""
    made = await made_by("ours, bare large", pair_of(always_says("right"), silent()))
    assert (made.task, made.strategy, made.seed, made.kind) == ("t", "ours, bare large", 0, Kind.CODE)
    assert (made.score, made.right, made.accepted, made.confidence) == (1.0, True, True, 0.99)
    assert made.exits == ("small",)
    assert made.choice is not None
    assert made.choice.text == "right"
    assert made.draft == Completion("right", "small", SPENT, -0.1)
    assert (made.small.calls, made.large) == (1, Usage())
    assert made.wanted == ()


async def test_a_false_accept_is_accepted_and_wrong() -> None:
    """What passes all that is visible may still be wrong."""
    task = ScriptedTask(passing=frozenset({"lucky"}))
    made = await made_by("ours, bare large", pair_of(always_says("lucky"), silent()), task)
    assert (made.accepted, made.right) == (True, False)


async def test_an_attempt_that_gives_up_names_where() -> None:
    """Its last stage, and why it went no further."""
    made = await made_by("small x8 + gate", pair_of(always_says("wrong"), silent()))
    assert made.exits == ("small: exhausted",)
    assert (made.accepted, made.right, made.confidence) == (False, False, 0.0)
    assert made.small.calls == 8


async def test_both_models_are_accounted_for_apart() -> None:
    """Sixteen calls, then a guideline, eight draws and the large model's solution."""
    made = await made_by("paper", pair_of(always_says("wrong"), always_says("right")))
    assert (made.small.calls, made.large.calls) == (24, 2)
    assert made.large.cost_usd == pytest.approx(0.002)
    assert made.exits == ("large",)


async def test_an_unanswered_call_ends_the_attempt_with_all_draws_of_that_stage_listed() -> None:
    """Nothing else is known of it: no score, no money, no choice."""
    made = await made_by("small x8 + gate", nobody())
    assert [each.call.number for each in made.wanted] == list(range(8))
    assert {(each.call.model, each.call.temperature, each.task) for each in made.wanted} == {
        ("small", 0.4, "t")
    }
    assert (made.score, made.right, made.accepted, made.exits) == (None, None, False, ())
    assert (made.small, made.choice, made.draft) == (Usage(), None, None)


async def test_what_one_stage_waits_for_is_asked_before_the_next_one_s() -> None:
    """Goals first; once they are answered, the solutions after them; then the guideline."""
    records = Records()
    stages = [await made_by("paper", nobody(records))]
    answering = [always_says("a goal"), always_says("wrong"), always_says("wrong")]
    for source in answering:
        for each in stages[-1].wanted:
            await _answer(source, each.call, each.prompt, records)
        stages.append(await made_by("paper", nobody(records)))
    asked = [[(each.call.model, each.call.temperature) for each in made.wanted] for made in stages]
    assert asked == [[("small", 0.8)] * 8, [("small", 0.4)] * 8, [("large", 0.8)], [("small", 0.8)] * 8]


async def _answer(source: ScriptedSource, call: Call, prompt: Prompt, records: Records) -> None:
    """Fold one answer in, as a batch's are."""
    said = await source.answer(call, prompt, "t")
    assert said is not None
    records.keep(record_of(call, "t", said))


async def test_a_replay_makes_no_call_and_comes_to_the_same() -> None:
    """The same record serves the same strategy again, and others that make the same call."""
    records = Records()
    small, large = always_says("wrong"), always_says("right")
    first = await made_by("paper", pair_of(small, large, records))
    assert await made_by("paper", nobody(records)) == first
    await made_by("small x16 + gate", pair_of(small, silent(), records))
    eight = await made_by("small x8 + gate", nobody(records))
    assert eight.wanted == ()
    assert len({call for call, _ in small.asked}) == len(small.asked)


async def test_a_second_seed_takes_other_records() -> None:
    """What the first seed left answers none of its calls."""
    records = Records()
    await made_by("small x8 + gate", pair_of(always_says("wrong"), silent(), records))
    made = await made_by("small x8 + gate", nobody(records), seed=1)
    assert len(made.wanted) == 8
    assert {each.call.number for each in made.wanted}.isdisjoint(range(8))


async def test_every_step_has_an_exit_and_one_that_was_not_accepted_counts() -> None:
    """An agent's task is accepted as a whole or not at all."""

    def says(call: Call, prompt: Prompt) -> str:
        if "goal of" in prompt.messages[0].content:
            return "go"
        agreed = call.temperature == 0.4 and call.number < 8
        return "4" if agreed else "abcdefgh"[call.number % 8]

    small = ScriptedSource(says)
    task = ScriptedTask(kind=Kind.ACTION, passing=frozenset("4abcdefgh"), steps=2)
    made = await made_by("paper", pair_of(small, always_says("right")), task)
    assert made.exits == ("small", "large")
    assert not made.accepted


async def test_a_call_that_fails_is_a_failed_draw_and_no_end() -> None:
    """Errors of a model are a part of the result, as in the product."""

    def says(call: Call, _prompt: Prompt) -> str:
        if call.number == 0:
            raise ModelTimeout("small said nothing for 300 s.")
        return "right"

    made = await made_by("small x8 + gate", pair_of(ScriptedSource(says), silent()))
    assert made.right
    assert made.small.calls == 7


class SpentError(CopeError):
    """What a source ends a run with."""


async def test_what_ends_the_run_is_not_taken_for_a_waiting_call() -> None:
    """It passes through, also out of several draws at once."""

    def says(_call: Call, _prompt: Prompt) -> str:
        raise SpentError("Nothing is left.")

    with pytest.raises(ExceptionGroup) as raised:
        await made_by("small x8 + gate", pair_of(ScriptedSource(says), silent()))
    assert raised.group_contains(SpentError)
    assert not raised.group_contains(Unanswered)


async def test_plans_are_kept_only_where_a_store_is_given() -> None:
    """Every problem begins with an empty cache; the workload of repeated requests brings its own."""
    plans = MemoryPlans()
    task = ScriptedTask(asked=_keyed())
    small = always_says("right")
    await attempt(task, named("ours"), pair_of(small, silent()), {}, plans=plans)
    assert set(plans.solutions) == {"what was asked"}
    again = await attempt(task, named("ours"), nobody(), {}, plans=plans)
    assert (again.right, again.exits, again.small) == (True, ("recall",), Usage())
    assert (await attempt(task, named("ours"), nobody(), {})).wanted


def _keyed() -> Problem:
    return Problem(Kind.CODE, "Do it.", key="what was asked")
