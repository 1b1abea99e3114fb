"""`window/workDoneProgress/cancel`: a job's progress token is its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lsprotocol import types

    from cope_lsp.lsp.session import Session


def handle(session: Session, params: types.WorkDoneProgressCancelParams) -> None:
    """Cancel the job."""
    if (job := session.jobs.find(str(params.token))) is not None:
        session.jobs.cancel(job)
