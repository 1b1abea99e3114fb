"""Tells the client how a job goes: progress for every client, `cope/status` for those that know it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cope_lsp.lsp import protocol
from cope_lsp.lsp.jobs import Ending
from cope_lsp.lsp.standing import Standing, advance

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from cope_lsp.cascade.events import Event
    from cope_lsp.lsp.abilities import Abilities
    from cope_lsp.lsp.jobs import Job, Outcome
    from cope_lsp.models.provider import Loading

log = logging.getLogger(__name__)

_LEVELS = {
    Ending.APPLIED: types.MessageType.Info,
    Ending.PROPOSED: types.MessageType.Info,
    Ending.SHOWN: types.MessageType.Info,
    Ending.UNVERIFIED: types.MessageType.Warning,
    Ending.FAILED: types.MessageType.Error,
}


@dataclass(slots=True)
class Announcer:
    """One job's voice. The job's id is its progress token."""

    client: LanguageServer
    abilities: Abilities
    standing: Standing = field(default_factory=Standing)
    _progress: asyncio.Task[bool] | None = None
    _begun: bool = False
    _over: bool = False

    def begin(self, job: Job) -> None:
        """Open the progress bar, where the client has one; the job does not wait for it."""
        if self.abilities.progress:
            self._progress = asyncio.create_task(self._open(job))
        self._tell_status(job)

    def observe(self, job: Job, event: Event | Loading) -> None:
        """Show an event of the solve."""
        self.standing = advance(self.standing, event)
        if self._begun:
            self._send(job, types.WorkDoneProgressReport(cancellable=True, message=str(self.standing)))
        self._tell_status(job)

    def end(self, job: Job, outcome: Outcome) -> None:
        """Close the progress bar and give the one message."""
        self._over = True
        if self._begun:
            self._send(job, types.WorkDoneProgressEnd(message=outcome.message))
        self._tell_status(job, outcome)

    def say(self, outcome: Outcome) -> None:
        """Show the outcome's message to a client that does not show it from `cope/status`."""
        if not self.abilities.status:
            level = _LEVELS.get(outcome.ending, types.MessageType.Info)
            self.client.window_show_message(types.ShowMessageParams(level, outcome.message))

    async def _open(self, job: Job) -> bool:
        try:
            await self.client.window_work_done_progress_create_async(
                types.WorkDoneProgressCreateParams(job.id)
            )
        except JsonRpcException as error:
            log.info("The client refused a progress token: %s", error)
            return False
        if not self._over:
            self._begun = True
            title = f"Cope: {job.target.qualname}"
            self._send(job, types.WorkDoneProgressBegin(title, cancellable=True, message=str(self.standing)))
        return self._begun

    def _send(
        self,
        job: Job,
        value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd,
    ) -> None:
        self.client.progress(types.ProgressParams(job.id, value))

    def _tell_status(self, job: Job, outcome: Outcome | None = None) -> None:
        if not self.abilities.status:
            return
        standing = self.standing
        status: protocol.Status = {
            "job": job.id,
            "uri": job.target.uri,
            "qualname": job.target.qualname,
            "stage": standing.stage,
            "drawn": standing.drawn,
            "samples": standing.samples,
            "passed": standing.passed,
            "total": standing.total,
            "costUsd": standing.cost_usd,
            "detail": standing.detail,
        }
        if outcome is not None:
            status["message"] = outcome.message
            status["ending"] = outcome.ending.value
        self.client.protocol.notify(protocol.STATUS, status)
