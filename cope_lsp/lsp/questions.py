"""Questions to the user. An error, a client that cannot ask, and silence all mean no."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

PATIENCE_S = 180.0
"""Seconds after which a question counts as answered by no."""


async def choose(client: LanguageServer, text: str, choices: Sequence[str]) -> str | None:
    """The title the user picked; None for no answer of any kind. Cancelling withdraws the question."""
    actions = [types.MessageActionItem(choice) for choice in choices]
    params = types.ShowMessageRequestParams(types.MessageType.Info, text, actions)
    answer = await request(client, types.WINDOW_SHOW_MESSAGE_REQUEST, params)
    picked = cast("types.MessageActionItem | None", answer)
    return picked.title if picked is not None and picked.title in choices else None


async def request(client: LanguageServer, method: str, params: object) -> Any:  # noqa: ANN401 -- each has its own
    """The client's answer; None for an error and for silence. Cancelling tells the client so."""
    identifier = f"question-{secrets.token_hex(4)}"
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await client.protocol.send_request_async(method, params, msg_id=identifier)
    except asyncio.CancelledError:
        client.cancel_request(types.CancelParams(identifier))
        raise
    except (JsonRpcException, TimeoutError) as error:
        log.info("A question had no answer: %s", error)
        return None
