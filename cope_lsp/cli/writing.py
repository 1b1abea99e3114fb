"""Puts an accepted edit into its file, if the file is still what the edit was made for."""

from __future__ import annotations

import codecs
import os
import shutil
import tempfile
from pathlib import Path

from cope_lsp.cascade.errors import CopeError


class FileMoved(CopeError):  # noqa: N818 -- reads as a state, like the other errors
    """The file is no longer the text that the edit was made for."""


def create_file(path: Path, text: str) -> None:
    """Write a file that is not there yet, and the folders it needs. Raises: FileMoved, OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(text.encode())
    except FileExistsError:
        raise FileMoved(
            f"{path} came to be meanwhile, so it is left as it is.", fix="Run the command again."
        ) from None


def write_edit(path: Path, before: str, after: str) -> None:
    """Replace the whole file at once, keeping its mode. Raises: FileMoved, OSError."""
    target = path.resolve()
    found = target.read_bytes()
    mark = codecs.BOM_UTF8 if found.startswith(codecs.BOM_UTF8) else b""
    if found != mark + before.encode():
        raise FileMoved(
            f"{path} was changed meanwhile, so it is left as it is.", fix="Run the command again."
        )
    descriptor, unfinished = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(mark + after.encode())
        shutil.copymode(target, unfinished)
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
