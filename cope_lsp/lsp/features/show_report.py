"""`cope.showReport`: why an outcome is what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol, records
from cope_lsp.lsp.arguments import only_argument

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, *arguments: object) -> protocol.Done:
    """Show a job's report, or the latest one."""
    path = await records.find_report(only_argument(arguments, protocol.JobArguments).get("job"))
    if path is None:
        return {"done": False}
    session.spawn(records.show(session, path, "Report"))
    return {"done": True}
