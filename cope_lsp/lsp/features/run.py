"""`cope.run`: starts a job and answers at once; clients give up on commands that take long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol, starting
from cope_lsp.lsp.arguments import only_argument

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, *arguments: object) -> protocol.RunResult:
    """Start it."""
    ask = only_argument(arguments, protocol.RunArguments)
    return {"job": starting.start(session, ask, starting.spoken).id}
