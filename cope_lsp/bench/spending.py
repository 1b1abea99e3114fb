"""Money of a run: reserved at its highest before a call, settled after it, never past the cap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.cascade.errors import CopeError
from cope_lsp.storage.money import worst_usage

if TYPE_CHECKING:
    from cope_lsp.bench.tariffs import Price
    from cope_lsp.cascade.problem import Completion, Prompt


class BudgetSpent(CopeError):  # noqa: N818 -- a state: the run ends here, whole
    """The next call could pass the cap."""


@dataclass(slots=True)
class Budget:
    """What a run may cost in US dollars; `spent_usd` may begin with what an earlier run spent.

    `reserved_usd` is held by calls that are under way.
    """

    limit_usd: float
    spent_usd: float = 0.0
    reserved_usd: float = 0.0

    def reserve(self, usd: float) -> None:
        """Hold back what a call may cost. Raises: BudgetSpent where that could pass the cap."""
        if self.spent_usd + self.reserved_usd + usd > self.limit_usd:
            raise BudgetSpent(
                f"The budget is used up: ${self.spent_usd:.4f} of ${self.limit_usd:.2f} are spent, calls "
                f"under way may cost ${self.reserved_usd:.4f}, and the next one up to ${usd:.4f}.",
                fix="All answers are kept: the same command with a higher budget goes on from here.",
            )
        self.reserved_usd += usd

    def settle(self, reserved: float, spent: float) -> None:
        """Replace what was held back by what the call cost."""
        self.reserved_usd -= reserved
        self.spent_usd += spent


def highest_usd(price: Price, prompt: Prompt) -> float:
    """The most that one call can cost: a token for every byte, none of them cached, the longest reply."""
    return price.of(worst_usage(prompt))


def billed_usd(price: Price, said: Completion) -> float | None:
    """What a call cost: the provider's own bill, else by its tokens; None where it counted none."""
    usage = said.usage
    return usage.cost_usd or (price.of(usage) if usage.input_tokens else None)
