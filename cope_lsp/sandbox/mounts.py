"""Which host paths a job may read, with the symbolic links that lead to them, and nothing around them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.sandbox.job import CannotIsolate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cope_lsp.sandbox.job import Job

# Store folders hold every program of NixOS and Guix, and nothing of a user.
SYSTEM = tuple(
    Path(name)
    for name in (
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib32",
        "/lib64",
        "/libx32",
        "/nix/store",
        "/gnu/store",
    )
)

ETC = tuple(
    Path("/etc", name)
    for name in (
        "alternatives",
        "ca-certificates",
        "host.conf",
        "ld.so.cache",
        "ld.so.conf",
        "ld.so.conf.d",
        "localtime",
        "locale.alias",
        "mime.types",
        "nsswitch.conf",
        "os-release",
        "protocols",
        "services",
        "ssl/certs",
        "ssl/openssl.cnf",
        "timezone",
    )
)

_OWN = tuple(Path(name) for name in ("/", "/proc", "/dev", "/sys", "/run", "/tmp", "/etc"))  # noqa: S108 -- named to refuse it
_MOST_LINKS = 40


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link of the host, made again inside."""

    path: Path
    target: str


@dataclass(frozen=True, slots=True)
class Readable:
    """What a job may read besides the system: real paths to mount, and the links that lead to them."""

    paths: tuple[Path, ...]
    links: tuple[Link, ...]


def project_root(job: Job) -> Path:
    """The real path of the job's project; raises CannotIsolate where showing it would show far more."""
    root = job.view.root.resolve()
    home = Path.home().resolve()
    if root in (*_OWN, *SYSTEM) or any(root.is_relative_to(own) for own in _OWN[1:4]):
        raise CannotIsolate(
            f"{root} is a system folder, not a project.", fix="Open the project's own folder."
        )
    if home.is_relative_to(root):
        raise CannotIsolate(
            f"{root} holds your home folder, so its programs could read all of it.",
            fix="Open the project's own folder.",
        )
    return root


def has_mounts_below(root: Path) -> bool:
    """Whether something is mounted inside a project (a container's volume): an overlay would not show it."""
    try:
        lines = (
            Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        )
    except OSError:
        return False
    points = (Path(_unescaped(line.split()[4])) for line in lines)
    return any(point.is_relative_to(root) and point != root for point in points)


def readable(job: Job, root: Path) -> Readable:
    """The job's readable paths below neither the system nor the project, outermost only.

    A path that a link of the project leads to is left out: the repository chose it, not the caller.
    """
    walks = [follow(path) for path in job.readable]
    walks = [(end, met) for end, met in walks if not any(link.path.is_relative_to(root) for link in met)]
    real = {end for end, _ in walks if end.exists()}
    for path in real:
        _refuse_broad(path, root)
    shown = (*SYSTEM, *ETC, root)
    paths = tuple(sorted(path for path in real if not _shown_by(path, shown, real - {path})))
    leads = [follow(path) for path in (Path(job.argv[0]), job.view.root) if path.is_absolute()] + walks
    links = {link.path: link for _, met in leads for link in met}
    return Readable(
        paths,
        tuple(
            links[path]
            for path in sorted(links)
            if not any(path.is_relative_to(other) for other in (*shown, *paths))
        ),
    )


def follow(path: Path) -> tuple[Path, tuple[Link, ...]]:
    """Where an absolute path really is, and every link met on the way."""
    here, rest, met = Path("/"), list(path.parts[1:]), list[Link]()
    while rest and len(met) < _MOST_LINKS:
        step = rest.pop(0)
        here = here.parent if step == ".." else here / step
        if here.is_symlink():
            link = Link(here, os.readlink(here))  # noqa: PTH115 -- Path.readlink loses a trailing dot
            met.append(link)
            target = Path(link.target)
            rest[:0] = target.parts[1:] if target.is_absolute() else target.parts
            here = Path("/") if target.is_absolute() else here.parent
    return here, tuple(met)


def _unescaped(field: str) -> str:
    return re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), field)


def _refuse_broad(path: Path, root: Path) -> None:
    home = Path.home().resolve()
    if home.is_relative_to(path) or (root != path and root.is_relative_to(path)):
        raise CannotIsolate(
            f"Reading {path} would show far more than a toolchain.",
            fix="Install the interpreter or the package in a folder of its own.",
        )


def _shown_by(path: Path, shown: Iterable[Path], others: Iterable[Path]) -> bool:
    return any(path.is_relative_to(other) for other in (*shown, *others))
