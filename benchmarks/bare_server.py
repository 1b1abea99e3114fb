"""The peer of `benchmarks.server`: pygls with one code action and nothing else."""

from __future__ import annotations

import logging

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("bare", "1")


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(_: types.DidOpenTextDocumentParams) -> None:
    """Have pygls keep the document."""


@server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
def code_action(_: types.CodeActionParams) -> list[types.CodeAction]:
    """Offer nothing."""
    return []


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    server.start_io()
