"""A clean root, made by debootstrap, and a machine in it.

The root is pivoted, not chrooted: the kernel refuses user namespaces to whoever was chrooted, and the
product's sandbox could not start.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.first_edit.network import lay_network
from benchmarks.first_edit.routes import HOME, Person

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

NEEDED = ("debootstrap", "unshare", "nsenter", "pivot_root")
DEBIAN = ("bookworm", "trixie")
_UBUNTU = "/usr/share/debootstrap/scripts/gutsy"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_HOMES = {Person.ROOT: "/root", Person.NEWCOMER: HOME}
_LONGEST_S = 900

# The first process of the machine; it ends with whoever started it, and all others end with it.
_ENTER = """
set -e
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount --rbind /sys "$1/sys"
mount --rbind /dev "$1/dev"
mkdir -p "$1/.host"
cd "$1"
pivot_root . .host
cd /
umount -l /.host
echo entered
while :; do sleep 3600; done
"""


class CannotMakeRootError(Exception):
    """The root could not be had; the text is what the program said."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a line ended."""

    status: int
    seconds: float
    said: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A running root: its first process, as numbered out here, and the variables that its people have."""

    first: int
    variables: Mapping[str, str]

    def type(self, line: str, person: Person) -> Ended:
        """Run a shell line as that person; output is what both streams got."""
        given = {**self.variables, "PATH": _PATH, "HOME": _HOMES[person], "LANG": "C.UTF-8"}
        words = [f"{name}={value}" for name, value in given.items()]
        enter = ["nsenter", "--target", str(self.first), "--mount", "--pid", "--"]
        become = ["setpriv", f"--reuid={person}", f"--regid={person}", "--init-groups", "--"]
        began = time.monotonic()
        done = subprocess.run(
            [*enter, *become, "/usr/bin/env", "-i", *words, "/bin/sh", "-c", f"cd && {line}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_LONGEST_S,
            check=False,
        )
        said = done.stdout.decode(errors="replace").strip()
        return Ended(done.returncode, time.monotonic() - began, said)


def pristine_root(suite: str, mirror: str | None, store: Path) -> Path:
    """The bare system of a suite, made once and kept in `store`. Raises: CannotMakeRootError."""
    folder = store / suite
    if folder.exists():
        return folder
    store.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{suite}.", dir=store) as unfinished:
        made = Path(unfinished) / "root"
        command = debootstrap_command(suite, mirror, made)
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            last = "\n".join(f"{done.stdout}{done.stderr}".splitlines()[-5:])
            raise CannotMakeRootError(f"`{' '.join(command)}` failed ({done.returncode}):\n{last}")
        made.rename(folder)
    return folder


def debootstrap_command(suite: str, mirror: str | None, folder: Path) -> list[str]:
    """What makes the root of a suite. Raises: CannotMakeRootError."""
    make = ["debootstrap", "--variant=minbase"]
    if suite in DEBIAN:
        return [*make, suite, str(folder), *([mirror] if mirror else [])]
    if mirror is None:
        raise CannotMakeRootError(f"{suite} is none of {', '.join(DEBIAN)}: name its mirror with --mirror.")
    # Ubuntu keeps python3-venv in universe; its names since 2023 are unknown to Debian 12's debootstrap.
    return [*make, "--components=main,universe", suite, str(folder), mirror, _UBUNTU]


@contextmanager
def machine(pristine: Path, files: Mapping[str, Path]) -> Generator[Machine]:
    """A machine in a fresh copy of a root, with `files` (path in there: what is copied); gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="machine.", dir=pristine.parent) as name:
        root = Path(name) / "root"
        _do("cp", "-a", str(pristine), str(root))
        variables = lay_network(root)
        _do("chroot", str(root), "useradd", "--create-home", "--shell", "/bin/bash", Person.NEWCOMER)
        for place, source in files.items():
            _lay(source, root / place.removeprefix("/"))
        _do("chroot", str(root), "chown", "-R", f"{Person.NEWCOMER}:", HOME)
        with _running(root) as first:
            yield Machine(first, variables)


def _do(*command: str) -> None:
    subprocess.run(command, stdin=subprocess.DEVNULL, check=True)


def _lay(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


@contextmanager
def _running(root: Path) -> Generator[int]:
    apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--"]
    started = subprocess.Popen(
        [*apart, "/bin/sh", "-c", _ENTER, "enter", root],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if started.stdout is None or started.stdout.readline() != "entered\n":
            raise CannotMakeRootError(f"The root {root} could not be entered; that takes root's rights.")
        yield int(Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text())
    finally:
        started.kill()
        started.wait()
