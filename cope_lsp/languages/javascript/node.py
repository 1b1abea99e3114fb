"""Node on this machine: where it is, and which version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.languages.running import Environment

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST = (18, 19)
_PLACES = (Path("/usr/local/bin/node"), Path("/opt/homebrew/bin/node"))
_MANAGED = (
    ".nvm/versions/node/*/bin/node",
    ".volta/tools/image/node/*/bin/node",
    ".asdf/installs/nodejs/*/bin/node",
    ".local/share/mise/installs/node/*/bin/node",
)
_PROBE_S = 10


def environment(root: Path, preferred: Path | None) -> Environment:  # noqa: ARG001 -- the port's signature
    """The `node` on PATH, or one that a version manager keeps."""
    seen: list[str] = []
    for program in _programs(root):
        found = version(program)
        if found >= OLDEST:
            return Environment(program, _readable(program), "node --test")
        seen += [f"{program} is {'.'.join(map(str, found))}"] if found else []
    old = f" ({seen[0]})" if seen else ""
    oldest = ".".join(map(str, OLDEST))
    return Environment(
        Path(), (), problem=f"No Node {oldest} or newer was found{old}. Install it, or put `node` on PATH."
    )


def version(program: Path) -> tuple[int, ...]:
    """A Node's version; empty where it gives none."""
    try:
        return _version(program, program.stat().st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=16)
def _version(program: Path, changed: int) -> tuple[int, ...]:  # noqa: ARG001 -- an update is another Node
    try:
        said = subprocess.run(  # noqa: S603 -- the user's own Node, never the project's
            [str(program), "--version"], capture_output=True, timeout=_PROBE_S, env={}, cwd="/", check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    match = re.match(rb"v(\d+)\.(\d+)\.(\d+)", said.stdout)
    return tuple(int(number) for number in match.groups()) if match else ()


def _programs(root: Path) -> Iterator[Path]:
    """Real Nodes, none of them the project's; behind a shim stands what its manager installed."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        found = shutil.which("node", path=folder) if folder else None
        if found:
            yield from _real(Path(found), root)
    for place in (*_PLACES, *_installed()):
        yield from _real(place, root)


def _real(program: Path, root: Path) -> Iterator[Path]:
    real = program.resolve()
    whole = (real.parent.parent / "include" / "node").is_dir() or real.is_relative_to("/usr")
    if real.is_file() and real.name in ("node", "nodejs") and whole and not real.is_relative_to(root):
        yield real


def _installed() -> list[Path]:
    """What version managers keep, newest first."""
    found = [path for pattern in _MANAGED for path in Path.home().glob(pattern)]
    return sorted(found, key=lambda path: [int(n) for n in re.findall(r"\d+", path.parts[-3])], reverse=True)


def _readable(program: Path) -> tuple[Path, ...]:
    system = program.is_relative_to("/usr") and not program.is_relative_to("/usr/local")
    return () if system else (program.parent.parent,)
