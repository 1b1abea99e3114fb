"""`workspace/didChangeConfiguration`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import configuration

if TYPE_CHECKING:
    from lsprotocol import types

    from cope_lsp.lsp.session import Session


async def handle(session: Session, params: types.DidChangeConfigurationParams) -> None:
    """Take the new settings up: asked for where the client answers, else as they came along."""
    if not session.abilities.configuration:
        configuration.take_pushed(session, params.settings)
    await configuration.refresh(session)
