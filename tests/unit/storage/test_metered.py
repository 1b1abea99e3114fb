"""A model behind a meter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade.errors import (
    CallRefused,
    MalformedReply,
    ModelError,
    ModelRejected,
    ModelTimeout,
    ModelUnavailable,
)
from cope_lsp.cascade.problem import Completion, Message, Prompt, Usage
from cope_lsp.storage.ledger import Call, Ledger
from cope_lsp.storage.metered import Meter, Metered
from cope_lsp.storage.money import Caps, worst_usage
from tests.support.scripted import ScriptedModel

if TYPE_CHECKING:
    from pathlib import Path

PROMPT = Prompt((Message("user", "write ünïcödé"),), max_tokens=100)
CAPS = Caps(per_request_usd=1.0, per_day_usd=2.0)


def tariff(usage: Usage) -> float:
    """A hundredth of a cent a token in, a tenth out."""
    return usage.input_tokens * 1e-4 + usage.output_tokens * 1e-3


def unknown(usage: Usage) -> None:
    """The tariff of a model that no table knows."""
    del usage


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A fresh ledger."""
    return Ledger(tmp_path / "state" / "ledger.sqlite")


def metered(ledger: Ledger, model: ScriptedModel, tries: int = 1) -> Metered:
    """The model behind a meter."""
    return Metered(model, Meter(ledger, CAPS, tariff, tries), Call("job", "api.example", "large"))


async def ask(model: Metered) -> Completion:
    """One call."""
    return await model.complete(PROMPT, temperature=0.0, seed=1)


async def test_a_call_is_paid_by_what_it_used(ledger: Ledger) -> None:
    """The completion says what it cost, and the ledger holds that and no more."""
    model = ScriptedModel("large", ["ok"], usage=Usage(input_tokens=100, output_tokens=10, calls=1))
    answer = await ask(metered(ledger, model))
    assert answer.usage.cost_usd == pytest.approx(0.02)
    assert await ledger.spent() == pytest.approx(0.02)


async def test_a_providers_own_bill_counts(ledger: Ledger) -> None:
    """Gateways say what they charged."""
    usage = Usage(input_tokens=100, output_tokens=10, cost_usd=0.5, calls=1)
    await ask(metered(ledger, ScriptedModel("large", ["ok"], usage=usage)))
    assert await ledger.spent() == pytest.approx(0.5)


async def test_an_unmetered_call_costs_its_reservation(ledger: Ledger) -> None:
    """A server that counts no tokens is paid at the worst case."""
    model = metered(ledger, ScriptedModel("large", ["ok"], usage=Usage(calls=1, cost_usd=None)))
    worst = model.worst(PROMPT)
    assert worst is not None
    answer = await ask(model)
    assert answer.usage.cost_usd == pytest.approx(worst)
    assert await ledger.spent() == pytest.approx(worst)


async def test_a_cancelled_call_costs_its_reservation(ledger: Ledger) -> None:
    """What the server did before the connection closed is unknown."""
    model = metered(ledger, ScriptedModel("large", ["ok"], delay_s=60))
    with anyio.move_on_after(0.2):
        await ask(model)
    assert await ledger.spent() == pytest.approx(model.worst(PROMPT))


@pytest.mark.parametrize("error", [ModelTimeout("silent"), MalformedReply("cut")])
async def test_a_call_that_broke_off_costs_its_reservation(ledger: Ledger, error: ModelError) -> None:
    """A timed-out try may still bill."""
    model = metered(ledger, ScriptedModel("large", [error]))
    with pytest.raises(type(error)):
        await ask(model)
    assert await ledger.spent() == pytest.approx(model.worst(PROMPT))


@pytest.mark.parametrize("error", [ModelUnavailable("down"), ModelRejected("429"), CallRefused("no consent")])
async def test_a_call_that_was_turned_away_costs_nothing(ledger: Ledger, error: ModelError) -> None:
    """Otherwise a server that is down would use up the day."""
    with pytest.raises(type(error)):
        await ask(metered(ledger, ScriptedModel("large", [error])))
    assert await ledger.spent() == 0


async def test_of_several_tries_only_the_last_is_known_to_be_free(ledger: Ledger) -> None:
    """An earlier one may have been billed before it failed."""
    model = metered(ledger, ScriptedModel("large", [ModelRejected("503")]), tries=3)
    with pytest.raises(ModelRejected):
        await ask(model)
    worst = model.worst(PROMPT)
    assert worst is not None
    assert await ledger.spent() == pytest.approx(worst * 2 / 3)


async def test_a_refused_call_never_reaches_the_model(ledger: Ledger) -> None:
    """The cap is looked at before, not after."""
    model = ScriptedModel("large", ["ok"])
    poor = Metered(model, Meter(ledger, Caps(0.0001, 1.0), tariff), Call("job", "h", "large"))
    with pytest.raises(CallRefused, match="per_request_usd"):
        await ask(poor)
    assert not model.calls


async def test_a_model_without_a_price_is_refused_with_the_setting_that_helps(ledger: Ledger) -> None:
    """Nothing is sent, and the fix is named."""
    model = ScriptedModel("large", ["ok"])
    with pytest.raises(CallRefused) as refused:
        await ask(Metered(model, Meter(ledger, CAPS, unknown), Call("job", "h", "large")))
    assert "large.price" in refused.value.fix
    assert not model.calls
    assert await ledger.spent() == 0


async def test_a_price_that_is_known_better_is_the_one_reserved(ledger: Ledger) -> None:
    """Surcharges, as for prompts that a provider puts into its cache, are part of the worst case."""
    meter = Meter(ledger, CAPS, tariff, worst=lambda _: 0.9)
    await ask(
        Metered(ScriptedModel("large", ["ok"], usage=Usage(cost_usd=None)), meter, Call("job", "h", "m"))
    )
    assert await ledger.spent() == pytest.approx(0.9)


async def test_a_models_name_is_its_own(ledger: Ledger) -> None:
    """The meter does not show."""
    assert metered(ledger, ScriptedModel("large", ["ok"])).name == "large"


async def test_calls_at_once_share_the_cap(ledger: Ledger) -> None:
    """Of ten calls that together could pass the cap, only those that fit are made."""
    model = ScriptedModel("large", ["ok"], delay_s=1.5)
    paid = metered(ledger, model)
    worst = paid.worst(PROMPT)
    assert worst is not None

    async def try_once() -> None:
        try:
            await ask(paid)
        except CallRefused:
            return

    async with anyio.create_task_group() as group:
        for _ in range(10):
            group.start_soon(try_once)
    assert 1 <= len(model.calls) < 10
    assert await ledger.spent() <= CAPS.per_request_usd


@pytest.mark.parametrize("text", ["", "plain", "ünï", "汉字", "😀" * 50, "\udce4", "a" * 10_000])
def test_the_worst_case_has_a_token_for_every_byte(text: str) -> None:
    """No vocabulary makes more tokens than there are bytes."""
    worst = worst_usage(Prompt((Message("system", text), Message("user", text)), max_tokens=7))
    assert worst.input_tokens >= 2 * len(text.encode("utf-8", "surrogatepass"))
    assert worst.output_tokens == 7
