"""What the languages' tests share: each language's case, and a project made of it."""

from __future__ import annotations

import os
import shutil
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from scripts.language_parts import PARTS

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """A language's `case.toml`: where the stub is, which tests reach it, and replies of all kinds.

    `plain` is how the language's own tool runs those tests, for `benchmarks.languages`, and `varied` a first
    line with `{number}` in it where that tool takes a program with another comment for the same one. `env` is
    what server and tool are started with.
    """

    language: str
    file: str
    symbol: str
    reaching: tuple[str, ...]
    apart: tuple[str, ...]
    right: str
    wrong: str
    broken: str
    escapes: tuple[str, ...]
    folder: Path
    parts: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    varied: str = ""
    env: dict[str, str] = field(default_factory=dict[str, str])

    def environment(self) -> dict[str, str]:
        """`env` with paths of parts for their names in braces; parts that are not there are made."""
        made = {part: PARTS[part]() for part in self.parts}
        return {name: value.format(**made) for name, value in self.env.items()}

    def lay(self, project: Path) -> None:
        """A copy of its project, with `node_modules` where one of its parts brings them."""
        shutil.copytree(self.folder / "project", project)
        for part in self.parts:
            bring(part, project)

    def reply(self, name: str, **words: object) -> str:
        """A reply of the case with the words in braces filled in."""
        text = (self.folder / name).read_text("utf-8")
        for word, value in words.items():
            text = text.replace(f"{{{word}}}", str(value))
        return text


def bring(part: str, project: Path) -> None:
    """Lay the `node_modules` of a part into a project, where it has them."""
    brought = PARTS[part]() / "node_modules"
    if brought.is_dir():
        shutil.copytree(brought, project / "node_modules", symlinks=True, copy_function=_linked)


def _linked(source: str, place: str) -> None:
    """The same file again, or a copy where that is another disk."""
    try:
        os.link(source, place)
    except OSError:
        shutil.copy2(source, place)


def read_case(path: Path) -> Case:
    """The case of a file."""
    said: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return _CASE.validate_python({**said, "folder": path.parent})


_CASE = TypeAdapter(Case)


CASES = [read_case(path) for path in sorted(HERE.glob("*/case.toml"))]
