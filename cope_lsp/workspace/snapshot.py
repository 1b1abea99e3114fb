"""An immutable picture of a project: its files on disk under every open document's text."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from cope_lsp.workspace.files import read_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


MOST_IN_FOLDER = 60
"""Files of one folder that a pattern means at most."""


@dataclass(frozen=True, slots=True)
class Document:
    """One open (or read) file at one version. `version` is None for text read from disk."""

    uri: str
    path: Path | None
    language_id: str
    version: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A project root with the open documents under it, by path relative to the root.

    `root` is None for an `untitled:` document: syntax and examples are all there is.
    """

    root: Path | None
    documents: Mapping[str, Document] = field(default_factory=dict[str, Document])
    trusted: bool = False


def take_snapshot(root: Path | None, documents: Iterable[Document], *, trusted: bool) -> Snapshot:
    """The open documents that lie under `root` by their real paths; others are another project's."""
    if root is None:
        return Snapshot(None, {}, trusted)
    real = root.resolve()
    placed = {
        place.relative_to(real).as_posix(): document
        for document in documents
        if document.path is not None and (place := document.path.resolve()).is_relative_to(real)
    }
    return Snapshot(real, MappingProxyType(placed), trusted)


def snapshot_file(snapshot: Snapshot, relative: str) -> str | None:
    """A file's text as the user sees it: the open document's, else the one on disk; None where unreadable."""
    document = snapshot.documents.get(relative)
    if document is not None:
        return document.text
    return None if snapshot.root is None else read_or_none(snapshot.root, relative)


def snapshot_paths(snapshot: Snapshot, pattern: str) -> tuple[str, ...]:
    """Paths that a pattern for the last part means, as in `shop/*.go`; any other path means itself."""
    place = PurePosixPath(pattern)
    if "*" not in place.name:
        return (pattern,)
    opened = (path for path in snapshot.documents if PurePosixPath(path).parent == place.parent)
    names = {PurePosixPath(path).name for path in opened}
    if snapshot.root is not None:
        with contextlib.suppress(OSError):
            names |= {each.name for each in os.scandir(snapshot.root / place.parent)}
    found = sorted(name for name in names if fnmatchcase(name, place.name))[:MOST_IN_FOLDER]
    return tuple((place.parent / name).as_posix() for name in found)


def snapshot_files(snapshot: Snapshot, relatives: Iterable[str]) -> dict[str, str]:
    """The texts of those files that can be read."""
    texts = ((relative, snapshot_file(snapshot, relative)) for relative in relatives)
    return {relative: text for relative, text in texts if text is not None}
