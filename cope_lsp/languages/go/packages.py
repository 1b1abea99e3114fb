"""Where a Go file belongs: its module, its package, the workspace around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_USED = re.compile(r"(?m)^\s*(?:use\s+)?(\.[\w./-]*)\s*(?://.*)?$")
_NAME = re.compile(rb"(?m)^package[ \t]+(\w+)")
_VERSION = re.compile(r"go(\d+\.\d+)")


@dataclass(frozen=True, slots=True)
class Package:
    """A package's folder and its module's, relative to the project's root."""

    folder: str
    module: str

    @property
    def pattern(self) -> str:
        """What `go` calls it in its module's folder."""
        inside = PurePosixPath(self.folder).relative_to(self.module)
        return f"./{inside.as_posix()}"


def package_of(root: Path | None, path: str) -> Package:
    """The package of a file; the root counts as its module where no folder above it is one."""
    folder = PurePosixPath(path).parent
    if root is None:
        return Package(folder.as_posix(), ".")
    module = next((each for each in (folder, *folder.parents) if (root / each / "go.mod").is_file()), None)
    return Package(folder.as_posix(), "." if module is None else module.as_posix())


def has_module(root: Path, package: Package) -> bool:
    """Whether the package's module has a `go.mod`."""
    return (root / package.module / "go.mod").is_file()


def is_apart(root: Path, package: Package) -> bool:
    """Whether a workspace stands around the module and does not name it."""
    module = PurePosixPath(package.module)
    for folder in (module, *module.parents):
        try:
            text = (root / folder / "go.work").read_text("utf-8", "replace")
        except OSError:
            continue
        return not any(folder / used == module for used in _used(text))
    return False


def name_in(text: bytes) -> str:
    """The name in a file's package clause; empty where it has none."""
    found = _NAME.search(text)
    return found[1].decode() if found else ""


def version_of(tree: Path) -> str:
    """Which version of the language a toolchain speaks, as it stands in its own folder."""
    try:
        found = _VERSION.match((tree / "VERSION").read_text("utf-8"))
    except OSError:
        return ""
    return found[1] if found else ""


def _used(text: str) -> Iterator[str]:
    return (each[1] for each in _USED.finditer(text))
