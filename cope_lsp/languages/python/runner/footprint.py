"""Which files of the project a call wrote, removed or renamed, and what is in them now."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 1 << 20
MOST = 20
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MOVING = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate")


def remember(root: str) -> Callable[[], list[tuple[str, str]]]:
    """A function that tells the paths below `root` that were touched since it was last asked.

    Each with a digest of what is there, or what became of it; in the order of their names.
    """
    touched: set[str] = set()
    base = os.path.realpath(root)

    def note(event: str, arguments: Any) -> None:
        if event == "open":
            flags = arguments[2] if len(arguments) > 2 else 0  # noqa: PLR2004 -- path, mode, flags
            if isinstance(flags, int) and flags & WRITING and len(touched) < MOST:
                touched.add(_text(arguments[0]))
        elif event in MOVING and len(touched) < MOST:
            touched.update(
                _text(each) for each in arguments[:2] if isinstance(each, (str, bytes, os.PathLike))
            )

    def told() -> list[tuple[str, str]]:
        paths = {os.path.realpath(path) for path in touched if path}
        touched.clear()
        return sorted(
            (os.path.relpath(path, base), _state(path)) for path in paths if path.startswith(base + os.sep)
        )

    sys.addaudithook(note)
    return told


def _text(path: Any) -> str:
    try:
        return os.fsdecode(path)
    except (TypeError, ValueError):
        return ""


def _state(path: str) -> str:
    if os.path.isdir(path):
        return "a folder"
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read(LARGEST)).hexdigest()[:16]
    except OSError:
        return "gone"
