"""Builds kept between runs, as layers: a run that may keep adds one, every other sees them and keeps nothing.

A layer never changes once it is published, so that runs which use it as the lower part of an overlay cannot
be disturbed; too many of them, and a new generation begins empty.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

INSIDE = "/tmp/cache"  # noqa: S108 -- inside the sandbox's own /tmp
VARIABLE = "COPE_CACHE"
"""What tells a program where it is."""

MOST_LAYERS = 12
_OLD_S = 86_400 * 14


class Keeping(StrEnum):
    """Whether what a run writes there stays. Only what runs no code that a model wrote may keep."""

    NOTHING = "nothing"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of ours for one toolchain and project, and what a run may do with it."""

    folder: Path
    keeping: Keeping = Keeping.NOTHING


@dataclass(frozen=True, slots=True)
class Layers:
    """What a run sees, lowest first; `above` takes what it writes, with `work` beside it for the kernel."""

    below: tuple[Path, ...] = ()
    above: Path | None = None
    work: Path | None = None


@contextlib.contextmanager
def opened(cache: Cache) -> Generator[Layers]:
    """The layers for one run; what it kept is published when it ends, and dropped when it is cancelled.

    Where another process keeps something at this moment, this run keeps nothing.
    """
    cache.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if cache.keeping is Keeping.NOTHING:
        yield Layers(_published(cache.folder))
        return
    with (cache.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield Layers(_published(cache.folder))
            return
        yield from _kept(cache.folder)


def _kept(folder: Path) -> Generator[Layers]:
    generation = _generation(folder)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=generation))
    above, work = fresh / "layer", fresh / "work"
    above.mkdir()
    work.mkdir()
    try:
        yield Layers(_layers(generation), above, work)
        if any(above.iterdir()):
            above.rename(generation / f"{len(_layers(generation)):04}")
    finally:
        _removed(fresh)


def _published(folder: Path) -> tuple[Path, ...]:
    """The layers of the newest generation."""
    generations = sorted(path for path in folder.glob("g*") if path.is_dir())
    return _layers(generations[-1]) if generations else ()


def _layers(generation: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in generation.iterdir() if path.name.isdigit()))


def _generation(folder: Path) -> Path:
    """The generation to add to: the newest one, or a new one where that has become too deep."""
    generations = sorted(path for path in folder.glob("g*") if path.is_dir())
    if generations and len(_layers(generations[-1])) < MOST_LAYERS:
        return generations[-1]
    for old in generations:
        if old.stat().st_mtime < time.time() - _OLD_S or old != generations[-1]:
            _removed(old)
    made = folder / f"g{len(generations):06}"
    while made.exists():
        made = folder / f"g{int(made.name[1:]) + 1:06}"
    made.mkdir()
    return made


def _removed(folder: Path) -> None:
    """Remove a folder; the kernel leaves one without permissions beside what it laid over."""
    for name, folders, _ in os.walk(folder):
        for below in folders:
            with contextlib.suppress(OSError):
                os.chmod(Path(name, below), 0o700)  # noqa: PTH101 -- walked by names
    shutil.rmtree(folder, ignore_errors=True)
