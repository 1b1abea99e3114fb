"""Which project a file belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MARKERS = ("pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini")


def project_root(path: Path, folders: Iterable[Path], markers: Sequence[str] = MARKERS) -> Path | None:
    """The nearest folder above `path` with a marker, inside the innermost workspace folder that holds it.

    That workspace folder itself where none has one; None for a file outside all folders. Real paths.
    """
    real = path.resolve()
    holding = [folder for folder in (folder.resolve() for folder in folders) if real.is_relative_to(folder)]
    if not holding:
        return None
    top = max(holding, key=lambda folder: len(folder.parts))
    for folder in real.parents:
        if not folder.is_relative_to(top):
            break
        if any((folder / marker).is_file() for marker in markers):
            return folder
    return top
