"""Which package of a workspace a file belongs to, which of its crates, and which module of that it is."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WIDER = frozenset(
    {"--workspace", "--all", "--all-targets", "--no-run", "--lib", "--bins", "--tests", "--benches"}
    | {"--examples", "--doc"}
)
"""Options of Cargo by which it builds more than, or other than, the crates that are named."""

_FOLDERS = {"tests": "test", "examples": "example", "benches": "bench"}


@dataclass(frozen=True, slots=True)
class Package:
    """A folder with a manifest that names a package, relative to the root; what the manifest says."""

    folder: str
    name: str
    manifest: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Crate:
    """What is compiled as one: its kind in Cargo's words (`lib`, `bin`, `test`, `example`), its name."""

    kind: str
    name: str = ""

    @property
    def label(self) -> str:
        """A name for it that no other crate of the package has."""
        return f"{self.kind}-{self.name}" if self.name else self.kind

    @property
    def flags(self) -> tuple[str, ...]:
        """How Cargo is told to build it alone."""
        return (f"--{self.kind}", self.name) if self.name else (f"--{self.kind}",)


@dataclass(frozen=True, slots=True)
class Module:
    """A module of a crate: the path to it, empty for the crate's root."""

    crate: Crate
    path: tuple[str, ...] = ()


def package_of(root: Path, path: str) -> Package | None:
    """The innermost package that holds a file."""
    for folder in PurePosixPath(path).parents:
        manifest = _read(root / folder / "Cargo.toml")
        if "package" in manifest:
            name = manifest["package"].get("name", "")
            return Package(folder.as_posix(), name, manifest)
    return None


def module_of(root: Path, package: Package, path: str) -> Module | None:
    """Where a file's code is compiled; None for one that belongs to no crate which tests run in."""
    inner = PurePosixPath(path).relative_to(package.folder)
    named = next((crate for crate, file in _named(package) if file == inner.as_posix()), None)
    if named is not None:
        return Module(named)
    top, *rest = inner.parts
    if top in _FOLDERS and rest:
        return _beside(root, package, _FOLDERS[top], inner)
    if top != "src" or not rest:
        return None
    if rest[0] == "bin" and len(rest) > 1:
        return _beside(root, package, "bin", PurePosixPath(*rest))
    return Module(_of_sources(root, package, rest), _path(rest))


def has_library(root: Path, package: Package) -> bool:
    """Whether the package has a library, whose documentation's examples run."""
    return "lib" in package.manifest or (root / package.folder / "src" / "lib.rs").is_file()


def _of_sources(root: Path, package: Package, rest: list[str]) -> Crate:
    """The library or the program of `src`: where both are, the one that declares the module."""
    sources = root / package.folder / "src"
    program = Crate("bin", package.name)
    if rest == ["main.rs"] or not has_library(root, package):
        return program
    module = rest[0].removesuffix(".rs")
    declared = re.compile(rf"^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+{re.escape(module)}\b", re.MULTILINE)
    if rest != ["lib.rs"] and not declared.search(_text(sources / "lib.rs")):
        return program if declared.search(_text(sources / "main.rs")) else Crate("lib")
    return Crate("lib")


def _beside(root: Path, package: Package, kind: str, inner: PurePosixPath) -> Module | None:
    """A crate that stands in a folder of its kind: a file, or a folder with a `main.rs`."""
    first, *rest = inner.parts[1:]
    name = first.removesuffix(".rs")
    folder = root / package.folder / ("src/bin" if kind == "bin" else inner.parts[0])
    if kind == "bench" or not (
        rest == [] or (folder / name / "main.rs").is_file() or (folder / f"{name}.rs").is_file()
    ):
        return None
    return Module(Crate(kind, name), _path(rest))


def _path(parts: list[str]) -> tuple[str, ...]:
    """The module that a file below a crate's folder holds."""
    if not parts:
        return ()
    last = parts[-1].removesuffix(".rs")
    inner = [] if last == "mod" or (len(parts) == 1 and last in ("lib", "main")) else [last]
    return (*parts[:-1], *inner)


def _named(package: Package) -> Iterator[tuple[Crate, str]]:
    """Crates whose files the manifest names."""
    library = package.manifest.get("lib", {})
    if "path" in library:
        yield Crate("lib"), library["path"]
    for kind in ("bin", "test", "example"):
        for each in package.manifest.get(kind, ()):
            if "path" in each and "name" in each:
                yield Crate(kind, each["name"]), each["path"]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
