"""`cope.showSent`: every request that left this machine, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol, records
from cope_lsp.lsp.arguments import only_argument

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, *arguments: object) -> protocol.Done:
    """Show what a job sent, or what was sent in the last week."""
    path = await records.sent_page(only_argument(arguments, protocol.JobArguments).get("job"))
    if path is None:
        return {"done": False}
    session.spawn(records.show(session, path, "Sent"))
    return {"done": True}
