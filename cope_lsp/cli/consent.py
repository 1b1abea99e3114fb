"""`cope-lsp consent`: which models elsewhere may be sent code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.errors import ModelError
from cope_lsp.cli.status import Status
from cope_lsp.cli.words import visible
from cope_lsp.engine.destinations import destinations
from cope_lsp.engine.stores import stores
from cope_lsp.settings import Cloud, Preset, load
from cope_lsp.storage.consent import Choice

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator

    from cope_lsp.settings import Settings
    from cope_lsp.storage.consent import Decisions, Destination

_SAID = {Choice.ALWAYS: "allowed", Choice.NEVER: "never", None: "you will be asked"}


def define(parser: argparse.ArgumentParser) -> None:
    """Nothing shows the decisions; the options change them for the models that are set."""
    action = parser.add_mutually_exclusive_group()
    action.add_argument(
        "--allow",
        dest="choice",
        action="store_const",
        const=Choice.ALWAYS,
        help="allow those that are set",
    )
    action.add_argument(
        "--never", dest="choice", action="store_const", const=Choice.NEVER, help="never call them, do not ask"
    )
    action.add_argument("--withdraw", metavar="HOST", help="forget what was decided about a host: ask again")


def run(arguments: argparse.Namespace) -> int:
    """Change or show decisions; running servers keep to them from their next call on."""
    settings = load(arguments.set).settings
    decisions = stores(settings).decisions
    if arguments.withdraw:
        count = anyio.run(decisions.withdraw, arguments.withdraw)
        sys.stdout.write(f"{count} decisions about {visible(arguments.withdraw)} are forgotten.\n")
        return Status.DONE
    if arguments.choice is not None:
        anyio.run(_decide, settings, decisions, arguments.choice)
    anyio.run(_show, settings, decisions)
    return Status.DONE


async def _decide(settings: Settings, decisions: Decisions, choice: Choice) -> None:
    for destination in await destinations(settings):
        await decisions.choose(destination, choice)


async def _show(settings: Settings, decisions: Decisions) -> None:
    lines = [line async for line in _lines(settings, decisions)]
    sys.stdout.write("\n".join(visible(line) for line in lines) + "\n")


async def _lines(settings: Settings, decisions: Decisions) -> AsyncIterator[str]:
    kept = dict(await decisions.choices())
    try:
        now = await destinations(settings)
    except ModelError as error:
        yield str(error)
        now = ()
    if not now:
        yield "No model that is set is elsewhere: nothing leaves this machine."
    for destination in now:
        yield f"{_name(destination)}: {_SAID[kept.pop(destination, None)]}"
    for destination, choice in kept.items():
        yield f"{_name(destination)}: {_SAID[choice]} (not set now)"
    if now and settings.cloud is Cloud.ALLOW:
        yield 'Your settings say cloud = "allow": nobody is asked.'
    if now and (settings.cloud is Cloud.NEVER or settings.stages is Preset.LOCAL):
        yield "Your settings keep everything on this machine: none of them is called."


def _name(destination: Destination) -> str:
    return f"{destination.model} at {destination.host} ({destination.price})"
