"""Which project a file belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.language import Rooted
from cope_lsp.languages.registry import LANGUAGES, for_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cope_lsp.languages.language import Language


def project_root(path: Path, folders: Iterable[Path], language: Language | None = None) -> Path | None:
    """The folder above `path` that its language's markers make a project, within its workspace folder.

    That workspace folder itself (the innermost that holds the file) where none has one; None for a file
    outside all folders. Without a language it is told by the file's name, or is any. Real paths.
    """
    real = path.resolve()
    holding = [folder for folder in (folder.resolve() for folder in folders) if real.is_relative_to(folder)]
    if not holding:
        return None
    top = max(holding, key=lambda folder: len(folder.parts))
    within = [folder for folder in real.parents if folder.is_relative_to(top)]
    own = language or for_path(path.name)
    markers = own.root_markers if own else tuple(name for each in LANGUAGES for name in each.root_markers)
    marked = [folder for folder in within if any((folder / marker).is_file() for marker in markers)]
    if not marked:
        return top
    return marked[-1] if own is not None and own.rooted is Rooted.OUTERMOST else marked[0]
