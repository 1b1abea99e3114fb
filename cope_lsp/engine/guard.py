"""What stands before every model: permission for what leaves the machine, and the meter.

Invariant 3 of the design: nothing ignored, denied or secret reaches a remote, whichever role it plays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread

from cope_lsp.cascade.errors import CallRefused, CopeError
from cope_lsp.code.context import own_path
from cope_lsp.engine.front import Answer, Question
from cope_lsp.engine.hearing import Departure, leaving
from cope_lsp.models.connect import rates
from cope_lsp.models.prices import BILLED_TRIES, FREE, cost_usd, dearest
from cope_lsp.settings import Cloud, Preset
from cope_lsp.storage.consent import Choice, Destination
from cope_lsp.storage.ledger import Call
from cope_lsp.storage.metered import Meter, Metered
from cope_lsp.storage.money import Caps
from cope_lsp.storage.reports import fenced
from cope_lsp.workspace.secret_scan import find_secrets

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Completion, Prompt
    from cope_lsp.code.problem import Request
    from cope_lsp.engine.front import Front
    from cope_lsp.engine.stores import Stores
    from cope_lsp.models.endpoint import Role
    from cope_lsp.models.prices import Rates
    from cope_lsp.models.provider import Connection
    from cope_lsp.settings import Settings


_SENDS = {
    "small": "It sends the function, the code around it and failing tests, at every request.",
    "large": "It sends the function, the code around it and the values of failing cases, and only when the "
    "local model failed.",
}


@dataclass(frozen=True, slots=True)
class Pass:
    """By whose leave one solve may call: settings, lasting decisions, the user at the front end."""

    settings: Settings
    stores: Stores
    front: Front
    request: Request
    keys: tuple[str, ...]
    once: set[Destination] = field(default_factory=set[Destination])
    asking: anyio.Lock = field(default_factory=anyio.Lock)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A model whose calls are permitted and paid for; a free one on this machine passes through."""

    connection: Connection
    role: Role
    leave: Pass

    @property
    def name(self) -> str:
        """The model's own name."""
        return self.connection.name

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer once. Raises: CallRefused before anything is sent; ModelError as the model does."""
        host = await self.connection.destination()
        price = await rates(self.leave.settings, self.role, self.connection)
        if host is None and price == FREE:
            return await self.connection.complete(prompt, temperature=temperature, seed=seed)
        metered = self.metered(price)
        if host is None:
            return await metered.complete(prompt, temperature=temperature, seed=seed)
        await _permit(self, host, prompt, price)
        with leaving(Departure(self.leave.front.job, metered.worst(prompt), self.leave.keys)):
            return await metered.complete(prompt, temperature=temperature, seed=seed)

    async def worst_usd(self, prompt: Prompt) -> float | None:
        """The most that a call with this prompt can cost; None: no price is known. Raises: ModelError."""
        return self.metered(await rates(self.leave.settings, self.role, self.connection)).worst(prompt)

    def metered(self, price: Rates | None) -> Metered:
        """The model behind the meter of this solve."""
        budget = self.leave.settings.budget
        meter = Meter(
            self.leave.stores.ledger,
            Caps(budget.per_request_usd, budget.per_day_usd),
            partial(cost_usd, price),
            BILLED_TRIES,
            None if price is None else partial(cost_usd, dearest(price)),
        )
        return Metered(
            self.connection, meter, Call(self.leave.front.job, self.connection.host, self.name, self.role)
        )


async def _permit(guarded: Guarded, host: str, prompt: Prompt, price: Rates | None) -> None:
    """Return if the prompt may leave for a host. Raises: CallRefused with the reason and the remedy."""
    leave = guarded.leave
    _demand_allowed(leave, host)
    await to_thread.run_sync(_demand_no_secret, leave.request, prompt, host)
    if leave.settings.cloud is Cloud.ALLOW:
        return
    destination = Destination(host, guarded.name, shown_price(price))
    async with leave.asking:
        if destination not in leave.once:
            await _demand_consent(guarded, destination, prompt)


def _demand_allowed(leave: Pass, host: str) -> None:
    if leave.settings.stages is Preset.LOCAL or leave.settings.cloud is Cloud.NEVER:
        raise CallRefused(
            f"Nothing may leave this machine, and {host} is another.",
            fix="`stages` is `local` or `cloud` is `never`; change it in your own settings file.",
        )
    if not leave.request.snapshot.trusted:
        raise CallRefused(
            f"Nothing of an untrusted workspace is sent to {host}.",
            fix="Trust it with `cope-lsp trust PATH`.",
        )


def _demand_no_secret(request: Request, prompt: Prompt, host: str) -> None:
    found = next((hit for each in prompt.messages for hit in find_secrets("prompt", each.content)), None)
    if found is not None:
        # Other files with a secret were never read for the prompt, so it stands in the document itself.
        here = find_secrets(own_path(request), request.document.text)
        raise CallRefused(
            f"Nothing was sent to {host}: {here[0] if here else found.kind} looks like a secret.",
            fix="Move it out of the code, or list the file in .copeignore.",
        )


async def _demand_consent(guarded: Guarded, destination: Destination, prompt: Prompt) -> None:
    leave = guarded.leave
    choice = await leave.stores.decisions.choice(destination)
    if choice is Choice.ALWAYS:
        return
    if choice is Choice.NEVER:
        raise _refused(destination, "You decided that it is never called.")
    answer = await leave.front.ask(_question(guarded, destination, prompt))
    if answer is Answer.ALWAYS:
        await _keep(leave, destination, Choice.ALWAYS)
    if answer is Answer.NEVER:
        await _keep(leave, destination, Choice.NEVER)
    if answer in {Answer.NO, Answer.NEVER}:
        raise _refused(destination, "It was not allowed.")
    leave.once.add(destination)


async def _keep(leave: Pass, destination: Destination, choice: Choice) -> None:
    try:
        await leave.stores.decisions.choose(destination, choice)
    except (OSError, CopeError) as error:
        raise CallRefused(f"The decision could not be kept ({error}), so nothing was sent.") from error


def _refused(destination: Destination, why: str) -> CallRefused:
    return CallRefused(
        f"{destination.model} at {destination.host} was not called. {why}",
        fix="`cope-lsp consent` shows and changes this.",
    )


def shown_price(price: Rates | None) -> str:
    """A price as consent is asked and kept for it; another price is another question."""
    if price is None:
        return "price unknown"
    return f"${price.input:g} in, ${price.output:g} out per million tokens"


def _question(guarded: Guarded, destination: Destination, prompt: Prompt) -> Question:
    text = (
        f"May cope-lsp send code to {destination.model} at {destination.host} ({destination.price})? "
        f"{_SENDS[guarded.role]}"
    )
    return Question(text, _preview(destination, prompt), destination.host, destination.model)


def _preview(destination: Destination, prompt: Prompt) -> str:
    heading = f"# What would be sent to {destination.model} at {destination.host}\n\n"
    return heading + "\n".join(fenced(f"{each.role}:\n\n{each.content}", "text") for each in prompt.messages)
