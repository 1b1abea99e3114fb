"""`cope.trust`: lets a workspace folder's code run in the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol
from cope_lsp.lsp.arguments import only_argument
from cope_lsp.lsp.records import user_stores

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


async def handle(session: Session, *arguments: object) -> protocol.Done:
    """Trust a folder, or all of them, from now on."""
    uri = only_argument(arguments, protocol.TrustArguments).get("uri")
    roots = [folder.root for folder in session.folders if folder.root and uri in (None, folder.uri)]
    for root in roots:
        await user_stores().decisions.trust(root)
    return {"done": bool(roots)}
