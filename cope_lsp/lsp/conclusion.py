"""How a solved request ends: applied, proposed, rejected, or shown as unverified.

Rules (security part 3): an edit is applied unasked only if its tests passed in a sandbox, it can do
nothing that the old code could not, and the user chose that; a client with previews is always asked by
its preview. Messages say first where the result is: some editors show no more than fits on one line.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cope_lsp.engine.front import Ending as SolveEnding
from cope_lsp.engine.markdown import harmless
from cope_lsp.lsp import convert, protocol, records
from cope_lsp.lsp.answer_kept import answer_alone
from cope_lsp.lsp.arguments import shaped
from cope_lsp.lsp.boundary import BadArgumentsError
from cope_lsp.lsp.delivery import Delivery, base_of, deliver, fitted, inability
from cope_lsp.lsp.documents import encoded
from cope_lsp.lsp.elsewhere import standing
from cope_lsp.lsp.freshness import is_outdated
from cope_lsp.lsp.jobs import Ending, Outcome
from cope_lsp.lsp.questions import choose
from cope_lsp.settings import Sandbox

if TYPE_CHECKING:
    from cope_lsp.code.problem import Edit
    from cope_lsp.lsp.session import Session
    from cope_lsp.lsp.shelf import Waiting

log = logging.getLogger(__name__)

_APPLY = "Apply"
_APPLY_WITH_ANSWER = "Apply, with my answer as an example"
_APPLY_ALL = "Apply, and verified edits from now on"
_DISCARD = "Discard"


async def conclude(session: Session, waiting: Waiting) -> Outcome:
    """End a job whose solve has ended."""
    solved = waiting.solved
    if solved.ask_large_usd is not None or solved.edit is not None:
        session.shelf.put(waiting)
    if solved.text:
        return await _show(session, waiting)
    if solved.edit is None:
        return Outcome(Ending.FAILED, _with_report(waiting))
    if session.abilities.preview_edits:
        return await _propose(session, waiting, solved.edit)
    if not waiting.is_verified:
        return Outcome(Ending.UNVERIFIED, _with_report(waiting))
    return await _decide(session, waiting, solved.edit)


async def apply_waiting(session: Session, waiting: Waiting) -> Outcome:
    """Apply what waits, because the user asked for it."""
    edit = waiting.solved.edit
    if edit is None:
        return Outcome(Ending.FAILED, f"{waiting.target.qualname}: there is nothing to apply.")
    outcome = await _apply(session, waiting, edit)
    await records.note_delivery(waiting.job, outcome.ending)
    return outcome


async def _decide(session: Session, waiting: Waiting, edit: Edit) -> Outcome:
    """Apply a verified edit, unless the editor cannot, something speaks against it, or the user does."""
    if (unable := await inability(session, edit)) is not None:
        return _undeliverable(waiting, unable)
    if reason := _held_back(session, waiting, edit):
        return _offered(waiting, reason)
    return await _ask_and_apply(session, waiting, edit)


async def _show(session: Session, waiting: Waiting) -> Outcome:
    """Show an explanation as a page; where the editor opens none, the message says where it is."""
    request, solved = waiting.request, waiting.solved
    shown = harmless(solved.text, request.language.id)
    title = f"# {waiting.target.qualname.replace('`', '')}, explained"
    footer = f"*{harmless(solved.message, '')}*"
    page = await records.keep_aside(waiting.job, f"{title}\n\n{shown}\n\n---\n\n{footer}\n")
    if page is None:
        return Outcome(Ending.FAILED, f"{solved.message} · it could not be kept; {_with_report(waiting)}")
    if await records.opened(session, page):
        return Outcome(Ending.SHOWN, solved.message, page=str(page))
    said, dot, evidence = solved.message.partition(" · ")
    return Outcome(Ending.SHOWN, f"{said} · {page}{dot}{evidence}", page=str(page))


async def _apply(session: Session, waiting: Waiting, edit: Edit) -> Outcome:
    message = _applied(session, waiting)
    made_for = encoded(waiting.request.document.text)
    delivery = await deliver(session, edit, made_for, f"Cope: {waiting.target.qualname}")
    if delivery is Delivery.APPLIED:
        session.shelf.drop(waiting.target)
        if (kept := answer_alone(waiting)) is not None:
            session.shelf.put(kept)
        return Outcome(Ending.APPLIED, message)
    if delivery in {Delivery.UNABLE, Delivery.UNABLE_TO_CREATE}:
        return _undeliverable(waiting, delivery)
    return _offered(waiting, f"it {delivery.value}")


def _applied(session: Session, waiting: Waiting) -> str:
    if not waiting.is_verified:
        return f"{waiting.target.qualname}: the unverified candidate was applied, as you asked."
    if is_outdated(session, waiting.request, waiting.solved, waiting.judged_at):
        return f"{waiting.solved.message} · judged before the project changed"
    return waiting.solved.message


async def _ask_and_apply(session: Session, waiting: Waiting, edit: Edit) -> Outcome:
    folder = session.folders.of(waiting.request.document.path)
    if session.folders.settings(folder).auto_apply or folder.apply_all:
        return await _apply(session, waiting, edit)
    kept = waiting.with_answer
    choices = (_APPLY, *((_APPLY_WITH_ANSWER,) if kept is not None else ()), _APPLY_ALL, _DISCARD)
    picked = await choose(session.client, f"{waiting.solved.message}. Apply it?", choices)
    if picked == _DISCARD:
        session.shelf.drop(waiting.target)
        return Outcome(Ending.REJECTED, f"{waiting.target.qualname}: discarded.")
    if picked is None:
        return _offered(
            waiting, "you were not asked, or did not answer; `auto_apply = true` applies such edits"
        )
    folder.apply_all = folder.apply_all or picked == _APPLY_ALL
    if picked == _APPLY_WITH_ANSWER and kept is not None and kept.solved.edit is not None:
        return await _apply(session, kept, kept.solved.edit)
    return await _apply(session, waiting, edit)


def _held_back(session: Session, waiting: Waiting, edit: Edit) -> str:
    """Why a verified edit may not be applied without being picked; empty: nothing speaks against it."""
    if edit.flags:
        return f"the new code can do what the old could not ({', '.join(edit.flags)})"
    folder = session.folders.of(waiting.request.document.path)
    if session.folders.settings(folder).sandbox is Sandbox.OFF:
        return "the sandbox is off"
    return ""


def _offered(waiting: Waiting, reason: str) -> Outcome:
    place = f"waits as a code action at {waiting.target.qualname}"
    return Outcome(_held(waiting), f"{waiting.solved.message} · {place}: {reason}.")


def _undeliverable(waiting: Waiting, delivery: Delivery) -> Outcome:
    return Outcome(_held(waiting), f"{_with_report(waiting)} · it {delivery.value}.")


def _held(waiting: Waiting) -> Ending:
    return Ending.PROPOSED if waiting.is_verified else Ending.UNVERIFIED


def _with_report(waiting: Waiting) -> str:
    message = waiting.solved.message
    return f"{message} · report: {waiting.report}" if waiting.report is not None else message


async def _propose(session: Session, waiting: Waiting, edit: Edit) -> Outcome:
    answer = await _answer(session, waiting, edit)
    if answer == "accept":
        return await _apply(session, waiting, edit)
    if answer == "reject":
        session.shelf.drop(waiting.target)
        return Outcome(Ending.REJECTED, f"{waiting.target.qualname}: discarded.")
    return _offered(waiting, "the editor did not answer the proposal")


async def _answer(session: Session, waiting: Waiting, edit: Edit) -> str | None:
    proposal = await _proposal(session, waiting, edit)
    if proposal is None:
        return None
    endpoint = session.client.protocol
    identifier = f"proposal-{waiting.job}"
    try:
        raw = await endpoint.send_request_async(protocol.PROPOSAL, proposal, msg_id=identifier)
        return shaped(cast("object", raw), protocol.ProposalAnswer)["answer"]
    except asyncio.CancelledError:
        session.client.cancel_request(types.CancelParams(identifier))
        raise
    except (JsonRpcException, BadArgumentsError) as error:
        log.info("A proposal had no answer: %s", error)
        return None


async def _proposal(session: Session, waiting: Waiting, edit: Edit) -> protocol.Proposal | None:
    now = await standing(session, edit)
    made_for = base_of(edit, encoded(waiting.request.document.text))
    fitting = fitted(edit, made_for, now.document.text) if now is not None else None
    if now is None or fitting is None:
        return None
    document = now.document
    proposal: protocol.Proposal = {
        "job": waiting.job,
        "uri": document.uri,
        "version": now.version,
        "qualname": waiting.target.qualname,
        "edits": convert.plain_edits(convert.text_edits(document, fitting)),
        "newText": fitting.new_text,
        "verified": waiting.solved.ending is SolveEnding.ACCEPTED,
        "message": waiting.solved.message,
        "confidence": waiting.solved.confidence,
        "flags": list(edit.flags),
    }
    if waiting.report is not None:
        proposal["report"] = str(waiting.report)
    return proposal
