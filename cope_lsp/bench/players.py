"""Models in the bench: a call is looked up, and made where it is not there and may be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import anyio

from cope_lsp.bench.records import NUMBERS_A_SEED, Call, prompt_key, record_of
from cope_lsp.bench.tariffs import AS_RECORDED, priced
from cope_lsp.cascade.errors import CopeError

if TYPE_CHECKING:
    from cope_lsp.bench.records import Record, Records
    from cope_lsp.bench.tariffs import Tariff
    from cope_lsp.cascade.problem import Completion, Prompt


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request that nothing has answered."""

    call: Call
    prompt: Prompt
    task: str


class Unanswered(CopeError):  # noqa: N818 -- a state: the attempt waits for answers
    """A call that is not recorded and may not be made; the attempt ends here, never with a substitute."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(
            f"{wanted.call.model} has not answered this request yet.",
            fix="Send the batch file, and fold its answers in with --answers.",
        )
        self.wanted = wanted


class Source(Protocol):
    """Where replies come from that are not recorded yet."""

    async def answer(self, call: Call, prompt: Prompt, task: str) -> Completion | None:
        """Make a call; None: it may not be made. Raises: ModelError, and what ends the whole run."""
        ...


@dataclass(slots=True)
class Player:
    """One model in one attempt at one task; a `cascade.ports.Model`.

    `made` holds the completions that it gave, in order, by its tariff; `wanted` what it could not.
    """

    name: str
    records: Records
    source: Source | None
    task: str
    seed: int = 0
    tariff: Tariff = AS_RECORDED
    made: list[Completion] = field(default_factory=list["Completion"])
    wanted: list[Wanted] = field(default_factory=list[Wanted])
    _counts: Counter[tuple[str, float]] = field(default_factory=Counter[tuple[str, float]])
    _turn: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(1))

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:  # noqa: ARG002 -- a record's own seed is what makes it the same for all
        """The recorded reply. Raises: Unanswered, ModelError."""
        key = prompt_key(prompt)
        number = self.seed * NUMBERS_A_SEED + self._counts[key, temperature]
        self._counts[key, temperature] += 1
        call = Call(self.name, key, temperature, number)
        record = self.records.get(call) or await self._ask(call, prompt)
        if record is None:
            wanted = Wanted(call, prompt, self.task)
            self.wanted.append(wanted)
            async with self._turn:  # behind the draws of the stage that wait for theirs: all are named
                raise Unanswered(wanted)
        completion = priced(record.completion, self.tariff)
        self.made.append(completion)
        return completion

    async def _ask(self, call: Call, prompt: Prompt) -> Record | None:
        """One call of a task at a time and in order: its server then finds the prompt's beginning again."""
        if self.source is None:
            return None
        async with self._turn:
            said = await self.source.answer(call, prompt, self.task)
        if said is None:
            return None
        record = record_of(call, self.task, said)
        self.records.keep(record)
        return record
