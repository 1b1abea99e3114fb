"""`cope.discard`: lets a candidate go that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol
from cope_lsp.lsp.arguments import only_argument

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, *arguments: object) -> protocol.Done:
    """Discard what a job left, or the latest such."""
    waiting = session.shelf.of_job(only_argument(arguments, protocol.JobArguments).get("job"))
    if waiting is None:
        return {"done": False}
    session.shelf.drop(waiting.target)
    return {"done": True}
