"""Reading a project's files: real paths inside the root, plain files, bounded, UTF-8."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from cope_lsp.cascade.errors import CopeError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 2**20

# A pipe or device must not block us, a link put in place after we looked must not be followed.
if sys.platform == "win32":
    _READ = os.O_RDONLY | os.O_BINARY
else:
    _READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC


class Unreadable(CopeError):  # noqa: N818 -- reads as a state, like the other errors
    """A file that is not read: outside the root, not plain, too large, or not UTF-8."""


def real_relative(root: Path, relative: str) -> str:
    """Where a path under `root` really leads, relative to the real root. Raises: Unreadable."""
    try:
        real_root = root.resolve(strict=True)
        real = (real_root / relative).resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise Unreadable(f"{relative} cannot be found.") from error
    if not real.is_relative_to(real_root):
        raise Unreadable(f"{relative} leads out of the project.")
    return real.relative_to(real_root).as_posix()


def read_file(root: Path, relative: str) -> str:
    """The text of a project's file, line ends as they are. Raises: Unreadable."""
    data = _read_bounded(root, relative)
    try:
        return data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{relative} is not UTF-8 text.") from error


def read_or_none(root: Path, relative: str) -> str | None:
    """The text of a project's file; None where it cannot or must not be read."""
    try:
        return read_file(root, relative)
    except Unreadable:
        return None


def _read_bounded(root: Path, relative: str) -> bytes:
    real = root.resolve() / real_relative(root, relative)
    try:
        descriptor = os.open(real, _READ)
        try:
            _demand_plain(os.fstat(descriptor), relative)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(LARGEST_FILE + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Unreadable(f"{relative} cannot be read: {error.strerror}.") from error
    # It may have grown, or a folder on the way have become a link, while we read.
    if len(data) > LARGEST_FILE or root.resolve() / real_relative(root, relative) != real:
        raise Unreadable(f"{relative} changed while it was read.")
    return data


def _demand_plain(found: os.stat_result, relative: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable(f"{relative} is not a plain file.")
    if found.st_size > LARGEST_FILE:
        raise Unreadable(f"{relative} is larger than 1 MiB.")
