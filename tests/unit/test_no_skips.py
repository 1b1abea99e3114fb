"""The rule of `tests/conftest.py`, on real pytest runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
SKIPPING = 'import pytest\n\ndef test_one():\n    pytest.skip("no server")\n\ndef test_two():\n    pass\n'
MODULE_SKIPPING = 'import pytest\n\npytest.skip("no server", allow_module_level=True)\n'


def run_pytest(folder: Path, *options: str, no_skips: str) -> subprocess.CompletedProcess[str]:
    """Pytest's closing status and words on a folder of tests."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, str(folder)]
    environment = {**os.environ, "COPE_NO_SKIPS": no_skips}
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with our conftest, a test that skips itself, and one that passes."""
    shutil.copy(CONFTEST, tmp_path / "conftest.py")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_it.py").write_text(SKIPPING)
    return tmp_path


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_skip_fails_the_run_where_skips_are_forbidden(project: Path, options: tuple[str, ...]) -> None:
    """With COPE_NO_SKIPS a skipped test makes pytest exit 1 and say so, also under xdist."""
    finished = run_pytest(project, *options, no_skips="1")
    assert finished.returncode == 1, finished.stdout
    assert "1 tests were skipped: the run fails" in finished.stdout


def test_a_skipped_module_counts(project: Path) -> None:
    """A module that skips itself at import is a skip too."""
    (project / "test_it.py").write_text(MODULE_SKIPPING)
    (project / "test_other.py").write_text("def test_two():\n    pass\n")
    assert run_pytest(project, no_skips="1").returncode == 1


def test_a_skip_is_allowed_on_a_developers_machine(project: Path) -> None:
    """Without the variable a skip stays a skip."""
    assert run_pytest(project, no_skips="").returncode == 0
