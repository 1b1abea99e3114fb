"""Makes `.venv` what `uv.lock` says, on a machine that has Python and nothing else.

uv comes through pip into a virtual environment of its own (`.cache/uv`), then `uv sync --locked`. Standard
library only, and in words that an old Python can read, so that it can say that it is too old. Quick when
nothing changed: `.venv/.synced` holds the fingerprint of the lock that it was made from.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".synced"
UV = "uv==0.13.9"
UV_HOME = ROOT / ".cache" / "uv"
UV_PROGRAM = UV_HOME / "bin" / "uv"
OLDEST = (3, 11)


def main() -> int:
    """Bring `.venv` up to date; where that cannot be done, say what is missing."""
    if sys.version_info < OLDEST:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return refuse(
            f"cope-lsp needs Python 3.11 or newer, and {sys.executable} is {version}.",
            "Debian 12 and Ubuntu 24.04 bring one; another is named so: make setup PYTHON=/path/to/python3",
        )
    wanted = fingerprint()
    if (VENV / "bin" / "cope-lsp").exists() and STAMP.is_file() and STAMP.read_text() == wanted:
        return 0
    if not installed_uv():
        if not can_make_venvs():
            package = f"python3.{sys.version_info[1]}-venv"
            return refuse(
                f"{sys.executable} cannot make virtual environments: Debian keeps that part in {package}.",
                f"Install it and run make again: sudo apt-get install {package}",
            )
        install_uv()
    sync()
    STAMP.write_text(wanted)
    return 0


def fingerprint() -> str:
    """What the environment depends on: the lock, the project file, the interpreter."""
    digest = hashlib.sha256()
    for part in (ROOT / "uv.lock", ROOT / "pyproject.toml"):
        digest.update(part.read_bytes())
    digest.update(f"{UV} {os.path.realpath(sys.executable)} {sys.version}".encode())
    return digest.hexdigest()


def installed_uv() -> bool:
    """Whether the uv that we pin is there."""
    if not UV_PROGRAM.exists():
        return False
    said = subprocess.run([UV_PROGRAM, "--version"], capture_output=True, text=True, check=False)
    return said.stdout.split()[1:2] == [UV.partition("==")[2]]


def can_make_venvs() -> bool:
    """Whether this Python has `ensurepip`; as root on Debian, install what brings it."""
    if importlib.util.find_spec("ensurepip") is not None:
        return True
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    package = f"python3.{sys.version_info[1]}-venv"
    print(f"Installing Debian's {package} …", flush=True)
    for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", package]):
        subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def install_uv() -> None:
    """Put the pinned uv into a virtual environment of its own."""
    print(f"Installing {UV} into {UV_HOME.relative_to(ROOT)} …", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", UV_HOME], check=True)
    pip = [UV_HOME / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, UV], check=True)


def sync() -> None:
    """Install the locked packages, with every group and extra, for this interpreter."""
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    interpreter = os.path.realpath(sys.executable)
    command = [UV_PROGRAM, "sync", "--locked", "--all-groups", "--all-extras", "--python", interpreter]
    print("Installing the locked packages into .venv …", flush=True)
    subprocess.run([*command, "--quiet"], cwd=ROOT, env=environment, check=True)


def refuse(problem: str, remedy: str) -> int:
    """Say what is missing and how to get it; the exit status of a failure."""
    print(f"{problem}\n{remedy}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failure:
        words = " ".join(str(word) for word in failure.cmd)
        sys.exit(
            refuse(
                f"This command failed with status {failure.returncode}: {words}", "Its own words stand above."
            )
        )
