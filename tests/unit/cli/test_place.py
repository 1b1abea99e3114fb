"""`FILE:SYMBOL` becomes a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade.errors import CopeError
from cope_lsp.cli.place import find_place, root_of
from cope_lsp.code.problem import RequestKind
from cope_lsp.engine.stores import stores
from cope_lsp.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.cli.place import Place

STUB = 'def double(x: int) -> int:\n    """Twice x."""\n    ...\n'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stores of the test's own."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a project in a folder of it."""
    root = tmp_path / "repository" / "service"
    (root / "src").mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    (root / "pyproject.toml").write_text("")
    (root / "src" / "numbers.py").write_text(STUB)
    return root


def find(place: str, instruction: str = "") -> Place:
    """The place, as `solve` finds it."""
    return anyio.run(find_place, place, instruction, stores(Settings()).decisions)


def test_a_stub_is_implemented_in_its_project(project: Path) -> None:
    """The root is the nearest marker's folder, and the target the function of that name."""
    request = find(f"{project / 'src' / 'numbers.py'}:double").request
    assert (request.kind, request.target.qualname, request.snapshot.root) == (
        RequestKind.IMPLEMENT,
        "double",
        project,
    )
    assert not request.snapshot.trusted


def test_trust_that_the_user_gave_holds(project: Path) -> None:
    """`cope-lsp trust` and `cope-lsp solve` read the same store."""
    anyio.run(stores(Settings()).decisions.trust, project)
    assert find(f"{project / 'src' / 'numbers.py'}:double").request.snapshot.trusted


def test_a_written_function_is_edited_by_an_instruction(project: Path) -> None:
    """With an instruction the request is an edit that carries it."""
    (project / "src" / "numbers.py").write_text("def double(x):\n    return 2 * x\n")
    request = find(f"{project / 'src' / 'numbers.py'}:double", "accept None").request
    assert (request.kind, request.instruction) == (RequestKind.EDIT, "accept None")


@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("{file}", "FILE:SYMBOL"),
        ("{folder}/none.py:double", "no file"),
        ("{folder}/notes.txt:double", "language"),
        ("{file}:dubble", "double"),
    ],
)
def test_what_is_wrong_with_a_place_is_said(project: Path, place: str, word: str) -> None:
    """Each error names what to write instead."""
    folder = project / "src"
    (folder / "notes.txt").write_text("")
    with pytest.raises(CopeError, match=word):
        find(place.format(folder=folder, file=folder / "numbers.py"))


def test_a_folders_root_is_found_no_further_up_than_its_repository(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A marker above the repository belongs to something else."""
    monkeypatch.chdir(project)
    (tmp_path / "pyproject.toml").write_text("")
    assert root_of(project) == project
    assert root_of(project.parent) == project.parent
