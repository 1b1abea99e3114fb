"""Whether the evidence for a solution still speaks of the project as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp.documents import encoded

if TYPE_CHECKING:
    from cope_lsp.code.problem import Request
    from cope_lsp.engine.front import Solved
    from cope_lsp.lsp.session import Session


def is_outdated(session: Session, request: Request, solved: Solved, judged_at: float) -> bool:
    """Whether a file that the evidence read has changed since `judged_at` (Unix seconds)."""
    document = session.documents.get(request.document.uri)
    if document is not None and document.text != encoded(request.document.text):
        return True
    return any(_has_changed(session, request, relative, judged_at) for relative in solved.evidence_files)


def _has_changed(session: Session, request: Request, relative: str, judged_at: float) -> bool:
    root, then = request.snapshot.root, request.snapshot.documents.get(relative)
    if root is None:
        return False
    path = root / relative
    now = next((each for each in session.documents if each.path and each.path.resolve() == path), None)
    if now is not None and then is not None:
        return now.text != encoded(then.text)
    if now is not None or then is not None:  # opened or closed: one of both texts is the disk's
        return True
    try:
        return path.stat().st_mtime > judged_at
    except OSError:
        return True
