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
    from collections.abc import Generator, Iterable

INSIDE = "/tmp/cache"  # noqa: S108 -- inside the sandbox's own /tmp
VARIABLE = "COPE_CACHE"
"""What tells a program where it is."""

MOST_LAYERS = 12
OLD_S = 86_400.0 * 14
_GONE = "gone-"
_IN_USE = "in-use"


class Keeping(StrEnum):
    """Whether what a run writes there stays. Only what runs no code that a model wrote may keep.

    HALF keeps also what a cancelled run has written so far, for tools that check whatever they find there.
    """

    NOTHING = "nothing"
    ALL = "all"
    HALF = "half"


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of ours for one toolchain and project, and what a run may do with it.

    `below` is another such folder, whose builds lie under these; no run of this cache adds to it.
    """

    folder: Path
    keeping: Keeping = Keeping.NOTHING
    below: Path | None = None


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
    with _in_use(cache.folder), _in_use(cache.below) if cache.below else contextlib.nullcontext():
        lowest = _published(cache.below) if cache.below else ()
        yield from _opened(cache, lowest)


def _opened(cache: Cache, lowest: tuple[Path, ...]) -> Generator[Layers]:
    if cache.keeping is Keeping.NOTHING:
        yield Layers((*lowest, *_published(cache.folder)))
        return
    with (cache.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield Layers((*lowest, *_published(cache.folder)))
            return
        yield from _kept(cache, lowest)


@contextlib.contextmanager
def _in_use(folder: Path) -> Generator[None]:
    """Nobody removes it meanwhile, and it is as good as new."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / _IN_USE).open("w") as use:
        fcntl.flock(use, fcntl.LOCK_SH)
        folder.mkdir(mode=0o700, exist_ok=True)  # whoever held it may have removed it
        os.utime(folder)
        yield


def sweep(builds: Path, older_than_s: float = OLD_S) -> None:
    """Remove the caches among these folders that no run uses now nor has used for so long; raises nothing."""
    oldest = time.time() - older_than_s
    with contextlib.suppress(OSError):
        for folder in list(builds.iterdir()):
            with contextlib.suppress(OSError):
                if folder.name.startswith(_GONE):
                    _removed(folder)
                elif folder.stat().st_mtime <= oldest:
                    _sweep(folder)


def _sweep(folder: Path) -> None:
    with (folder / _IN_USE).open("r+") as use:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Half a cache would be taken for a whole one, if this process is killed in the middle.
        _removed(folder.rename(folder.with_name(f"{_GONE}{folder.name}")))


def holds(folder: Path, files: Iterable[str]) -> bool:
    """Whether the folder's builds have all of these files."""
    layers = _published(folder)
    return all(any((layer / file).is_file() for layer in layers) for file in files)


def _kept(cache: Cache, lowest: tuple[Path, ...]) -> Generator[Layers]:
    generation = _generation(cache.folder)
    fresh = Path(tempfile.mkdtemp(prefix="new-", dir=generation))
    above, work = fresh / "layer", fresh / "work"
    above.mkdir()
    work.mkdir()
    done = cache.keeping is Keeping.HALF
    try:
        yield Layers((*lowest, *_layers(generation)), above, work)
        done = True
    finally:
        if done and any(above.iterdir()):
            above.rename(generation / f"{len(_layers(generation)):04}")
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
        if old.stat().st_mtime < time.time() - OLD_S or old != generations[-1]:
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
