"""What calls cost and how long they take, from tokens alone: the reader's prices and speeds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Completion, Usage

PER = 1_000_000
"""Tokens that a price is for."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars a million tokens; cached tokens are a part of the input."""

    input: float = 0.0
    cached: float = 0.0
    output: float = 0.0

    def of(self, usage: Usage) -> float:
        """US dollars of a usage."""
        fresh = usage.input_tokens - usage.cached_tokens
        told = fresh * self.input + usage.cached_tokens * self.cached + usage.output_tokens * self.output
        return told / PER


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds before a reply begins; tokens a second of the prompt, and of the reply; one call at a time."""

    first_s: float
    input_per_s: float
    output_per_s: float

    def of(self, usage: Usage) -> float:
        """Seconds of a usage."""
        fresh = usage.input_tokens - usage.cached_tokens
        begun = self.first_s * usage.calls
        return begun + fresh / self.input_per_s + usage.output_tokens / self.output_per_s


@dataclass(frozen=True, slots=True)
class Tariff:
    """A model's price and pace; without them what was recorded counts."""

    price: Price | None = None
    pace: Pace | None = None


AS_RECORDED = Tariff()


def priced(completion: Completion, tariff: Tariff) -> Completion:
    """The completion with what it costs and how long it takes by the tariff."""
    usage = completion.usage
    if tariff.pace is not None:
        usage = replace(usage, seconds=tariff.pace.of(usage))
    if tariff.price is not None:
        usage = replace(usage, cost_usd=tariff.price.of(usage))
    return replace(completion, usage=usage)
