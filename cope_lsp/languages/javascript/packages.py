"""A project's packages, read from their files alone: manifests, runners, what is in `node_modules`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NODE, VITEST, JEST = "node --test", "vitest", "jest"
_LARGEST = 1 << 20
_IMPORTED = {NODE: rb"[\"']node:test[\"']", VITEST: rb"[\"']vitest[\"']", JEST: rb"[\"']@jest/globals[\"']"}
_SETTINGS = {
    VITEST: r"vite(?:st)?\.config\.[cm]?[jt]s|vitest\.workspace\.\w+",
    JEST: r"jest\.config\.(?:[cm]?[jt]s|json)",
}


@dataclass(frozen=True, slots=True)
class Package:
    """A folder with a `package.json`, relative to the root, and what that says."""

    folder: str
    manifest: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def script(self, name: str = "test") -> str:
        """The command behind `npm run …`; empty for none."""
        scripts = self.manifest.get("scripts")
        said: object = cast("dict[str, object]", scripts).get(name) if isinstance(scripts, dict) else ""
        return said if isinstance(said, str) else ""

    def names(self, package: str) -> bool:
        """Whether it depends on another package."""
        groups = (self.manifest.get(name) for name in ("devDependencies", "dependencies", "peerDependencies"))
        return any(isinstance(group, dict) and package in group for group in groups)


def package_of(root: Path, path: str) -> Package:
    """The package that a file belongs to; the root where none has a manifest."""
    return next(packages_above(root, path), Package("."))


def packages_above(root: Path, path: str) -> Iterator[Package]:
    """The packages around a file, innermost first."""
    for folder in PurePosixPath(path).parents:
        text = text_of(root / folder / "package.json")
        if text:
            yield Package(folder.as_posix(), _manifest(text))


def runner_of(root: Path, path: str, text: bytes) -> str:
    """What runs a test file: what the file imports, else what its packages are set up for; empty: unknown."""
    for runner, imported in _IMPORTED.items():
        if re.search(imported, text):
            return runner
    for package in packages_above(root, path):
        for runner in (VITEST, JEST):
            told = re.search(rf"\b{runner}\b", package.script()) or package.names(runner)
            if told or _is_set_up(root, package, runner):
                return runner
    return ""


def place_of(root: Path, path: str, runner: str) -> str:
    """The folder that a runner is started in: the innermost package that is set up for it."""
    around = list(packages_above(root, path))
    for package in around:
        if _is_set_up(root, package, runner) or runner in package.script():
            return package.folder
    named = (package.folder for package in around if package.names(runner))
    return next(named, around[0].folder if around else ".")


def program_of(root: Path, folder: str, package: str) -> Path | None:
    """The script that an installed package is started by."""
    home = home_of(root, folder, package)
    if home is None:
        return None
    said: object = _manifest(text_of(home / "package.json")).get("bin")
    named = cast("dict[str, object]", said) if isinstance(said, dict) else {package: said}
    program = named.get("tsc" if package == "typescript" else package)
    return home / program if isinstance(program, str) else None


def home_of(root: Path, folder: str, package: str) -> Path | None:
    """Where a package is installed for a folder: in its `node_modules`, or in those of one above."""
    places = (PurePosixPath(folder), *PurePosixPath(folder).parents)
    homes = (root / place / "node_modules" / package for place in places)
    return next((home for home in homes if text_of(home / "package.json")), None)


def text_of(path: Path) -> str:
    """A file's text; empty where there is none, or it is too large to be meant."""
    try:
        return path.read_text("utf-8", "replace") if path.stat().st_size < _LARGEST else ""
    except OSError:
        return ""


def _manifest(text: str) -> Mapping[str, Any]:
    try:
        said: object = json.loads(text)
    except ValueError:
        return {}
    return cast("Mapping[str, Any]", said) if isinstance(said, dict) else {}


def _is_set_up(root: Path, package: Package, runner: str) -> bool:
    """Whether a package has settings of its own for a runner."""
    if runner in package.manifest:
        return True
    pattern = re.compile(_SETTINGS.get(runner, r"(?!)"))
    try:
        found = [path.name for path in (root / package.folder).iterdir() if pattern.fullmatch(path.name)]
    except OSError:
        return False
    return any(runner in name or runner in text_of(root / package.folder / name) for name in found)
