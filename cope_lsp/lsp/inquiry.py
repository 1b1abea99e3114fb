"""The one question of a solve: what must this call give? The values on offer are what candidates give."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import NEITHER
from cope_lsp.lsp import protocol
from cope_lsp.lsp.arguments import shaped
from cope_lsp.lsp.boundary import BadArgumentsError
from cope_lsp.lsp.questions import choose, request

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Inquiry
    from cope_lsp.lsp.jobs import Job
    from cope_lsp.lsp.session import Session

log = logging.getLogger(__name__)

_NEITHER = "Neither, go on"


async def ask(session: Session, job: Job, inquiry: Inquiry) -> str | None:
    """The user's answer; None where they dismiss it, cannot be asked, or say nothing."""
    text = (
        f"{job.target.qualname}: candidates differ on one call. What must {inquiry.call} give? "
        "Dismiss this to go on without an answer."
    )
    if session.abilities.questions:
        return await _asked_of_a_rich_client(session, job, inquiry, text)
    picked = await choose(session.client, text, (*inquiry.answers, _NEITHER))
    return NEITHER if picked == _NEITHER else picked


async def _asked_of_a_rich_client(session: Session, job: Job, inquiry: Inquiry, text: str) -> str | None:
    question: protocol.Question = {
        "job": job.id,
        "uri": job.target.uri,
        "qualname": job.target.qualname,
        "call": inquiry.call,
        "answers": list(inquiry.answers),
        "message": text,
    }
    raw = await request(session.client, protocol.QUESTION, question)
    try:
        return shaped(raw, protocol.QuestionAnswer).get("answer")
    except BadArgumentsError as error:
        log.info("A question had no answer: %s", error)
        return None
