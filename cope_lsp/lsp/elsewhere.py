"""Files that an edit is for and that need not be open: how they stand now, and whether it arrived there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import to_thread

from cope_lsp.lsp.documents import MAX_BYTES, closed_document, path_of

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.problem import Edit
    from cope_lsp.lsp.documents import OpenDocument
    from cope_lsp.lsp.session import Session

POLL_S = 0.05
"""Seconds between two looks at a file: nobody tells when an editor has written one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A file as it is now. `version` is None where it is not open; `exists`: it need not be made first."""

    document: OpenDocument
    version: int | None
    exists: bool = True


async def standing(session: Session, edit: Edit) -> Standing | None:
    """How the edit's file stands; None where it is gone or too large, or there and was to be made."""
    document = opened(session, edit)
    if document is not None:
        return Standing(document, document.version)
    path = path_of(edit.uri)
    if edit.made_for is None or path is None:
        return None
    text = await to_thread.run_sync(_text, path)
    if edit.creates:
        created = closed_document(session.documents, edit.uri, b"")
        return Standing(created, None, exists=False) if text is None and not path.is_symlink() else None
    return None if text is None else Standing(closed_document(session.documents, edit.uri, text), None)


def opened(session: Session, edit: Edit) -> OpenDocument | None:
    """The edit's document, if it is open; its editor may spell the URI in another way."""
    document = session.documents.get(edit.uri)
    if document is not None or edit.made_for is None:
        return document
    path = path_of(edit.uri)
    return next((each for each in session.documents if path is not None and each.path == path), None)


async def arrived(session: Session, edit: Edit, wanted: bytes, seconds: float) -> bool:
    """Whether the text comes to stand in the edit's file, on disk or in a document opened for it."""
    path = path_of(edit.uri)
    for _ in range(round(seconds / POLL_S)):
        document = opened(session, edit)
        found = document.text if document is not None else None
        if wanted in (found, await to_thread.run_sync(_text, path) if path is not None else None):
            return True
        await asyncio.sleep(POLL_S)
    return False


def _text(path: Path) -> bytes | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None
