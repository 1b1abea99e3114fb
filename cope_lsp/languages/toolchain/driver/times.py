"""Makes files' times follow their contents: `python -I -S times.py RECORD`, in the project's root.

Tools that build only what is newer than what they built are misled by a view of a project: a text that was
laid over a file is new to the clock in every run, and the file below it is old, though its content is not
what was built last. RECORD is kept with the builds: what is recorded with its content has the recorded
time, what is not is new.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 1 << 20
"""Bytes of a file beyond which its time alone speaks for it: no text of an editor is laid over it."""

TAGS = frozenset({"CACHEDIR.TAG", "CMakeCache.txt"})
"""Each marks a folder whose content is made."""


def main(record: Path) -> None:
    """Set the times, and write what they stand for."""
    known = _known(record)
    now: dict[str, list[object]] = {}
    for path, found in _files("."):
        old = known.get(path)
        if old is not None and old[:2] == [found.st_size, found.st_mtime_ns]:
            now[path] = old
            continue
        with contextlib.suppress(OSError):
            digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
            if old is not None and old[2] == digest:
                os.utime(path, ns=(found.st_atime_ns, int(str(old[1]))))
                now[path] = old
                continue
            if known:
                os.utime(path)
            now[path] = [found.st_size, Path(path).stat().st_mtime_ns, digest]
    if now != known:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps(now), "utf-8")


def _files(top: str) -> Iterator[tuple[str, os.stat_result]]:
    """The project's files that an editor may have open."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        with contextlib.suppress(OSError):
            entries = sorted(os.scandir(folder), key=lambda each: each.name)
            if any(each.name in TAGS for each in entries):
                continue
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    waiting += [entry.path] if entry.name != "node_modules" else []
                elif entry.is_file(follow_symlinks=False) and entry.stat().st_size <= LARGEST:
                    yield entry.path, entry.stat()


def _known(record: Path) -> dict[str, list[object]]:
    try:
        return json.loads(record.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
