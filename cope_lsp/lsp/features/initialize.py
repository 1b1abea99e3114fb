"""`initialize`: who the client is, what it can do, which folders it opened."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from cope_lsp.lsp.abilities import client_options, read_abilities

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session

log = logging.getLogger(__name__)


def handle(session: Session, params: types.InitializeParams) -> None:
    """Note it all; settings are read after the answer, so that the answer is quick."""
    options = client_options(params)
    session.abilities = read_abilities(params)
    session.documents.encoding = types.PositionEncodingKind(session.client.workspace.position_encoding)
    session.folders.initial = options.get("settings")
    session.folders.initially_trusted = session.folders.outside.trusted = options.get("trusted") is True
    roots = [folder.uri for folder in params.workspace_folders or ()]
    for uri in roots or [params.root_uri or ""]:
        session.folders.add(uri)
    session.opened.set()
    log.info("Client: %s", params.client_info)
