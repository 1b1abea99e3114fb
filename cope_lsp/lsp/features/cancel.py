"""`cope.cancel`: ends a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol
from cope_lsp.lsp.arguments import only_argument

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, *arguments: object) -> protocol.Done:
    """Cancel the job, or the latest one."""
    job = session.jobs.find(only_argument(arguments, protocol.JobArguments).get("job"))
    if job is None:
        return {"done": False}
    session.jobs.cancel(job)
    return {"done": True}
