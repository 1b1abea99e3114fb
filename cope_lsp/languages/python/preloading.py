"""Which modules a worker may import once for a project's runs: what its files import and do not define.

Names are read from texts, nothing is imported here. A worker sees the project's environment and not the
project, so what it finds under a name lies outside; a name that the project may define itself is avoided, or
the run would find another module than it does alone.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.python.runner.common import COMMON
from cope_lsp.languages.running import Preload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cope_lsp.languages.running import Environment, Work

MOST = 40

_FOR_ALL = frozenset((*COMMON, "__future__", "pytest", "sys", "os", "os.path"))
_MOCK = b"from unittest import mock"

_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))", re.MULTILINE)


def preload(environment: Environment, work: Work, runner: Path) -> Preload | None:
    """What to keep warm for a run; None where the project is not known."""
    if work.root is None:
        return None
    avoided = _defined(work.root, (work.path, *(case.path for case in work.tests)))
    named = {name for text in work.texts for name in _imported(text)}
    wanted = sorted(name for name in named if name.split(".")[0] not in avoided)
    base = "pytest" if work.tests and environment.runner == "pytest" else ""
    return Preload(
        (str(environment.program), "-s"),
        runner / "main.py",
        base,
        tuple(wanted[:MOST]),
        avoided,
        tuple(_own(environment.program, work.root)),
    )


@lru_cache(maxsize=256)
def _imported(text: bytes) -> frozenset[str]:
    """Modules that a text imports and that are not imported for all alike."""
    found: set[str] = set()
    for source, names in _IMPORT.findall(text):
        parts = source.split(b",") if source else names.split(b",")
        found.update(part.split()[0].decode() for part in parts if part.split())
    if _MOCK in text:
        found.add("unittest.mock")
    return frozenset(name for name in found if not name.startswith(".") and name not in _FOR_ALL)


def _defined(root: Path, paths: Iterable[str]) -> frozenset[str]:
    """Top-level names that files and folders of the project may answer to while these files run."""
    folders = {"", "src"}
    for path in paths:
        folders.update(str(parent) for parent in PurePosixPath(path).parents if str(parent) != ".")
    return frozenset(name for folder in folders for name in _names(root / folder))


def _names(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name.split(".")[0]
                if name.isidentifier() and (
                    "." not in entry.name or entry.name.endswith((".py", ".so", ".pyd"))
                ):
                    yield name
    except OSError:
        return


def _own(program: Path, root: Path) -> Iterator[Path]:
    """The virtual environment of the interpreter, where it lies in the project."""
    prefix = program.parent.parent
    if prefix != root and prefix.is_relative_to(root) and (prefix / "pyvenv.cfg").is_file():
        yield prefix
