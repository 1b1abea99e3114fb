"""`make setup`: what it says where it cannot go on, and that it is quick where nothing changed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
BASE = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"
RUN = "import runpy; runpy.run_path('scripts/bootstrap.py', run_name='__main__')"


def bootstrap(before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the script on an interpreter that `before` has changed."""
    command = [str(BASE), "-c", f"import sys\n{before}\n{RUN}"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def test_an_old_python_is_told_so() -> None:
    """One line says what is needed, one how another Python is named; nothing is installed."""
    ended = bootstrap("sys.version_info = (3, 9, 2)")
    assert ended.returncode == 1
    assert "needs Python 3.11 or newer" in ended.stderr
    assert "make setup PYTHON=" in ended.stderr


def test_where_nothing_changed_it_does_nothing() -> None:
    """Every other target begins with it."""
    began = time.monotonic()
    ended = bootstrap()
    assert (ended.returncode, ended.stdout) == (0, "")
    assert time.monotonic() - began < 10


def test_make_names_its_targets() -> None:
    """`make` alone is the list, and installs nothing."""
    ended = subprocess.run(
        ["make"], cwd=ROOT, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    for target in ("setup", "demo", "test", "check", "bench"):
        assert f"make {target}" in ended.stdout
