"""An edit reaches the editor, or is known not to have.

Invariant: an edit is never applied over text other than the text it was made for. It is re-anchored at
most once, bound to the document's present version, and counts as applied only when a change comes back
that shows it: editors are known to answer `applied: true` to an edit they dropped.
"""

from __future__ import annotations

import asyncio
import logging
from enum import StrEnum
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cope_lsp.code.edit import rebase
from cope_lsp.lsp import convert
from cope_lsp.lsp.documents import encoded

if TYPE_CHECKING:
    from cope_lsp.code.problem import Edit
    from cope_lsp.lsp.documents import OpenDocument
    from cope_lsp.lsp.session import Session

log = logging.getLogger(__name__)

ANSWER_S = 10.0
"""Seconds that an editor has to answer `workspace/applyEdit`."""

ECHO_S = 2.0
"""Seconds that an editor has to report the change after its answer."""


class Delivery(StrEnum):
    """What became of an edit; the values complete the sentence "the edit …"."""

    APPLIED = "was applied"
    CLOSED = "was not applied: the file was closed"
    STALE = "was not applied: the code it was made for has changed"
    REFUSED = "was refused by the editor"
    UNSEEN = "was not applied, although the editor said so"
    UNABLE = "cannot be applied: the editor does not take edits from servers"


async def deliver(session: Session, edit: Edit, made_for: bytes, label: str) -> Delivery:
    """Apply an edit that was made for the text `made_for`."""
    if not session.abilities.apply_edit:
        return Delivery.UNABLE
    for _ in range(2):
        document = session.documents.get(edit.uri)
        if document is None:
            return Delivery.CLOSED
        fitting = fitted(edit, made_for, document.text)
        if fitting is None:
            return Delivery.STALE
        if await _send(session, document, fitting, label):
            return await _echo(session, fitting)
    return Delivery.REFUSED


def fitted(edit: Edit, made_for: bytes, now: bytes) -> Edit | None:
    """The edit for the text as it is now; None where its old text no longer stands or is not unique."""
    return edit if now == made_for else rebase(edit, made_for, now)


async def _send(session: Session, document: OpenDocument, edit: Edit, label: str) -> bool:
    make = convert.workspace_edit if session.abilities.document_changes else convert.unversioned_edit
    params = types.ApplyWorkspaceEditParams(make(document, convert.text_edits(document, edit)), label)
    try:
        async with asyncio.timeout(ANSWER_S):
            answer = await session.client.workspace_apply_edit_async(params)
    except JsonRpcException as error:
        log.info("The editor failed to apply an edit: %s", error)
        return False
    except TimeoutError:
        return True  # it may have applied the edit all the same: the echo tells
    if not answer.applied:
        log.info("The editor did not apply an edit: %s", answer.failure_reason)
    return answer.applied


async def _echo(session: Session, edit: Edit) -> Delivery:
    wanted = encoded(edit.new_text)
    inserted = [encoded(hunk.new) for hunk in edit.hunks if hunk.new.strip()]

    def shows() -> bool:
        # The user may have typed elsewhere meanwhile: then the new pieces must stand there at least.
        document = session.documents.get(edit.uri)
        if document is None:
            return False
        text = document.text
        return text == wanted or (bool(inserted) and all(piece in text for piece in inserted))

    return Delivery.APPLIED if await session.documents.until(shows, ECHO_S) else Delivery.UNSEEN
