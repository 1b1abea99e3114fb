"""An edit reaches the editor, or is known not to have.

Invariant: an edit is never applied over text other than the text it was made for. It is re-anchored at
most once, bound to the document's present version, and counts as applied only when a change comes back
that shows it: editors are known to answer `applied: true` to an edit they dropped. A file that is not open
is compared on disk before, and looked for there after.
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
from cope_lsp.lsp.elsewhere import arrived, opened, standing

if TYPE_CHECKING:
    from cope_lsp.code.problem import Edit
    from cope_lsp.lsp.elsewhere import Standing
    from cope_lsp.lsp.session import Session

log = logging.getLogger(__name__)

ANSWER_S = 180.0
"""Seconds that an editor has to answer `workspace/applyEdit`; some ask their user first."""

ECHO_S = 2.0
"""Seconds that an editor has to report the change after its answer."""

LATE_ECHO_S = 180.0
"""Seconds for the first change from an editor that has reported none since.

Emacs' eglot reports when its user next presses a key, if it asked a question before.
"""


class Delivery(StrEnum):
    """What became of an edit; the values complete the sentence "the edit …"."""

    APPLIED = "was applied"
    CLOSED = "was not applied: the file was closed"
    STALE = "was not applied: the code it was made for has changed"
    REFUSED = "was refused by the editor"
    UNSEEN = "is not in the file, although the editor said that it was applied"
    UNABLE = "cannot be applied: the editor does not take edits from servers"
    UNABLE_TO_CREATE = "cannot be applied: the editor does not create files for servers"


async def inability(session: Session, edit: Edit) -> Delivery | None:
    """Why the editor could not take an edit whatever its user says; None: it can."""
    return _inability(session, await standing(session, edit))


def _inability(session: Session, now: Standing | None) -> Delivery | None:
    if not session.abilities.apply_edit:
        return Delivery.UNABLE
    if now is not None and not now.exists and not session.abilities.create_files:
        return Delivery.UNABLE_TO_CREATE
    return None


async def deliver(session: Session, edit: Edit, made_for: bytes, label: str) -> Delivery:
    """Apply an edit that was made for the text `made_for`, or for another file's that it names itself."""
    for _ in range(2):
        now = await standing(session, edit)
        if (unable := _inability(session, now)) is not None:
            return unable
        if now is None:
            return Delivery.CLOSED if edit.made_for is None else Delivery.STALE
        fitting = fitted(edit, base_of(edit, made_for), now.document.text)
        if fitting is None:
            return Delivery.STALE
        if await _send(session, now, fitting, label):
            return await _echo(session, fitting, now)
    return Delivery.REFUSED


def base_of(edit: Edit, made_for: bytes) -> bytes:
    """The text that an edit was made for: that of its own file, where it is of another than the request's."""
    return made_for if edit.made_for is None else encoded(edit.made_for)


def fitted(edit: Edit, made_for: bytes, now: bytes) -> Edit | None:
    """The edit for the text as it is now; None where its old text no longer stands or is not unique."""
    return edit if now == made_for else rebase(edit, made_for, now)


async def _send(session: Session, now: Standing, edit: Edit, label: str) -> bool:
    params = types.ApplyWorkspaceEditParams(_as_sent(session, now, edit), label)
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


def _as_sent(session: Session, now: Standing, edit: Edit) -> types.WorkspaceEdit:
    uri, edits = now.document.uri, convert.text_edits(now.document, edit)
    if not now.exists:
        return convert.creating_edit(uri, edits)
    if not session.abilities.document_changes:
        return convert.unversioned_edit(uri, edits)
    return convert.workspace_edit(uri, edits, now.version)


async def _echo(session: Session, edit: Edit, before: Standing) -> Delivery:
    is_closed = edit.made_for is not None and opened(session, edit) is None
    if is_closed and await arrived(session, edit, encoded(edit.new_text), ECHO_S):
        return Delivery.APPLIED
    document = opened(session, edit)
    if document is None:
        return Delivery.UNSEEN
    version = document.version if before.version is None else before.version
    return Delivery.APPLIED if await _is_shown(session, edit, version) else Delivery.UNSEEN


async def _is_shown(session: Session, edit: Edit, version: int) -> bool:
    """Whether an open document comes to show an edit after `version`."""
    wanted = encoded(edit.new_text)
    inserted = [encoded(hunk.new) for hunk in edit.hunks if hunk.new.strip()]

    def shows() -> bool:
        # The user may have typed elsewhere meanwhile: then the new pieces must stand there at least.
        document = opened(session, edit)
        if document is None:
            return False
        text = document.text
        return text == wanted or (bool(inserted) and all(piece in text for piece in inserted))

    def stirs() -> bool:
        document = opened(session, edit)
        return document is None or document.version != version

    until = session.documents.until
    return await until(shows, ECHO_S) or (await until(stirs, LATE_ECHO_S) and await until(shows, ECHO_S))
