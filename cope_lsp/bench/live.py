"""Replies from models that are there: few calls in flight, broken ones made again, none past the budget."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio

from cope_lsp.bench.records import record_of
from cope_lsp.bench.spending import billed_usd, highest_usd
from cope_lsp.cascade.errors import (
    CallRefused,
    CopeError,
    EmptyReply,
    ModelError,
    ModelRejected,
    ModelUnavailable,
)
from cope_lsp.cascade.problem import Completion, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from cope_lsp.bench.records import Call, Record
    from cope_lsp.bench.spending import Budget
    from cope_lsp.bench.tariffs import Price
    from cope_lsp.cascade.ports import Model
    from cope_lsp.cascade.problem import Prompt

TRIES = 3
"""Calls for one reply."""

REFUSALS = 3
"""Refused calls in a row that end the run: one may be due to its prompt, so many are not."""

_FREE_OF_CHARGE = (CallRefused, ModelUnavailable, ModelRejected)


class ModelLost(CopeError):  # noqa: N818 -- a state: the run ends here, whole
    """A model gives no replies any more; going on would count its silence as wrong answers."""

    def __init__(self, model: str, error: ModelError) -> None:
        super().__init__(
            f"{model} gives no replies any more. {error}",
            fix="All answers are kept: once the model answers, the same command goes on from here.",
        )


@dataclass(frozen=True, slots=True)
class Paid:
    """What calls of a model cost at most, and what pays for them."""

    price: Price
    budget: Budget


@dataclass(slots=True)
class LiveSource:
    """A model that is asked; a `players.Source`.

    `provider` bounds the calls in flight of all models behind one server. `paid` is None where calls are
    free. `told` hears of every reply. `pause_s` passes before a call is made again, each time longer.
    """

    model: Model
    provider: anyio.CapacityLimiter
    told: Callable[[Record], None]
    paid: Paid | None = None
    pause_s: float = 2.0
    _refusals: int = field(default=0, init=False)

    async def answer(self, call: Call, prompt: Prompt, task: str) -> Completion | None:
        """The reply; None where the model refuses this one prompt. Raises: ModelLost, BudgetSpent."""
        try:
            async with self.provider:
                said = await self._patiently(call, prompt)
        except (CallRefused, ModelRejected) as error:
            self._refusals += 1
            if self._refusals >= REFUSALS:
                raise ModelLost(call.model, error) from error
            return None
        self._refusals = 0
        self.told(record_of(call, task, said))
        return said

    async def _patiently(self, call: Call, prompt: Prompt) -> Completion:
        for left in reversed(range(TRIES)):
            try:
                return await self._once(call, prompt)
            except (CallRefused, ModelRejected):
                raise
            except ModelError as error:
                if not left:
                    raise ModelLost(call.model, error) from error
            await anyio.sleep(self.pause_s * (TRIES - left))
        raise AssertionError("the last try returns or raises")

    async def _once(self, call: Call, prompt: Prompt) -> Completion:
        """One call; an empty reply is a draw like any other, and its tokens are not known."""
        began = time.monotonic()
        with _paying(self.paid, prompt) as bill:
            try:
                said = await self.model.complete(prompt, temperature=call.temperature, seed=call.seed)
            except EmptyReply:
                cost = 0.0 if self.paid is None else None
                used = Usage(seconds=time.monotonic() - began, cost_usd=cost, calls=1)
                return Completion("", call.model, used)
            bill.append(said)
            return said


@contextmanager
def _paying(paid: Paid | None, prompt: Prompt) -> Generator[list[Completion]]:
    """Pay for the completion that the block adds; all that was reserved where it adds none.

    A call that was cancelled or cut may be billed; what the provider turned away is not.
    """
    bill: list[Completion] = []
    if paid is None:
        yield bill
        return
    highest = highest_usd(paid.price, prompt)
    paid.budget.reserve(highest)
    spent = highest
    try:
        yield bill
        told = billed_usd(paid.price, bill[0]) if bill else None
        spent = highest if told is None else told
    except _FREE_OF_CHARGE:
        spent = 0.0
        raise
    finally:
        paid.budget.settle(highest, spent)
