"""What a build found out, kept beside the classes that it made: how to compile one file and run a test."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SKIPPED = frozenset({"target", "build", "node_modules", ".git", ".gradle", ".idea"})
_LARGE = 1 << 20
CACHE = "@cache@"
"""Stands in a plan's paths for the folder of kept builds, which is elsewhere in another sandbox."""


class Broken(Exception):  # noqa: N818 -- reads as a state
    """Nothing could be built; the text says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one module's files are compiled and its tests run, without its build tool where that can be.

    `key` names tools and options that it was made with, `target` the file that its build left to candidates;
    `stamps` are digests of all other files that went into it, from `folders`. `compiles` say how javac ran:
    its options, class path and source folders. `way` is the launcher's; empty: the build tool runs tests, and
    compiles where `compiles` is empty. `shared` comes before the class path, `working` is where tests run.
    """

    key: str
    target: str
    stamps: dict[str, str]
    folders: list[str]
    compiles: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    classpath: list[str] = field(default_factory=list[str])
    way: str = ""
    shared: list[str] = field(default_factory=list[str])
    flags: list[str] = field(default_factory=list[str])
    env: dict[str, str] = field(default_factory=dict[str, str])
    working: str = ""

    def save(self, folder: Path) -> None:
        """Put it beside what it speaks of, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / "plan.new"
        fresh.write_text(json.dumps(asdict(self)), "utf-8")
        fresh.replace(folder / "plan.json")


def load(folder: Path) -> Plan | None:
    """The plan of an earlier build."""
    try:
        return Plan(**json.loads((folder / "plan.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def stamps(folders: Iterable[str], target: str) -> dict[str, str]:
    """Digests of build files and sources below folders (from the root), but for the target's own file."""
    found: dict[str, str] = {}
    for folder in folders:
        for path in _files(folder):
            name = os.path.normpath(path)
            if name != target and name not in found:
                found[name] = _stamp(Path(path))
    return found


def _stamp(path: Path) -> str:
    """What tells one content of a file from another; of a large one, its size and time."""
    try:
        seen = path.stat()
        if seen.st_size > _LARGE:
            return f"{seen.st_size} {seen.st_mtime_ns}"
        return hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()
    except OSError:
        return ""


def _files(folder: str) -> Iterator[str]:
    """A module's files: neither what is built, nor another module's. A file stands for itself."""
    if Path(folder).is_file():
        yield folder
    for at, below, names in os.walk(folder):
        below[:] = sorted(
            name
            for name in below
            if name not in _SKIPPED and not name.startswith(".") and not Path(at, name, "pom.xml").is_file()
        )
        yield from (str(Path(at, name)) for name in sorted(names) if not name.startswith("."))


def in_cache(path: str, cache: Path) -> str:
    """A plan's path in this sandbox."""
    return path.replace(CACHE, str(cache), 1)
