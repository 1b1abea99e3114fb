"""A project as a private layer of changed and hidden files, or as a copy; nothing is written in the project.

The layer is what an overlay mount lays over the project: bubblewrap itself creates nothing below a
folder that the repository controls, whose planted links it would follow.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.sandbox.job import CannotIsolate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_FICLONE = 0x40049409


@dataclass(frozen=True, slots=True)
class Changes:
    """A view's layer and masks by real path relative to the real root, links below the root followed."""

    layer: Mapping[PurePosixPath, bytes]
    masked: frozenset[PurePosixPath]


def changes(
    root: Path, layer: Mapping[str, bytes], masked: tuple[str, ...], kept: tuple[Path, ...]
) -> Changes:
    """Resolve a view. A mask hides a link and what it names; what holds a `kept` path is hidden around it.

    A masked file stays hidden even where the layer has a text for it.
    """
    hidden = {path for name in masked for path in _both_ends(root, name)}
    for keep in kept:
        hidden = {path for mask in hidden for path in _around(root, mask, keep)}
    placed = {_within(root, name): text for name, text in layer.items()}
    return Changes(
        {path: text for path, text in placed.items() if not _covers(hidden, path)},
        frozenset(path for path in hidden if hidden.isdisjoint(path.parents)),
    )


def write_layer(changed: Changes, root: Path, folder: Path) -> None:
    """Lay out what an overlay puts over the project: texts as files, masked paths as whiteouts."""
    _mirror(root, folder)
    for path, text in changed.layer.items():
        _parents(root, folder, path)
        _write(folder / path, text, root / path)
    for path in changed.masked:
        if os.path.lexists(root / path) and not os.path.lexists(folder / path):
            _parents(root, folder, path)
            os.mknod(folder / path, stat.S_IFCHR, os.makedev(0, 0))


def copy_project(changed: Changes, root: Path, folder: Path, give_up: Callable[[], bool]) -> None:
    """Copy what is not masked, sharing blocks where the file system can, and put the layer's texts into it.

    Links are copied as links; sockets and devices are left out. Returns early where `give_up` says so.
    """
    _mirror(root, folder)
    for path in _walk(root, PurePosixPath(), changed.masked):
        if give_up():
            return
        _copy_one(root / path, folder / path)
    for path, text in changed.layer.items():
        _parents(root, folder, path)
        _write(folder / path, text, root / path)


def _within(root: Path, name: str) -> PurePosixPath:
    literal = PurePosixPath(os.path.normpath(name))
    if literal.is_absolute() or literal.parts[:1] in ((), ("..",)):
        raise CannotIsolate(f"{name!r} is no path below the project.")
    real = Path(os.path.realpath(root / literal))
    return PurePosixPath(real.relative_to(root)) if real.is_relative_to(root) else literal


def _both_ends(root: Path, name: str) -> set[PurePosixPath]:
    path = PurePosixPath(os.path.normpath(name))
    parent = _within(root, str(path.parent)) if len(path.parts) > 1 else PurePosixPath()
    return {parent / path.name, _within(root, name)}


def _around(root: Path, mask: PurePosixPath, keep: Path) -> Iterator[PurePosixPath]:
    """The mask itself or, where it holds `keep`, everything in it but the way there."""
    if not keep.is_relative_to(root / mask):
        yield mask
    elif keep != root / mask:
        for entry in (root / mask).iterdir():
            yield from _around(root, mask / entry.name, keep)


def _covers(masks: set[PurePosixPath], path: PurePosixPath) -> bool:
    return path in masks or not masks.isdisjoint(path.parents)


def _walk(root: Path, below: PurePosixPath, masked: frozenset[PurePosixPath]) -> Iterator[PurePosixPath]:
    for entry in sorted(os.scandir(root / below), key=lambda found: found.name):
        path = below / entry.name
        if path in masked:
            continue
        yield path
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(root, path, masked)


def _copy_one(source: Path, target: Path) -> None:
    mode = source.lstat().st_mode
    if stat.S_ISLNK(mode):
        target.symlink_to(os.readlink(source))  # noqa: PTH115 -- kept to the letter
    elif stat.S_ISDIR(mode):
        _mirror(source, target)
    elif stat.S_ISREG(mode):
        _clone(source, target)
        shutil.copystat(source, target)


def _clone(source: Path, target: Path) -> None:
    with source.open("rb") as original, target.open("xb") as made:
        if not _shares_blocks(original.fileno(), made.fileno()):
            shutil.copyfileobj(original, made, 1 << 20)


def _shares_blocks(source: int, target: int) -> bool:
    if sys.platform != "linux":
        return False
    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True


def _parents(root: Path, folder: Path, path: PurePosixPath) -> None:
    for parent in reversed(path.parents[:-1]):
        if (folder / parent).is_symlink() or not (folder / parent).is_dir():
            (folder / parent).unlink(missing_ok=True)
            _mirror(root / parent, folder / parent)


def _mirror(original: Path, folder: Path) -> None:
    """Make a folder whose mode is the original's, since an overlay shows the topmost one's."""
    folder.mkdir(exist_ok=True)
    if original.is_dir():
        folder.chmod(stat.S_IMODE(original.stat().st_mode) | stat.S_IRWXU)


def _write(target: Path, text: bytes, original: Path) -> None:
    target.unlink(missing_ok=True)
    target.write_bytes(text)
    if original.is_file():
        target.chmod(stat.S_IMODE(original.stat().st_mode) | stat.S_IRUSR)
