"""What the faceless editor of `client` does to files that are not open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.lsp.documents import closed_document, encoded, path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lsprotocol import types

    from cope_lsp.lsp.documents import Documents


def create(operation: types.CreateFile) -> bool:
    """Create an empty file; False where one is there already."""
    path = path_of(operation.uri)
    if path is None or path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return True


def write(documents: Documents, uri: str, edits: Sequence[types.TextEdit]) -> None:
    """Apply edits, none of which overlap, to a file on disk."""
    path = path_of(uri)
    if path is None:
        return
    text = path.read_bytes()
    document = closed_document(documents, uri, text)
    for edit in sorted(edits, key=lambda each: document.offset_at(each.range.start), reverse=True):
        start, end = document.offset_at(edit.range.start), document.offset_at(edit.range.end)
        text = text[:start] + encoded(edit.new_text) + text[end:]
    path.write_bytes(text)
