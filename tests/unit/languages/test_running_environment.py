"""The project's interpreter is found by looking at files: nothing in the workspace is ever started."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cope_lsp.languages.python.running import PYTHON_RUNNING
from cope_lsp.languages.running import TestCase, Work

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """An installation that leaves a mark if anyone starts it."""
    return installation(tmp_path / "python", tmp_path / "started")


def installation(prefix: Path, mark: Path, version: str = "3.12") -> Path:
    """What an interpreter's folder looks like."""
    (prefix / "bin").mkdir(parents=True)
    (prefix / "lib" / f"python{version}" / "site-packages").mkdir(parents=True)
    (prefix / "lib" / f"python{version}" / "os.py").touch()
    program = prefix / "bin" / f"python{version}"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    return prefix


def venv(root: Path, base: Path, version: str = "3.12") -> Path:
    """A virtual environment in a workspace; gives its site-packages."""
    site = root / ".venv" / "lib" / f"python{version}" / "site-packages"
    site.mkdir(parents=True)
    (root / ".venv" / "bin").mkdir()
    (root / ".venv" / "bin" / "python3").symlink_to(base / "bin" / f"python{version}")
    (root / ".venv" / "pyvenv.cfg").write_text(f"home = {base / 'bin'}\nversion = {version}.1\n")
    return site


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace."""
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def test_the_workspace_s_own_environment_comes_first(root: Path, base: Path, tmp_path: Path) -> None:
    """`.venv` wins over what the client prefers; its base can be read; nothing was started."""
    venv(root, base)
    other = installation(tmp_path / "other", tmp_path / "started")
    found = PYTHON_RUNNING.environment(root, other / "bin" / "python3.12")
    assert found.program == root / ".venv" / "bin" / "python3"
    assert found.readable == (base,)
    assert found.problem == ""
    assert not (tmp_path / "started").exists()


def test_without_one_the_preferred_interpreter_is_taken(root: Path, base: Path) -> None:
    """A program or the folder of an environment."""
    program = base / "bin" / "python3.12"
    assert PYTHON_RUNNING.environment(root, program).program == program
    site = venv(root.parent / "elsewhere", base)
    folder = site.parents[2]
    assert PYTHON_RUNNING.environment(root, folder).program == folder / "bin" / "python3"


def test_without_any_the_path_is_searched(root: Path) -> None:
    """There is always an interpreter where we run ourselves, and pyenv's shims are looked through."""
    found = PYTHON_RUNNING.environment(root, None)
    assert found.program.exists()
    assert "shims" not in found.program.parts


def test_an_interpreter_that_is_too_old_is_passed_over(root: Path, tmp_path: Path) -> None:
    """Below 3.8 the runner does not run."""
    old = installation(tmp_path / "old", tmp_path / "started", "3.7")
    found = PYTHON_RUNNING.environment(root, old / "bin" / "python3.7")
    assert found.program != old / "bin" / "python3.7"


def test_pytest_is_found_by_looking(root: Path, base: Path) -> None:
    """The runner is pytest where the environment has it, unittest where not."""
    site = venv(root, base)
    assert PYTHON_RUNNING.environment(root, None).runner == "unittest"
    (site / "_pytest").mkdir()
    assert PYTHON_RUNNING.environment(root, None).runner == "pytest"


def by_path_file(site: Path, package: Path) -> None:
    """An editable install by a `.pth` line."""
    (site / "__editable__.lib.pth").write_text(f"{package.parent}\n")


def by_finder(site: Path, package: Path) -> None:
    """An editable install by setuptools' finder."""
    (site / "__editable___lib_finder.py").write_text(
        f"MAPPING: dict[str, str] = {{'lib': {str(package)!r}}}\n"
    )


def by_url(site: Path, package: Path) -> None:
    """An editable install as pip records it."""
    info = site / "lib-1.0.dist-info"
    info.mkdir()
    url = {"dir_info": {"editable": True}, "url": package.parents[1].as_uri()}
    (info / "direct_url.json").write_text(json.dumps(url))


@pytest.mark.parametrize("install", [by_path_file, by_finder, by_url])
def test_an_editable_install_can_be_read(
    root: Path, base: Path, tmp_path: Path, install: Callable[[Path, Path], None]
) -> None:
    """Whichever way it is recorded."""
    package = tmp_path / "lib" / "src" / "lib"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (tmp_path / "lib" / "pyproject.toml").touch()
    install(venv(root, base), package)
    readable = PYTHON_RUNNING.environment(root, None).readable
    assert any(package.is_relative_to(folder) for folder in readable)


@pytest.mark.parametrize("bait", ["~", "~/.ssh", "/", "/etc", ".."])
def test_a_workspace_cannot_open_folders_to_the_sandbox(root: Path, base: Path, bait: str) -> None:
    """A `.pth` in the repository that names a home, keys, the root or what lies around is not believed."""
    folder = Path(os.path.expanduser(bait)) if bait != ".." else root.parent  # noqa: PTH111 -- as in a bait
    (venv(root, base) / "bait.pth").write_text(f"{folder}\n")
    assert PYTHON_RUNNING.environment(root, None).readable == (base,)


def test_the_secret_is_only_on_standard_input(root: Path) -> None:
    """Neither the command line nor the environment of the run holds the nonce."""
    found = PYTHON_RUNNING.environment(root, Path(sys.executable))
    case = TestCase("test_a.py::test_a", "test_a.py", "pytest")
    invocation = PYTHON_RUNNING.invoke(found, Work("a.py", "f", (1, 2), tests=(case,), nonce="c0ffee"))
    assert b"c0ffee" in invocation.stdin
    assert "c0ffee" not in " ".join((*invocation.argv, *invocation.env.values()))
    assert "-s" in invocation.argv
    assert invocation.env["PYTHONHASHSEED"] == "0"
