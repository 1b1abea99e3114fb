"""`cope.apply`: applies a candidate that waits, because the user picked it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol, starting
from cope_lsp.lsp.arguments import only_argument

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, *arguments: object) -> protocol.Done:
    """Apply what a job left, or the latest such; a job of its own, since the editor's answer is awaited."""
    given = only_argument(arguments, protocol.ApplyArguments)
    waiting = session.shelf.of_job(given.get("job"))
    if waiting is not None and given.get("withAnswer"):
        waiting = waiting.with_answer
    if waiting is None or waiting.solved.edit is None:
        return {"done": False}
    starting.start_applying(session, waiting)
    return {"done": True}
