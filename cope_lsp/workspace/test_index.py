"""Which files of a project may hold tests."""

from __future__ import annotations

import os
from collections import deque
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from cope_lsp.workspace.denials import ENVIRONMENTS
from cope_lsp.workspace.ignoring import is_ignored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cope_lsp.workspace.ignoring import IgnoreRules
    from cope_lsp.workspace.snapshot import Snapshot

MOST_FILES = 2_000
MOST_ENTRIES = 50_000


def test_files(
    snapshot: Snapshot,
    rules: IgnoreRules,
    patterns: Sequence[str],
) -> tuple[str, ...]:
    """Files whose names match, open ones first, then those on disk from the root downwards.

    At most `MOST_FILES`, found among the first `MOST_ENTRIES` entries. Paths relative to the root.
    """
    names = dict.fromkeys(path for path in snapshot.documents if matches(path, patterns))
    for path in _files(rules):
        if len(names) >= MOST_FILES:
            break
        if matches(path, patterns) and not is_ignored(rules, path):
            names[path] = None
    return tuple(names)


def matches(path: str, patterns: Sequence[str]) -> bool:
    """Whether a file's name matches; of patterns with a folder, its whole path does."""
    name = path.rpartition("/")[2]
    return any(fnmatchcase(f"/{path}" if "/" in pattern else name, pattern) for pattern in patterns)


def _files(rules: IgnoreRules) -> Iterator[str]:
    """Breadth first; links to folders, environments, hidden and ignored folders are not entered."""
    folders, visited = deque([""]), 0
    while folders and visited < MOST_ENTRIES:
        folder = folders.popleft()
        for name, is_folder in _entries(rules, folder):
            visited += 1
            if not is_folder:
                yield f"{folder}{name}"
            elif not name.startswith(".") and name not in ENVIRONMENTS:
                folders.extend([below] if not is_ignored(rules, below := f"{folder}{name}/") else [])


def _entries(rules: IgnoreRules, folder: str) -> list[tuple[str, bool]]:
    try:
        with os.scandir(rules.root / folder) as entries:
            return sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError:
        return []
