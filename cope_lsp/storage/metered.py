"""A model whose calls are paid for: reserved before, settled after, refused where a cap could be passed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anyio import CancelScope

from cope_lsp.cascade.errors import CallRefused, ModelRejected, ModelUnavailable
from cope_lsp.cascade.problem import Usage
from cope_lsp.storage.money import worst_cost

if TYPE_CHECKING:
    from cope_lsp.cascade.ports import Model
    from cope_lsp.cascade.problem import Completion, Prompt
    from cope_lsp.storage.ledger import Call, Ledger
    from cope_lsp.storage.money import Caps, Tariff


@dataclass(frozen=True, slots=True)
class Meter:
    """What pays for calls: the ledger, the caps, the price, and how often one call may be billed.

    `worst` is the tariff of what is reserved, where surcharges may make a call dearer; None: the same.
    """

    ledger: Ledger
    caps: Caps
    tariff: Tariff
    tries: int = 1
    worst: Tariff | None = None


@dataclass(frozen=True, slots=True)
class Metered:
    """A model behind a meter; `call` says for whom and where to."""

    model: Model
    meter: Meter
    call: Call

    @property
    def name(self) -> str:
        """The model's own name."""
        return self.model.name

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer once and pay. Raises: CallRefused before anything is sent; ModelError as the model does."""
        worst = self.worst(prompt)
        if worst is None:
            raise CallRefused(
                f"No price is known for {self.call.model} at {self.call.host}, and a budget is set.",
                fix=f"Set `{self.call.stage or 'large'}.price` in US dollars per million tokens, for example "
                '{"input": 2.5, "output": 10}; 0 is allowed.',
            )
        reservation = await self.meter.ledger.reserve(self.call, worst, self.meter.caps)
        bill = _Bill(worst, Usage(calls=1))
        try:
            completion = await self.model.complete(prompt, temperature=temperature, seed=seed)
            bill = _billed(completion, self.meter.tariff, worst)
        except (CallRefused, ModelUnavailable, ModelRejected):
            # The last try never left, reached nobody, or was turned away: providers bill none of these.
            bill = _Bill(worst * (self.meter.tries - 1) / self.meter.tries, Usage(calls=1))
            raise
        finally:
            with CancelScope(shield=True):
                await self.meter.ledger.settle(reservation, bill.cost_usd, bill.usage)
        return replace(completion, usage=replace(completion.usage, cost_usd=bill.cost_usd))

    def worst(self, prompt: Prompt) -> float | None:
        """The most that a call with this prompt can cost, in US dollars; None where no price is known."""
        return worst_cost(prompt, self.meter.worst or self.meter.tariff, self.meter.tries)


@dataclass(frozen=True, slots=True)
class _Bill:
    cost_usd: float
    usage: Usage


def _billed(completion: Completion, tariff: Tariff, worst: float) -> _Bill:
    """The provider's own bill, else the tariff on its token counts, else all that was reserved."""
    usage = completion.usage
    if usage.cost_usd:
        return _Bill(usage.cost_usd, usage)
    cost = tariff(usage) if usage.input_tokens else None
    return _Bill(worst if cost is None else cost, usage)
