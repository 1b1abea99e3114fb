"""`cope/didChangeTrust`: the client's user trusted a folder, or no longer does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp import protocol
from cope_lsp.lsp.arguments import shaped

if TYPE_CHECKING:
    from cope_lsp.lsp.session import Session


def handle(session: Session, params: object) -> None:
    """Note it for one folder or for all."""
    change = shaped(params, protocol.TrustChange)
    session.folders.told_trust(change.get("uri"), trusted=change["trusted"])
