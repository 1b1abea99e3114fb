"""The question before a call leaves this machine: what is sent, where, at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.engine.front import Answer
from cope_lsp.lsp import records
from cope_lsp.lsp.questions import choose

if TYPE_CHECKING:
    from cope_lsp.engine.front import Question
    from cope_lsp.lsp.jobs import Job
    from cope_lsp.lsp.session import Session

_ANSWERS = {"This once": Answer.ONCE, "Always": Answer.ALWAYS, "Never": Answer.NEVER}
_PREVIEW = "Show what would be sent"


async def ask(session: Session, job: Job, question: Question) -> Answer:
    """The user's answer; no answer is no, and the job's message then names the command that says yes.

    Editors take the first choice for a stray Enter, so it shows what would be sent and sends nothing.
    """
    picked = await choose(session.client, question.text, (_PREVIEW, *_ANSWERS))
    if picked == _PREVIEW:
        await _preview(session, job, question)
        picked = await choose(session.client, question.text, tuple(_ANSWERS))
    if picked is None:
        job.notes.append(
            f"{question.model} at {question.host} was not asked; allow it with: cope-lsp consent"
        )
        return Answer.NO
    return _ANSWERS[picked]


async def _preview(session: Session, job: Job, question: Question) -> None:
    if (path := await records.keep_aside(f"{job.id}-preview", question.preview)) is not None:
        await records.show(session, path, "What would be sent")
