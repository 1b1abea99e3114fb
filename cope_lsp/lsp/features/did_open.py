"""`textDocument/didOpen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.registry import for_document
from cope_lsp.lsp.documents import TOO_LARGE

if TYPE_CHECKING:
    from lsprotocol import types

    from cope_lsp.lsp.session import Session


def handle(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    """Take a document up; the child that tries texts is started, so that no code action waits for that."""
    item = params.text_document
    session.documents.open(item)
    if for_document(item.language_id, item.uri) is None:
        return
    if session.documents.is_too_large(item.uri):
        session.leave_alone(item.uri, TOO_LARGE)
    else:
        session.spawn(session.taster.begin())
