"""`cope.showBest`: stops drawing and takes the best candidate so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol
from cope_lsp.lsp.arguments import only_argument

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, *arguments: object) -> protocol.Done:
    """Have the job, or the latest one, make do with what it has."""
    job = session.jobs.find(only_argument(arguments, protocol.JobArguments).get("job"))
    if job is None:
        return {"done": False}
    job.enough.set()
    return {"done": True}
