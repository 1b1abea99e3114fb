"""The course of a job: from what was asked to its one ending."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from cope_lsp.cascade.errors import CopeError
from cope_lsp.engine.front import Ending as SolveEnding
from cope_lsp.engine.front import Front, Reach
from cope_lsp.engine.solving import confirm, solve
from cope_lsp.lsp import consent, inquiry, records
from cope_lsp.lsp.conclusion import conclude
from cope_lsp.lsp.delivery import fitted
from cope_lsp.lsp.documents import encoded
from cope_lsp.lsp.freshness import is_outdated
from cope_lsp.lsp.jobs import Ending, Outcome
from cope_lsp.lsp.questions import choose
from cope_lsp.lsp.requests import find_place, request_at
from cope_lsp.lsp.shelf import Waiting
from cope_lsp.lsp.trust import settle_settings, settle_trust

if TYPE_CHECKING:
    from cope_lsp.code.problem import Request
    from cope_lsp.engine.build import Engine
    from cope_lsp.engine.front import Solved
    from cope_lsp.lsp import protocol
    from cope_lsp.lsp.announcer import Announcer
    from cope_lsp.lsp.jobs import Job
    from cope_lsp.lsp.session import Session


async def pursue(session: Session, ask: protocol.RunArguments, voice: Announcer, job: Job) -> Outcome:
    """Do what was asked, and say how it ended."""
    place = await find_place(session, ask)
    if isinstance(place, str):
        return Outcome(Ending.FAILED, place)
    session.shelf.drop(job.target)
    folder = session.folders.of(place.document.path)
    trusted = await settle_trust(session, job, folder, place.root)
    settings = session.folders.settings(folder)
    if trusted and place.root is not None:
        settings = await settle_settings(session, job, folder, place.root)
    place = await find_place(session, ask)  # once more: the user may have typed before answering
    if isinstance(place, str):
        return Outcome(Ending.FAILED, place)
    request = request_at(session, place, ask, trusted=trusted)
    front = Front(
        observe=partial(voice.observe, job),
        ask=partial(consent.ask, session, job),
        enough=job.until_enough,
        pull=partial(_pull, session),
        consult=partial(inquiry.ask, session, job),
        job=job.id,
    )
    async with session.engines.borrow(settings) as engine:
        judged_at = time.time()
        solved = await solve(engine, request, Reach(ask.get("reach", "cascade")), front)
        if solved.ending is SolveEnding.ACCEPTED and is_outdated(session, request, solved, judged_at):
            judged_at = time.time()
            request, solved = await _confirmed(_Judged(session, ask, engine), request, solved)
    report = await records.keep(job.id, solved.report) if solved.report else None
    waiting = Waiting(job.id, job.target, ask, request, solved, judged_at, report)
    outcome = await conclude(session, waiting)
    await records.note_delivery(job.id, outcome.ending)
    return _told(outcome, waiting, job)


async def _pull(session: Session, model: str) -> bool:
    """Whether the user wants the missing local model fetched."""
    text = f"The model {model} is not on this machine yet. Fetch it now? It is stored by Ollama."
    return await choose(session.client, text, ("Fetch it", "Not now")) == "Fetch it"


@dataclass(frozen=True, slots=True)
class _Judged:
    session: Session
    ask: protocol.RunArguments
    engine: Engine


async def _confirmed(judged: _Judged, request: Request, solved: Solved) -> tuple[Request, Solved]:
    """The solution judged once more on the project as it is now.

    Unchanged where it no longer fits, which delivery then says.
    """
    ask = judged.ask.copy()
    ask.pop("hash", None)
    place = await find_place(judged.session, ask)
    if isinstance(place, str) or solved.edit is None:
        return request, solved
    is_elsewhere = solved.edit.made_for is not None
    edit = (
        solved.edit
        if is_elsewhere
        else fitted(solved.edit, encoded(request.document.text), place.document.text)
    )
    if edit is None:
        return request, solved
    newer = request_at(judged.session, place, ask, trusted=request.snapshot.trusted)
    try:
        return newer, await confirm(judged.engine, replace(solved, edit=edit), newer)
    except (CopeError, OSError) as error:
        message = (
            f"{request.target.name}: the project changed meanwhile and could not be judged again: {error}"
        )
        return newer, replace(solved, ending=SolveEnding.UNVERIFIED, message=message, edit=edit)


def _told(outcome: Outcome, waiting: Waiting, job: Job) -> Outcome:
    solved = waiting.solved
    return replace(
        outcome,
        message=" ".join([outcome.message, *job.notes]),
        stage=solved.stage,
        confidence=solved.confidence,
        usage=solved.usage,
        report=str(waiting.report or ""),
    )
