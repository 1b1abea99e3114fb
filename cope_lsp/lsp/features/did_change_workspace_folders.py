"""`workspace/didChangeWorkspaceFolders`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import configuration

if TYPE_CHECKING:
    from lsprotocol import types

    from cope_lsp.lsp.session import Session


async def handle(session: Session, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Take folders up and let folders go."""
    for folder in params.event.removed:
        session.folders.remove(folder.uri)
    for folder in params.event.added:
        session.folders.add(folder.uri)
    await configuration.refresh(session)
