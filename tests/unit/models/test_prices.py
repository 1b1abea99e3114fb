"""Money: what is known, what is not, and the highest that a call can cost."""

from __future__ import annotations

import pytest

from cope_lsp.cascade.problem import Usage
from cope_lsp.models.connect import connect_large, connect_small, rates
from cope_lsp.models.prices import FREE, Rates, cost_usd, dearest
from cope_lsp.settings import LargeModel, Price, Settings, SmallModel
from tests.support.model_clients import Heard
from tests.support.model_server import Entry, always, serve


async def large_rates(large: LargeModel) -> Rates | None:
    """The rates of a large model."""
    settings = Settings(large=large)
    connection = connect_large(settings, Heard().hooks)
    assert connection is not None
    try:
        return await rates(settings, "large", connection)
    finally:
        await connection.close()


async def test_the_settings_price_wins() -> None:
    """`large.price` is for gateways and deployments; cached tokens cost the input price when left out."""
    chosen = LargeModel(model="gpt-5.1", price=Price(input=3, output=4))
    assert await large_rates(chosen) == Rates(3, 3, 3, 4)


async def test_a_price_of_zero_is_known() -> None:
    """0 is a price, not a missing one."""
    assert await large_rates(LargeModel(model="x", price=Price(input=0, output=0))) == FREE


async def test_known_models_are_in_the_table() -> None:
    """Input dearer than cached, output dearer than input, for a model of OpenAI's own endpoint."""
    known = await large_rates(LargeModel(model="gpt-5.1"))
    assert known is not None
    assert 0 < known.cached < known.input < known.output


@pytest.mark.parametrize(
    "chosen",
    [
        LargeModel(model="no-such-model"),
        LargeModel(model="gpt-5.1", base_url="https://gateway.example/v1"),
        LargeModel(model="gpt-5.1", base_url="http://127.0.0.1:4000/v1"),
    ],
)
async def test_what_no_table_knows_is_unknown(chosen: LargeModel) -> None:
    """Unknown models, foreign gateways and local ones, which may pass calls on to paid models."""
    assert await large_rates(chosen) is None


async def test_ollama_is_free_but_for_its_cloud_models() -> None:
    """A model that runs here costs nothing; one with `remote_host` costs nobody knows what."""
    models = (Entry("here"), Entry("cloud", remote_host="https://ollama.com"))
    async with serve(always("x"), models) as server:
        here = LargeModel(provider="ollama", model="here", base_url=server.url)
        assert await large_rates(here) == FREE
        assert await large_rates(here.model_copy(update={"model": "cloud"})) is None


async def test_llama_cpp_is_free() -> None:
    """A file on this machine costs nothing."""
    settings = Settings(small=SmallModel(provider="llama_cpp", model="/nowhere.gguf"))
    assert await rates(settings, "small", connect_small(settings, Heard().hooks)) == FREE


def test_the_dearest_rates_are_never_below_what_a_call_costs() -> None:
    """A provider may charge more for a prompt token that it writes into its cache than for a plain one."""
    price = Rates(input=1, cached=0.1, written=1.25, output=10)
    usage = Usage(input_tokens=1000, output_tokens=100)
    assert cost_usd(dearest(price), usage) == cost_usd(price, usage, written_tokens=1000)
    assert cost_usd(dearest(price), usage) == pytest.approx((1000 * 1.25 + 100 * 10) / 1_000_000)


def test_an_unknown_price_is_an_unknown_cost() -> None:
    """Never zero."""
    assert cost_usd(None, Usage(input_tokens=1)) is None
