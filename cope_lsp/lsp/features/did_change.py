"""`textDocument/didChange`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.registry import for_document
from cope_lsp.lsp.documents import TOO_LARGE
from cope_lsp.lsp.parsing import parsed

if TYPE_CHECKING:
    from lsprotocol import types

    from cope_lsp.languages.language import Language
    from cope_lsp.lsp.documents import OpenDocument
    from cope_lsp.lsp.session import Session
    from cope_lsp.workspace.tasting import Taster


def handle(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """Follow a document to its next version."""
    session.documents.change(params)
    uri = params.text_document.uri
    if session.documents.is_too_large(uri):
        session.leave_alone(uri, TOO_LARGE)
    document = session.documents.get(uri)
    if document is not None and document.source is not None:
        language = for_document(document.language_id, uri)
        if language is not None:
            session.spawn(_parsed_ahead(document, language, session.taster))


async def _parsed_ahead(document: OpenDocument, language: Language, taster: Taster) -> None:
    # Where actions were asked for before, they will be asked for after this change too.
    await parsed(document, language, taster)
