"""`textDocument/didClose`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lsprotocol import types

    from cope_lsp.lsp.session import Session


def handle(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    """Let a document go, with what waited in it."""
    session.documents.close(params.text_document.uri)
    session.shelf.drop_document(params.text_document.uri)
