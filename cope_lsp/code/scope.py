"""Files that a target's file sees: what it imports, and in some languages all of its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.workspace.snapshot import snapshot_file, snapshot_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.target import Imported, Surroundings
    from cope_lsp.workspace.snapshot import Snapshot

MOST_SHARED = 40


def paths_of(snapshot: Snapshot, imported: Imported) -> Iterator[str]:
    """Where an imported name may live, patterns written out, likeliest first."""
    for pattern in imported.paths:
        yield from snapshot_paths(snapshot, pattern)


def shared_texts(snapshot: Snapshot, around: Surroundings, but: str) -> dict[str, str]:
    """The texts of files that share a scope with the target's, by path: those that patterns name."""
    patterns = dict.fromkeys(path for each in around.imported for path in each.paths if "*" in path)
    paths = (path for pattern in patterns for path in snapshot_paths(snapshot, pattern) if path != but)
    texts = ((path, snapshot_file(snapshot, path)) for path in list(dict.fromkeys(paths))[:MOST_SHARED])
    return {path: text for path, text in texts if text is not None}
