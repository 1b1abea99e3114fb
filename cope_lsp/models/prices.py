"""What calls cost, by `large.price` or the table of `genai-prices` (data: it needs no network)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import anyio.to_thread

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Usage
    from cope_lsp.models.endpoint import Endpoint
    from cope_lsp.settings import Price

BILLED_TRIES = 1
"""Most tries of one call that may be billed: only tries that a server refused before working are repeated."""

_MILLION = 1_000_000
_SAMPLE_TOKENS = 1000  # small enough for the first tier of tiered prices, which is where our prompts are


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per million tokens; `written`: prompt tokens that the provider puts into its cache."""

    input: float
    cached: float
    written: float
    output: float


FREE = Rates(0, 0, 0, 0)


async def rates_of(endpoint: Endpoint, *, remote: bool) -> Rates | None:
    """The rates of a model; None: unknown. A model that we run or find on this machine is free."""
    if endpoint.price is not None:
        return _from_settings(endpoint.price)
    # A large model at a loopback address may be a gateway to a paid one: only `large.price` knows.
    if not remote and (endpoint.provider == "ollama" or endpoint.role == "small"):
        return FREE
    if endpoint.provider != "openai":
        return None
    return await anyio.to_thread.run_sync(_from_table, endpoint.url, endpoint.model)


def dearest(rates: Rates) -> Rates:
    """The same prices with every prompt token at its dearest, for what is reserved before a call."""
    most = max(rates.input, rates.cached, rates.written)
    return Rates(most, most, most, rates.output)


def cost_usd(rates: Rates | None, usage: Usage, *, written_tokens: int = 0) -> float | None:
    """What a call cost; cached and newly written tokens are parts of the input, not more of it."""
    if rates is None:
        return None
    plain = max(0, usage.input_tokens - usage.cached_tokens - written_tokens)
    return (
        plain * rates.input
        + usage.cached_tokens * rates.cached
        + written_tokens * rates.written
        + usage.output_tokens * rates.output
    ) / _MILLION


def _from_settings(price: Price) -> Rates:
    cached = price.input if price.cached is None else price.cached
    return Rates(price.input, cached, price.input, price.output)


@cache
def _from_table(url: str, model: str) -> Rates | None:
    import genai_prices  # noqa: PLC0415 -- half a second, and only for paid models

    def per_million(**tokens: int) -> float:
        price = genai_prices.calc_price(genai_prices.Usage(**tokens), model, provider_api_url=url)
        return float(price.total_price) * _MILLION / _SAMPLE_TOKENS

    try:
        return Rates(
            input=per_million(input_tokens=_SAMPLE_TOKENS),
            cached=per_million(input_tokens=_SAMPLE_TOKENS, cache_read_tokens=_SAMPLE_TOKENS),
            written=per_million(input_tokens=_SAMPLE_TOKENS, cache_write_tokens=_SAMPLE_TOKENS),
            output=per_million(output_tokens=_SAMPLE_TOKENS),
        )
    except LookupError:
        return None
