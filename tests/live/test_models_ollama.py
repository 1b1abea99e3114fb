"""A real Ollama server with a real model, over its native protocol and over `/v1`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import psutil
import pytest

from cope_lsp.cascade.errors import ModelMissing
from cope_lsp.cascade.problem import Message, Prompt
from cope_lsp.models.connect import connect_large, connect_small, rates
from cope_lsp.models.prices import FREE
from cope_lsp.settings import LargeModel, Price, Settings, SmallModel
from tests.support.cpu import rests_within, works_within
from tests.support.model_clients import Heard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from cope_lsp.models.provider import Connection

pytestmark = pytest.mark.live

PROMPT = Prompt((Message("user", "Count from 1 to 5, digits only."),), max_tokens=24)
LONG = Prompt((Message("user", "Write a very long story about a river."),), max_tokens=1500)


def settings_for(url: str, model: str) -> Settings:
    """The server's model as the small one natively, and as the large one through `/v1`."""
    return Settings(
        small=SmallModel(model=model, base_url=url, context=2048),
        large=LargeModel(model=model, base_url=f"{url}/v1", price=Price(input=1, output=2)),
    )


def runners() -> list[psutil.Process]:
    """The processes of the Ollama server, which runs each model in one of its own."""
    return [child for child in psutil.Process().children(recursive=True) if "ollama" in child.name()]


@pytest.fixture
async def small(ollama_server: str, ollama_model: str) -> AsyncGenerator[Connection]:
    """The native connection."""
    connection = connect_small(settings_for(ollama_server, ollama_model), Heard().hooks)
    yield connection
    await connection.close()


async def test_a_real_model_answers_with_counts_and_logprobs(small: Connection) -> None:
    """Text, tokens and a mean log-probability below zero; the output limit holds and is said."""
    completion = await small.complete(PROMPT, temperature=0.0, seed=1)
    assert completion.text.strip()
    assert completion.usage.input_tokens > 10
    assert 0 < completion.usage.output_tokens <= PROMPT.max_tokens
    assert completion.usage.cost_usd == 0.0
    assert completion.logprob is not None
    assert completion.logprob < 0
    cut = await small.complete(replace(PROMPT, max_tokens=2), temperature=0.0, seed=1)
    assert cut.truncated
    assert cut.usage.output_tokens == 2


async def test_the_same_seed_gives_the_same_reply(small: Connection) -> None:
    """Seed and temperature reach the model."""
    replies = [(await small.complete(PROMPT, temperature=0.9, seed=11)).text for _ in range(2)]
    assert replies[0] == replies[1]


async def test_loading_is_told_once_and_the_model_is_not_reloaded(
    ollama_server: str, ollama_model: str
) -> None:
    """Two calls of one connection load nothing after the first."""
    heard = Heard()
    connection = connect_small(settings_for(ollama_server, ollama_model), heard.hooks)
    for seed in (1, 2):
        await connection.complete(PROMPT, temperature=0.2, seed=seed)
    await connection.close()
    assert [told.detail for told in heard.loading] == ["loading", "ready"]


async def test_a_local_model_is_local_and_free(
    ollama_server: str, ollama_model: str, small: Connection
) -> None:
    """The real `/api/show` has no `remote_host` for it."""
    assert await small.destination() is None
    assert await rates(settings_for(ollama_server, ollama_model), "small", small) == FREE


async def test_cancelling_stops_the_generation(small: Connection) -> None:
    """Long replies keep the server busy; soon after they are cancelled it rests, also those in its queue."""
    await small.complete(PROMPT, temperature=0.2, seed=1)
    async with anyio.create_task_group() as group:
        for seed in range(4):  # more than the server runs side by side
            group.start_soon(lambda seed=seed: small.complete(LONG, temperature=0.8, seed=seed))
        assert await works_within(10, runners)
        group.cancel_scope.cancel()
    assert await rests_within(4, runners)
    assert (await small.complete(PROMPT, temperature=0.2, seed=1)).text.strip()


async def test_a_model_that_the_server_lacks_is_missing(ollama_server: str) -> None:
    """The real 404 leads to the command that helps."""
    connection = connect_small(settings_for(ollama_server, "no-such-model:1b"), Heard().hooks)
    with pytest.raises(ModelMissing, match="ollama pull no-such-model:1b"):
        await connection.complete(PROMPT, temperature=0.2, seed=1)
    await connection.close()


async def test_the_same_server_speaks_openai_with_usage(ollama_server: str, ollama_model: str) -> None:
    """Its `/v1` through the openai SDK: text, usage, cost by the settings' price, log-probabilities."""
    large = connect_large(settings_for(ollama_server, ollama_model), Heard().hooks)
    assert large is not None
    completion = await large.complete(PROMPT, temperature=0.0, seed=1)
    await large.close()
    usage = completion.usage
    assert completion.text.strip()
    assert usage.input_tokens > 10
    assert 0 < usage.output_tokens <= PROMPT.max_tokens
    assert usage.cost_usd == pytest.approx((usage.input_tokens + 2 * usage.output_tokens) / 1_000_000)
    assert completion.logprob is not None
