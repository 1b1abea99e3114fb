"""Money as the ledger counts it: whole billionths of a dollar, so that sums never drift past a cap."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cope_lsp.cascade.problem import Prompt, Usage

NANO = 1_000_000_000
_TOKENS_PER_MESSAGE = 32
_TOKENS_PER_PROMPT = 64

Tariff: TypeAlias = Callable[[Usage], float | None]
"""US dollars that a usage costs; None where no price is known."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Most that one request and any 24 hours may cost, in US dollars."""

    per_request_usd: float
    per_day_usd: float


def at_least(usd: float) -> int:
    """Billionths of a dollar, never fewer than `usd` is worth: for what is reserved and spent."""
    return math.ceil(round(usd * NANO, 3))


def at_most(usd: float) -> int:
    """Billionths of a dollar, never more than `usd` is worth: for caps."""
    return math.floor(round(usd * NANO, 3))


def worst_usage(prompt: Prompt) -> Usage:
    """The most that one try of a prompt can consume.

    A token is at least one byte of UTF-8 in every byte-level vocabulary; a margin stands for what a
    chat template adds around each message.
    """
    text = sum(len(message.content.encode("utf-8", "surrogatepass")) for message in prompt.messages)
    frame = _TOKENS_PER_PROMPT + _TOKENS_PER_MESSAGE * len(prompt.messages)
    return Usage(input_tokens=text + frame, output_tokens=prompt.max_tokens, calls=1)


def worst_cost(prompt: Prompt, tariff: Tariff, tries: int) -> float | None:
    """The most that a prompt can cost over all `tries`, in US dollars; None where no price is known."""
    once = tariff(worst_usage(prompt))
    return None if once is None else once * tries
