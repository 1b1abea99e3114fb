"""Where Ruby and its gems are, found by looking at files: a version manager's shim would have to be run."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANAGERS = (".rbenv/versions", ".asdf/installs/ruby", ".local/share/mise/installs/ruby", ".rubies")
_TOLD = re.compile(r"(?m)^(?:ruby[ -])?(\d[\w.-]*)\s*$")


def ruby(root: Path) -> Path | None:
    """The `ruby` on PATH; where that is a version manager's shim, the version that the project names."""
    found = shutil.which("ruby")
    if found is None:
        return None
    return _managed(root) if "shims" in Path(found).parts else Path(found)


def gems() -> tuple[Path, ...]:
    """Folders of gems outside of the installation itself."""
    told = [os.environ.get(name, "") for name in ("GEM_HOME", "GEM_PATH", "BUNDLE_PATH")]
    named = (Path(part) for text in told for part in text.split(os.pathsep) if part)
    return tuple(path for path in dict.fromkeys([*named, *_usual()]) if path.is_dir())


def beside(program: Path, name: str) -> Path | None:
    """Another program of the same installation, or the one on PATH."""
    own = program.parent / name
    found = str(own) if own.is_file() else shutil.which(name)
    return Path(found) if found and "shims" not in Path(found).parts else None


def _managed(root: Path) -> Path | None:
    home = Path.home()
    for file in (
        root / ".ruby-version",
        root / ".tool-versions",
        home / ".rbenv/version",
        home / ".tool-versions",
    ):
        told = _TOLD.search(file.read_text("utf-8", "replace")) if file.is_file() else None
        for folder in _MANAGERS if told else ():
            for name in (told[1], f"ruby-{told[1]}") if told else ():
                program = home / folder / name / "bin" / "ruby"
                if program.is_file():
                    return program
    return None


def _usual() -> Iterator[Path]:
    """Where gems go that nobody gave a place."""
    home = Path.home()
    for folder in (home / ".gem" / "ruby", home / ".local" / "share" / "gem" / "ruby", Path("/var/lib/gems")):
        yield from sorted(folder.iterdir(), reverse=True) if folder.is_dir() else ()
