"""Which project a file belongs to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.languages.python.language import PYTHON
from cope_lsp.workspace.roots import project_root

if TYPE_CHECKING:
    from pathlib import Path


def make(path: Path) -> Path:
    """An empty file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_the_nearest_marker_counts(tmp_path: Path) -> None:
    """A package of a monorepo is a project of its own."""
    make(tmp_path / "pyproject.toml")
    make(tmp_path / "packages" / "one" / "tox.ini")
    source = make(tmp_path / "packages" / "one" / "src" / "a.py")
    assert project_root(source, [tmp_path]) == tmp_path / "packages" / "one"
    assert project_root(make(tmp_path / "b.py"), [tmp_path]) == tmp_path


def test_no_marker_means_the_workspace_folder(tmp_path: Path) -> None:
    """And a marker above it does not count: it is outside what the user opened."""
    make(tmp_path / "pyproject.toml")
    source = make(tmp_path / "folder" / "src" / "a.py")
    assert project_root(source, [tmp_path / "folder"]) == tmp_path / "folder"


def test_the_innermost_workspace_folder_counts(tmp_path: Path) -> None:
    """Folders may lie in each other, in any order."""
    make(tmp_path / "pyproject.toml")
    source = make(tmp_path / "inner" / "a.py")
    for folders in ([tmp_path, tmp_path / "inner"], [tmp_path / "inner", tmp_path]):
        assert project_root(source, folders) == tmp_path / "inner"


def test_a_file_outside_all_folders_has_no_project(tmp_path: Path) -> None:
    """Nor has one that a link leads out to."""
    (tmp_path / "inside").mkdir()
    outside = make(tmp_path / "outside" / "a.py")
    (tmp_path / "inside" / "link.py").symlink_to(outside)
    assert project_root(outside, [tmp_path / "inside"]) is None
    assert project_root(tmp_path / "inside" / "link.py", [tmp_path / "inside"]) is None
    assert project_root(outside, []) is None


def test_markers_are_the_languages(tmp_path: Path) -> None:
    """A file's own language decides what a project is; a folder named like a marker is none."""
    (tmp_path / "a" / "pyproject.toml").mkdir(parents=True)
    make(tmp_path / "a" / "Cargo.toml")
    assert project_root(make(tmp_path / "a" / "b" / "c.py"), [tmp_path]) == tmp_path
    assert project_root(make(tmp_path / "a" / "b" / "c.rs"), [tmp_path]) == tmp_path / "a"
    other = replace(PYTHON, root_markers=("Cargo.toml",))
    assert project_root(tmp_path / "a" / "b" / "c.py", [tmp_path], other) == tmp_path / "a"


def test_packages_of_a_workspace_belong_to_its_outermost_marker(tmp_path: Path) -> None:
    """They build against each other; Python's nearest project stands alone."""
    for folder in (tmp_path, tmp_path / "member"):
        make(folder / "Cargo.toml")
        make(folder / "pyproject.toml")
    assert project_root(make(tmp_path / "member" / "src" / "lib.rs"), [tmp_path]) == tmp_path
    assert project_root(make(tmp_path / "member" / "src" / "lib.py"), [tmp_path]) == tmp_path / "member"
