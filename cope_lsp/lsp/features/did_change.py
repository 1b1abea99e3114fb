"""`textDocument/didChange`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lsprotocol import types

    from cope_lsp.lsp.session import Session


def handle(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """Follow a document to its next version."""
    session.documents.change(params)
