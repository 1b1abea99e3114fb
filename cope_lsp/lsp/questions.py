"""Questions to the user. An error, a client that cannot ask, and silence all mean no."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

PATIENCE_S = 180.0
"""Seconds after which a question counts as answered by no."""


async def choose(client: LanguageServer, text: str, choices: Sequence[str]) -> str | None:
    """The title the user picked; None for no answer of any kind."""
    actions = [types.MessageActionItem(choice) for choice in choices]
    params = types.ShowMessageRequestParams(types.MessageType.Info, text, actions)
    try:
        async with asyncio.timeout(PATIENCE_S):
            picked = await client.window_show_message_request_async(params)
    except (JsonRpcException, TimeoutError) as error:
        log.info("A question had no answer: %s", error)
        return None
    return picked.title if picked is not None and picked.title in choices else None
