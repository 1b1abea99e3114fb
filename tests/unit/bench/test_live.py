"""Replies from models that are there, and the budget that pays for them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.bench.live import LiveSource, ModelLost, Paid
from cope_lsp.bench.players import Player
from cope_lsp.bench.records import Call, Record, Records, prompt_key
from cope_lsp.bench.spending import Budget, BudgetSpent, highest_usd
from cope_lsp.bench.tariffs import Price
from cope_lsp.cascade.errors import (
    BrokenOff,
    CallRefused,
    EmptyReply,
    MalformedReply,
    ModelError,
    ModelRejected,
    ModelTimeout,
    ModelUnavailable,
)
from cope_lsp.cascade.problem import Completion, Message, Prompt, Usage
from cope_lsp.models.connect import connect_large
from tests.support.model_clients import Heard, large_at
from tests.support.model_server import Fault, Reply, in_turn, serve
from tests.support.scripted import ScriptedModel

if TYPE_CHECKING:
    from cope_lsp.cascade.ports import Model
    from tests.support.scripted import Reply as SaidOrRaised

PROMPT = Prompt((Message("user", "Write f."),), max_tokens=100)
CALL = Call("model", prompt_key(PROMPT), 0.4, 0)
PRICE = Price(input=1.0, cached=0.1, output=10.0)
HIGHEST = highest_usd(PRICE, PROMPT)


def source(model: Model, *, paid: Paid | None = None, at_once: int = 4) -> LiveSource:
    """A source that waits for nothing between tries and tells nobody."""
    return LiveSource(model, anyio.CapacityLimiter(at_once), lambda _record: None, paid, pause_s=0.0)


def scripted(*script: SaidOrRaised) -> ScriptedModel:
    """A model by script."""
    return ScriptedModel("model", script)


async def test_a_reply_comes_with_the_calls_own_seed_and_temperature() -> None:
    """What is recorded can be asked for again."""
    model = scripted("text")
    said = await source(model).answer(CALL, PROMPT, "t/1")
    assert said is not None
    assert said.text == "text"
    assert [(call.seed, call.temperature) for call in model.calls] == [(CALL.seed, 0.4)]


@pytest.mark.parametrize("error", [BrokenOff("cut"), ModelTimeout("silent"), ModelUnavailable("gone")])
async def test_what_broke_off_is_asked_for_again(error: ModelError) -> None:
    """Two failures and a reply make a reply."""
    said = await source(scripted(error, error, "text")).answer(CALL, PROMPT, "t/1")
    assert said is not None
    assert said.text == "text"


async def test_an_empty_reply_is_a_draw() -> None:
    """A model that says nothing said that; it is not asked again."""
    model = scripted(EmptyReply("nothing"), "text")
    said = await source(model).answer(CALL, PROMPT, "t/1")
    assert said is not None
    assert (said.text, said.usage.cost_usd, len(model.calls)) == ("", 0.0, 1)


@pytest.mark.parametrize("error", [BrokenOff("cut"), MalformedReply("HTML"), ModelUnavailable("gone")])
async def test_a_model_that_stays_silent_ends_the_run(error: ModelError) -> None:
    """Its silence is never counted as wrong answers; the message says how to go on."""
    with pytest.raises(ModelLost, match=f"model gives no replies any more. {error}.* same command goes on"):
        await source(scripted(error)).answer(CALL, PROMPT, "t/1")


async def test_one_refused_prompt_stays_unanswered_and_three_in_a_row_end_the_run() -> None:
    """A prompt that is too long costs its own problem; a wrong key costs no problem."""
    live = source(scripted(CallRefused("too long"), "text", ModelRejected("key")))
    assert await live.answer(CALL, PROMPT, "t/1") is None
    assert await live.answer(CALL, PROMPT, "t/2") is not None
    assert await live.answer(CALL, PROMPT, "t/3") is None
    assert await live.answer(CALL, PROMPT, "t/4") is None
    with pytest.raises(ModelLost, match="key"):
        await live.answer(CALL, PROMPT, "t/5")


async def test_no_more_calls_are_in_flight_than_the_provider_takes() -> None:
    """Models behind one server share its limit."""
    most, now = 0, 0

    class Counting:
        name = "model"

        async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
            del prompt, temperature, seed
            nonlocal most, now
            now += 1
            most = max(most, now)
            await anyio.sleep(0.001)
            now -= 1
            return Completion("text", self.name)

    live = source(Counting(), at_once=2)
    async with anyio.create_task_group() as group:
        for number in range(6):
            group.start_soon(live.answer, Call("model", CALL.prompt, 0.4, number), PROMPT, "t")
    assert most == 2


async def test_a_player_over_it_keeps_each_reply_and_the_hook_hears_of_it() -> None:
    """The second attempt asks for nothing, and the progress is told once."""
    heard: list[Record] = []
    model, records = scripted("text"), Records()
    live = LiveSource(model, anyio.CapacityLimiter(1), heard.append)
    for _ in range(2):
        player = Player("model", records, live, "t/1")
        await player.complete(PROMPT, temperature=0.4, seed=0)
    assert len(model.calls) == 1
    assert heard == list(records)


async def test_a_paid_call_is_settled_by_its_tokens() -> None:
    """Reserved at its highest before, what it cost after."""
    budget = Budget(HIGHEST)
    used = Usage(input_tokens=10, cached_tokens=5, output_tokens=20, cost_usd=None, calls=1)
    await source(scripted(Completion("text", "model", used)), paid=Paid(PRICE, budget)).answer(
        CALL, PROMPT, "t"
    )
    assert budget.spent_usd == pytest.approx((5 * 1.0 + 5 * 0.1 + 20 * 10.0) / 1e6)
    assert budget.reserved_usd == pytest.approx(0.0)


async def test_what_could_pass_the_cap_is_not_sent() -> None:
    """The message says what was spent and how to go on."""
    model = scripted("text")
    live = source(model, paid=Paid(PRICE, Budget(HIGHEST * 1.5, spent_usd=HIGHEST)))
    with pytest.raises(BudgetSpent, match=f"{HIGHEST:.4f} of .* are spent.*higher budget goes on"):
        await live.answer(CALL, PROMPT, "t")
    assert model.calls == []


async def test_calls_under_way_count_against_the_cap() -> None:
    """Two calls at once never spend what is left for one."""
    live = source(ScriptedModel("model", ["text"], delay_s=0.01), paid=Paid(PRICE, Budget(HIGHEST * 1.5)))

    async def both() -> None:
        async with anyio.create_task_group() as group:
            for number in range(2):
                group.start_soon(live.answer, Call("model", CALL.prompt, 0.4, number), PROMPT, "t")

    with pytest.raises(ExceptionGroup) as caught:
        await both()
    assert caught.group_contains(BudgetSpent)


@pytest.mark.parametrize(
    ("error", "share"),
    [
        (ModelRejected("key"), 0),
        (EmptyReply("nothing"), 1),
        (ModelUnavailable("gone"), 0),
        (BrokenOff("cut"), 3),
    ],
)
async def test_what_may_be_billed_counts_as_spent(error: ModelError, share: int) -> None:
    """A call that was cut may be on the bill, each of its tries; one that was turned away is not."""
    budget = Budget(1.0)
    live = source(scripted(error), paid=Paid(PRICE, budget))
    with suppress(ModelLost):
        await live.answer(CALL, PROMPT, "t")
    assert budget.spent_usd == pytest.approx(share * HIGHEST)
    assert budget.reserved_usd == pytest.approx(0.0)


async def test_a_cancelled_call_counts_as_spent() -> None:
    """Nobody knows how far the provider came."""
    budget = Budget(1.0)
    live = source(ScriptedModel("model", ["text"], delay_s=60), paid=Paid(PRICE, budget))
    with anyio.move_on_after(0.01):
        await live.answer(CALL, PROMPT, "t")
    assert budget.spent_usd == pytest.approx(HIGHEST)


async def test_a_real_server_that_breaks_off_says_nothing_and_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Through the product's own adapter: cut, then empty, then a reply with its tokens."""
    monkeypatch.setenv("COPE_TEST_KEY", "key")
    replies = in_turn(Reply("half", fault=Fault.CUT), Reply(""), Reply("two words"))
    async with serve(replies) as server:
        model = connect_large(large_at(server), Heard().hooks)
        assert model is not None
        live = source(model)
        first = await live.answer(CALL, PROMPT, "t/1")
        second = await live.answer(CALL, PROMPT, "t/2")
        await model.close()
    assert first is not None
    assert second is not None
    assert (first.text, second.text, second.usage.output_tokens) == ("", "two words", 2)
