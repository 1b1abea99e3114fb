"""Starts jobs, each with its voice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cope_lsp.lsp.announcer import Announcer
from cope_lsp.lsp.requests import target_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from cope_lsp.lsp import protocol
    from cope_lsp.lsp.jobs import Job, Outcome
    from cope_lsp.lsp.session import Session
    from cope_lsp.lsp.shelf import Waiting

    Ended: TypeAlias = Callable[[Announcer, Job, Outcome], None]


def start(session: Session, ask: protocol.RunArguments, ended: Ended) -> Job:
    """Start a job for what is asked; `ended` (spoken or unspoken) closes it towards the client."""
    voice = Announcer(session.client, session.abilities)

    async def work(job: Job) -> Outcome:
        from cope_lsp.lsp.course import pursue  # noqa: PLC0415 -- an idle server carries no engine

        return await pursue(session, ask, voice, job)

    job = session.jobs.start(target_key(ask), work, partial(ended, voice))
    voice.begin(job)
    return job


def start_applying(session: Session, waiting: Waiting) -> None:
    """Start a job that applies what waits."""
    voice = Announcer(session.client, session.abilities)

    async def work(_: Job) -> Outcome:
        from cope_lsp.lsp.conclusion import apply_waiting  # noqa: PLC0415 -- as above

        return await apply_waiting(session, waiting)

    session.jobs.start(waiting.target, work, partial(spoken, voice))


def spoken(voice: Announcer, job: Job, outcome: Outcome) -> None:
    """End with a message to the user."""
    voice.end(job, outcome)
    voice.say(outcome)


def unspoken(voice: Announcer, job: Job, outcome: Outcome) -> None:
    """End without one: the client awaits the outcome and has its message."""
    voice.end(job, outcome)
