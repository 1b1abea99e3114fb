"""Which files a sandboxed test does not see.

- Denied by name: everywhere but in environments (a bundle of certificates in a virtual environment is
  no secret of the user's).
- Named by `.copeignore` or the setting `ignore`: everything.
- Git-ignored: everything that is not code. Generated and compiled modules are commonly git-ignored and
  tests import them; a module with a secret in it (`local_settings.py`) is masked all the same.
- Environments (`.venv`, `node_modules`, caches, any folder with a `pyvenv.cfg`) stay as they are.
- `tests.expose` takes files out again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

from cope_lsp.workspace.denials import CODE_SUFFIXES, ENVIRONMENTS
from cope_lsp.workspace.files import read_or_none
from cope_lsp.workspace.ignoring import is_cope_ignored, is_denied, is_git_ignored
from cope_lsp.workspace.secret_scan import find_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cope_lsp.workspace.ignoring import IgnoreRules

MOST_ENTRIES = 50_000


def masked_paths(
    rules: IgnoreRules, expose: Iterable[str] = (), most_entries: int = MOST_ENTRIES
) -> tuple[str, ...]:
    """Files and whole folders under the root to hide, relative to it; sorted.

    Once `most_entries` were seen, folders that a list ignores are hidden whole, without a look inside
    for code or for what is exposed; all others are still looked through to the end.
    """
    walk = _Walk(rules, GitIgnoreSpec.from_lines(expose), most_entries)
    return tuple(sorted(_masks(walk, "").masks))


@dataclass(slots=True)
class _Walk:
    rules: IgnoreRules
    expose: GitIgnoreSpec
    most_entries: int
    visited: int = 0


@dataclass(slots=True)
class _Found:
    masks: list[str] = field(default_factory=list[str])
    kept: bool = False


def _masks(walk: _Walk, folder: str) -> _Found:
    """The masks below a folder; one for the whole folder where nothing in it is kept."""
    found = _Found()
    for entry in _entries(walk, folder):
        path = f"{folder}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            inner = _folder_masks(walk, f"{path}/")
            found.masks += inner.masks
            found.kept |= inner.kept
        elif _is_masked(walk, path):
            found.masks.append(path)
        else:
            found.kept = True
    return found


def _folder_masks(walk: _Walk, folder: str) -> _Found:
    if _is_environment(walk, folder):
        return _Found(kept=True)
    if walk.visited > walk.most_entries and (
        is_git_ignored(walk.rules, folder) or is_cope_ignored(walk.rules, folder)
    ):
        return _Found([folder[:-1]])
    inner = _masks(walk, folder)
    return inner if inner.kept or not inner.masks else _Found([folder[:-1]])


def _entries(walk: _Walk, folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(walk.rules.root / folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                walk.visited += 1
                yield entry
    except OSError:
        return


def _is_environment(walk: _Walk, folder: str) -> bool:
    path = walk.rules.root / folder
    return path.name in ENVIRONMENTS or (path / "pyvenv.cfg").is_file() or (path / "conda-meta").is_dir()


def _is_masked(walk: _Walk, path: str) -> bool:
    if walk.expose.match_file(path):
        return False
    if is_denied(path) or is_cope_ignored(walk.rules, path):
        return True
    return is_git_ignored(walk.rules, path) and not _is_harmless_code(walk, path)


def _is_harmless_code(walk: _Walk, path: str) -> bool:
    if PurePosixPath(path).suffix not in CODE_SUFFIXES:
        return False
    text = read_or_none(walk.rules.root, path)  # a compiled module is no text
    return text is None or not find_secrets(path, text)
