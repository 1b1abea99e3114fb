"""What is run in a sandbox, over which view of a project, within which limits, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cope_lsp.sandbox.caches import Cache


@dataclass(frozen=True, slots=True)
class View:
    """A project as the sandboxed program sees it, at its real path.

    `layer` lies over the files on disk: the candidate's text and every unsaved document, by path
    relative to `root`. `masked` paths (ignored, denied: `.env`, keys) are not there. Writes vanish
    with the run.
    """

    root: Path
    layer: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one run; wall clock and CPU in seconds, sizes in MiB."""

    wall_s: float = 20.0
    cpu_s: int = 30
    memory_mb: int = 1024
    processes: int = 64
    files: int = 256
    file_mb: int = 64
    output_kb: int = 256


@dataclass(frozen=True, slots=True)
class Warm:
    """How a job's program is kept warm: what stays the same for many jobs is loaded once and forked for each.

    `command` starts the project's Python; `entry` is a file whose `prepare(base, modules, avoided)` imports
    what it can and returns what a job runs. A worker of one `base` takes no job of another, and may have
    imported more `modules` than a job names. `avoided` are names that the project may define itself: the job
    must find the project's. `own` are folders of the project that the interpreter itself needs.
    """

    command: tuple[str, ...]
    entry: Path
    base: str = ""
    modules: tuple[str, ...] = ()
    avoided: frozenset[str] = frozenset()
    own: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One command.

    It starts in the project's root; name the project's files relative to it, since a rung that
    cannot mount shows a copy elsewhere. `readable` are host paths (interpreter prefixes,
    site-packages) it needs besides the system's, as the caller trusts them: a path below the root is
    part of the view, and what its links name outside must be listed by itself.

    `stdin` is given and closed. The program may write records to descriptor 3 (at most
    `limits.output_kb`), which come back as `Finished.records`: what goes to stdout and stderr never
    mixes with them. `warm` is another way to the same end, where a pool keeps workers. `cache` are builds of
    earlier runs, in `$COPE_CACHE` where the rung can lay them under this one.
    """

    argv: tuple[str, ...]
    view: View
    readable: tuple[Path, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    stdin: bytes = b""
    limits: Limits = field(default_factory=Limits)
    warm: Warm | None = None
    cache: Cache | None = None


class Ending(StrEnum):
    """How a run ended."""

    EXITED = "exited"
    TIMED_OUT = "timed out"
    KILLED = "killed"
    FLOODED = "flooded"


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a job: `exit_code` is negative for a signal; `reason` says why we ended it."""

    ending: Ending
    exit_code: int
    stdout: bytes
    stderr: bytes
    records: bytes
    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """A way to isolate, as probed on this machine: what holds, and if it cannot start, why and the fix."""

    name: str
    available: bool
    detail: str = ""
    fix: str = ""


class CannotIsolate(Exception):  # noqa: N818 -- reads as a state, like the errors of the cascade
    """This job cannot run in isolation here; the message says why and `fix` what helps."""

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(f"{message} {fix}".strip())
        self.message = message
        self.fix = fix


class SetUpFailed(CannotIsolate):
    """The rung's own set-up failed, before the job's program; another view may still work."""
