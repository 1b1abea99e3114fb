"""Files of mode 0600 in the user's folders: written whole or not at all, by one process at a time."""

from __future__ import annotations

import os
import secrets
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cope_lsp.storage.places import private_folder

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def write_private(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step; a reader or a kill sees the old file or the new one."""
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold `path` against other processes of this user; the lock ends with its holder's life."""
    private_folder(path.parent)
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def prune(folder: Path, pattern: str, days: float) -> None:
    """Remove files that match `pattern` and are older than `days`, drafts of killed writers included."""
    oldest = time.time() - days * 86400
    for path in [*folder.glob(pattern), *folder.glob(f".{pattern}.*")]:
        with suppress(OSError):
            if path.stat(follow_symlinks=False).st_mtime < oldest:
                path.unlink()
