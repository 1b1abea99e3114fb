"""The project's own interpreter, found by looking at files: nothing of the project is executed here.

A workspace is untrusted, so what it names outside itself (the base of its `.venv`, editable installs) is
only made readable where it looks like what it claims to be, and never a home folder or what lies above.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.languages.python import installs
from cope_lsp.languages.running import Environment

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST = (3, 8)
NAMES = ("python3", "python")
FOLDERS = (".venv", "venv", "env")
SYSTEM = (Path("/usr"), Path("/lib"), Path("/lib64"), Path("/bin"))


def find(root: Path, preferred: Path | None) -> Environment:
    """The interpreter of `root`: its `.venv`, then `preferred`, then PATH; `problem` says what is wrong."""
    for program in map(Path.absolute, _programs(root, preferred)):
        environment = _described(root, program)
        if environment is not None:
            return environment
    return Environment(
        Path(), (), problem="No Python 3.8 or newer was found. Create a .venv or set python.interpreter."
    )


def _programs(root: Path, preferred: Path | None) -> Iterator[Path]:
    for folder in FOLDERS:
        if (root / folder / "pyvenv.cfg").is_file():
            yield from (root / folder / "bin" / name for name in NAMES)
    if preferred is not None:
        yield from ([preferred / "bin" / name for name in NAMES] if preferred.is_dir() else [preferred])
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in NAMES:
            found = shutil.which(name, path=folder) if folder else None
            if found:
                yield _behind_shim(Path(found), root)
    yield Path(sys._base_executable)  # type: ignore[attr-defined]  # noqa: SLF001 -- the only name of our own base


def _behind_shim(program: Path, root: Path) -> Path:
    """The interpreter that a pyenv shim (a shell script) would start."""
    if program.parent.name != "shims":
        return program
    versions = program.parent.parent / "versions"
    for place in (root / ".python-version", program.parent.parent / "version"):
        for version in _words(place):
            if os.sep not in version and (versions / version / "bin" / "python").exists():
                return versions / version / "bin" / "python"
    return program


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").split()
    except OSError:
        return []


def _described(root: Path, program: Path) -> Environment | None:
    """The environment of an interpreter; None where the file is none or is too old."""
    real = program.resolve()
    if not real.is_file() or real.name.split("-")[0].rstrip("0123456789.") not in ("python", "pypy", "pypy3"):
        return None
    prefix = program.parent.parent
    settings = installs.venv_settings(prefix)
    base = real.parent.parent
    library = installs.library(base)
    if library is None or _version(library) < OLDEST:
        return None
    sites = installs.site_folders(prefix if settings else base, base, library)
    if settings.get("include-system-site-packages", "") == "true":
        sites = (*sites, *installs.site_folders(base, base, library))
    readable = [prefix, base, *_hops(program), *installs.editable_folders(sites, root)]
    runner = "pytest" if any((site / "_pytest").is_dir() for site in sites) else "unittest"
    if runner == "pytest":
        return Environment(program, _kept(readable, root), runner)
    lacking = "without pytest: unittest tests and examples run"
    return Environment(
        program, _kept(readable, root), runner, lacking=lacking, fix=_pytest_for(program, root)
    )


def _pytest_for(program: Path, root: Path) -> str:
    """The command that brings pytest: into what a distribution manages, pip refuses to install."""
    prefix = program.parent.parent
    managed = any((program.resolve().parent.parent / "lib").glob("python3*/EXTERNALLY-MANAGED"))
    if managed and not (prefix / "pyvenv.cfg").is_file():
        made = root / ".venv"
        return f"{program} -m venv {made} && {made}/bin/python -m pip install pytest"
    return f"{program} -m pip install pytest"


def _version(library: Path) -> tuple[int, ...]:
    numbers = library.name.removeprefix("python").rstrip("t").split(".")
    return tuple(int(number) for number in numbers if number.isdigit())


def _hops(program: Path) -> list[Path]:
    """The prefixes that the links on the way to the real interpreter go through."""
    found: list[Path] = []
    current = program
    for _ in range(8):
        if not current.is_symlink():
            break
        current = current.parent / current.readlink()
        found.append(current.parent.parent)
    return found


def _kept(paths: list[Path], root: Path) -> tuple[Path, ...]:
    """Folders to mount: without the system's, without those of the project, each once."""
    kept = (
        path
        for path in paths
        if path.is_dir()
        and not path.is_relative_to(root)
        and not any(path == top or path.is_relative_to(top) for top in SYSTEM if path != Path("/usr/local"))
        and installs.may_be_read(path, root)
    )
    return tuple(dict.fromkeys(kept))
