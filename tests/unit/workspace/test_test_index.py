"""Which files may hold tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.python.language import PYTHON
from cope_lsp.workspace import test_index
from cope_lsp.workspace.ignoring import ignore_rules
from cope_lsp.workspace.snapshot import Document, take_snapshot

if TYPE_CHECKING:
    from pathlib import Path


def make(root: Path, *names: str) -> None:
    """Empty files."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def found(root: Path, *documents: Document) -> tuple[str, ...]:
    """The project's test files."""
    return test_index.test_files(
        take_snapshot(root, documents, trusted=True), ignore_rules(root), PYTHON.test_files
    )


def test_tests_are_found_by_name_from_the_root_downwards(tmp_path: Path) -> None:
    """pytest's, unittest's and Django's names."""
    make(
        tmp_path,
        "tests/unit/test_deep.py",
        "test_a.py",
        "app/tests.py",
        "app/models_test.py",
        "app/models.py",
    )
    assert found(tmp_path) == ("test_a.py", "app/models_test.py", "app/tests.py", "tests/unit/test_deep.py")


def test_environments_hidden_and_ignored_folders_are_not_entered(tmp_path: Path) -> None:
    """Nor are links to folders."""
    make(
        tmp_path,
        ".venv/test_x.py",
        "node_modules/test_x.py",
        ".hidden/test_x.py",
        "old/test_x.py",
        "test_y.py",
    )
    (tmp_path / ".gitignore").write_text("old/\ntest_y.py\n")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert found(tmp_path) == ()


def test_a_test_that_is_not_saved_yet_comes_first(tmp_path: Path) -> None:
    """It is likely the one just written."""
    make(tmp_path, "test_a.py")
    new = tmp_path / "tests" / "test_new.py"
    assert found(tmp_path, Document(new.as_uri(), new, "python", 1, "")) == ("tests/test_new.py", "test_a.py")


def test_a_huge_project_is_bounded(tmp_path: Path) -> None:
    """What lies nearest to the root is kept."""
    make(
        tmp_path, *(f"tests/test_{number}.py" for number in range(test_index.MOST_FILES + 10)), "test_near.py"
    )
    files = found(tmp_path)
    assert len(files) == test_index.MOST_FILES
    assert files[0] == "test_near.py"
