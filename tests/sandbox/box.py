"""What the sandbox tests share: jobs that run Python, and the isolation that they attack."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.sandbox.isolation import EVERY, Isolation, Kind, Projection
from cope_lsp.sandbox.job import Job, Limits, View, Warm
from cope_lsp.sandbox.ladder import bubblewraps

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cope_lsp.sandbox.isolation import Protection
    from cope_lsp.sandbox.job import Finished

Start: TypeAlias = "Callable[[Job, Isolation], Awaitable[Finished]]"

# The wheel's: the system's may be too old for overlays.
NAMESPACES = Isolation(Kind.NAMESPACES, str(bubblewraps()[-1]), Projection.OVERLAY)
PYTHON = (str(Path(sys.executable).resolve()), "-I", "-S", "-c")
READABLE = (Path(sys.base_prefix).resolve(),)
ENTRY = Path(__file__).parent / "warm_entry" / "main.py"


@dataclass(frozen=True, slots=True)
class Place:
    """A project and the rest of a home folder, on the host."""

    home: Path
    project: Path


def without(protection: Protection) -> Isolation:
    """The namespaces rung with one protection taken away."""
    return replace(NAMESPACES, protections=EVERY - {protection})


def python(code: str, place: Place, limits: Limits | None = None) -> Job:
    """A job that runs `code` in the place's project, by itself or in a warm worker."""
    return Job(
        (*PYTHON, code),
        View(place.project),
        READABLE,
        stdin=code.encode(),
        limits=limits or Limits(),
        warm=Warm((PYTHON[0], "-s", "-S"), ENTRY),
    )


def shell(script: str, view: View, *arguments: str) -> Job:
    """A job that runs a shell script."""
    return Job(("/bin/sh", "-c", script, "sh", *arguments), view)


def processes_with(mark: str) -> list[int]:
    """The host's processes that have `mark` in their command line, other than this one."""
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and int(entry.name) != os.getpid() and mark.encode() in _command_line(entry)
    ]


def _command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
