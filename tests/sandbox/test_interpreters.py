"""Interpreters below the home folder work, and show nothing that lies beside them."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.sandbox.job import Finished, Job, View
from cope_lsp.sandbox.run import run
from tests.sandbox.box import NAMESPACES

if TYPE_CHECKING:
    from tests.sandbox.box import Place

BASE = Path(sys.base_prefix).resolve()


def make_pyenv(home: Path) -> Path:
    """A pyenv-like installation: an interpreter's own prefix, under versions/, with a linked alias."""
    version = home / ".pyenv" / "versions" / "3.99.1"
    (version / "bin").mkdir(parents=True)
    program = Path(sys.executable).resolve()
    library = Path(sysconfig.get_path("stdlib"))
    (version / "bin" / "python3").write_bytes(program.read_bytes())
    (version / "bin" / "python3").chmod(0o755)
    (version / "bin" / "python").symlink_to("python3")
    (version / "lib").mkdir()
    (version / "lib" / library.name).symlink_to(library)
    (home / ".pyenv" / "versions" / "3.99").symlink_to(version)
    (home / ".pyenv" / "secret").write_text("beside the versions")
    return version


async def run_with(program: Path, code: str, project: Path, readable: tuple[Path, ...]) -> Finished:
    """Run a program of the host over a project."""
    job = Job((str(program), "-c", code), View(project, masked=(".venv/.env",)), readable)
    return await run(job, NAMESPACES)


def make_venv(folder: Path) -> None:
    """A virtual environment of links, as `python -m venv` makes it, without pip."""
    subprocess.run([Path(sys.executable).resolve(), "-m", "venv", "--without-pip", folder], check=True)


async def test_a_venv_in_the_project_works(place: Place) -> None:
    """A .venv in the project, whose interpreter is a link out of it, runs with its own packages."""
    make_venv(place.project / ".venv")
    [packages] = (place.project / ".venv").glob("lib/python*/site-packages")
    (packages / "dependency.py").write_text("name = 'dependency of the project'")
    code = "import dependency, sys; print(dependency.name, sys.prefix)"
    program = place.project / ".venv" / "bin" / "python"
    finished = await run_with(program, code, place.project, (place.project / ".venv", BASE))
    assert finished.stdout.decode() == f"dependency of the project {place.project}/.venv\n", finished.stderr


async def test_an_ignored_venv_works(place: Place) -> None:
    """A .venv that version control ignores is still there when it is named as readable."""
    make_venv(place.project / ".venv")
    job = Job(
        (str(place.project / ".venv" / "bin" / "python"), "-c", "print('ran')"),
        View(place.project, masked=(".venv",)),
        (place.project / ".venv", BASE),
    )
    assert (await run(job, NAMESPACES)).stdout == b"ran\n"
    assert (await run(replace(job, readable=(BASE,)), NAMESPACES)).exit_code == 127


async def test_a_pyenv_under_the_home_folder_works(place: Place) -> None:
    """An interpreter reached through an alias beside it runs, and its neighbours are not there."""
    version = make_pyenv(place.home)
    alias = place.home / ".pyenv" / "versions" / "3.99"
    code = (
        f"import os, sys\nhome = '{place.home}'\n"
        "print(sys.executable, os.path.exists(f'{home}/.pyenv/secret'), os.listdir(f'{home}/.pyenv'))"
    )
    finished = await run_with(alias / "bin" / "python", code, place.project, (alias, BASE))
    assert finished.stdout.decode() == f"{alias}/bin/python False ['versions']\n", finished.stderr
    assert version.exists()


async def test_a_venv_of_a_linked_interpreter_works(place: Place) -> None:
    """A venv made from an alias resolves through every link of the chain, as uv's interpreters do."""
    version = make_pyenv(place.home)
    alias = place.home / ".pyenv" / "versions" / "3.99"
    folder = place.home / "envs" / "one"
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(f"home = {alias}/bin\n")
    (folder / "bin" / "python").symlink_to(alias / "bin" / "python")
    code = f"import os, sys; print(sys.prefix, os.listdir('{place.home}/envs'))"
    (place.home / "envs" / "two").mkdir()
    finished = await run_with(folder / "bin" / "python", code, place.project, (folder, version, BASE))
    assert finished.stdout.decode() == f"{folder} ['one']\n", finished.stderr


async def test_an_editable_install_under_the_home_folder_works(place: Place) -> None:
    """A package that the environment only points to is importable, and what lies beside it is not there."""
    make_venv(place.project / ".venv")
    source = place.home / "work" / "library" / "src"
    source.mkdir(parents=True)
    (source / "library.py").write_text("name = 'editable'")
    (place.home / "work" / "library" / ".env").write_text("secret")
    [packages] = (place.project / ".venv").glob("lib/python*/site-packages")
    (packages / "library.pth").write_text(f"{source}\n")
    code = f"import library, os; print(library.name, os.listdir('{place.home}/work/library'))"
    program = place.project / ".venv" / "bin" / "python"
    finished = await run_with(program, code, place.project, (place.project / ".venv", BASE, source))
    assert finished.stdout.decode() == "editable ['src']\n", finished.stderr


async def test_a_linked_venv_shows_nothing_by_itself(place: Place) -> None:
    """A repository's link out of the project opens nothing: its target must be named itself."""
    (place.home / ".ssh").mkdir()
    (place.home / ".ssh" / "id").write_text("key")
    (place.project / ".venv").symlink_to(place.home / ".ssh")
    job = Job(("cat", ".venv/id"), View(place.project), (place.project / ".venv",))
    assert (await run(job, NAMESPACES)).stdout == b""
