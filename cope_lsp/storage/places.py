"""Where things are kept: the user's own folders, which nobody else may read or write.

StoreUnsafe    a folder belongs to someone else, is open to others, or cannot be made
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from cope_lsp.cascade.errors import CopeError


class StoreUnsafe(CopeError):  # noqa: N818 -- reads as a state, like the other errors
    """A folder is not the user's alone; nothing is kept there."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders: `cache` may be lost at any time, `state` may not."""

    cache: Path
    state: Path


def places() -> Places:
    """The platform's folders for this user; under `COPE_HOME` where that is set. Creates nothing."""
    home = os.environ.get("COPE_HOME")
    if home:
        return Places(Path(home) / "cache", Path(home) / "state")
    return Places(
        platformdirs.user_cache_path("cope", appauthor=False),
        platformdirs.user_state_path("cope", appauthor=False),
    )


def private_folder(path: Path) -> Path:
    """`path`, made where it is not there, as a folder of mode 0700 of this user. Raises: StoreUnsafe."""
    try:
        for folder in reversed([path, *path.parents]):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
    except OSError as error:
        raise StoreUnsafe(f"The folder {path} cannot be used: {error.strerror}.") from error
    _demand_private(path, found)
    return path


def _demand_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISDIR(found.st_mode):
        raise StoreUnsafe(f"{path} is a link or a file, not a folder of your own.", fix="Remove it.")
    if sys.platform == "win32":
        return  # the profile's access lists protect it; modes say nothing there
    if found.st_uid != os.geteuid():
        raise StoreUnsafe(f"The folder {path} belongs to another user.", fix="Remove it or set COPE_HOME.")
    if found.st_mode & 0o077:
        raise StoreUnsafe(f"Other users can reach into {path}.", fix=f"Run: chmod 700 {path}")
