"""Settings as the client has them: asked for by folder, checked, and their problems told once each."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cope_lsp.lsp.abilities import as_table

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session

log = logging.getLogger(__name__)

SECTION = "cope"
ANSWER_S = 5.0
"""Seconds that a client has to answer `workspace/configuration`."""


async def refresh(session: Session) -> None:
    """Read all settings anew; solves that run keep theirs."""
    if session.abilities.configuration:
        await _pull(session)
    session.folders.reread()
    if problems := session.folders.new_problems():
        text = "Cope settings: " + " ".join(problems)
        session.client.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))
    await session.engines.keep_only(session.folders.every_settings())


def take_pushed(session: Session, settings: object) -> None:
    """Take settings that came with a notification, under their section or bare."""
    table = as_table(settings)
    for folder in session.folders:
        folder.editor = table.get(SECTION, table)


async def _pull(session: Session) -> None:
    folders = list(session.folders)
    items = [types.ConfigurationItem(scope_uri=folder.uri or None, section=SECTION) for folder in folders]
    try:
        async with asyncio.timeout(ANSWER_S):
            answers = await session.client.workspace_configuration_async(types.ConfigurationParams(items))
    except (JsonRpcException, TimeoutError) as error:
        log.warning("The client did not answer workspace/configuration: %s", error)
        return
    for folder, answer in zip(folders, answers, strict=False):
        folder.editor = answer
