"""Invariant: nothing ignored, denied or secret is shown to a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.workspace.ignoring import ignore_rules
from cope_lsp.workspace.readable import readable_for_model
from cope_lsp.workspace.snapshot import Document, take_snapshot

if TYPE_CHECKING:
    from pathlib import Path

SECRET = 'password = "hunter2x"\n'  # noqa: S105 -- what must be found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with things to hide."""
    files = {
        "app.py": "x = 1\n",
        ".env": "A=1\n",
        "settings.py": SECRET,
        "private/data.py": "y = 2\n",
        "notes.md": "note\n",
        ".gitignore": "private/\n",
        ".copeignore": "notes.md\n",
        "mine.py": "z = 3\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def reader(root: Path, *documents: Document) -> dict[str, str | None]:
    """What a model sees of the project's files."""
    snapshot = take_snapshot(root, documents, trusted=True)
    read = readable_for_model(snapshot, ignore_rules(root, ["mine.py"]))
    names = [path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()]
    return {name: read(name) for name in names}


def test_only_what_nobody_hides_is_read(root: Path) -> None:
    """Denied, ignored by any list, or with a secret: None."""
    seen = reader(root)
    assert {name for name, text in seen.items() if text is not None} == {
        "app.py",
        ".gitignore",
        ".copeignore",
    }


def test_an_open_document_is_hidden_like_its_file(root: Path) -> None:
    """Also where only the unsaved text holds the secret."""
    documents = [
        Document("file:///env", root / ".env", "env", 1, "A=2"),
        Document("file:///app", root / "app.py", "python", 1, SECRET),
    ]
    seen = reader(root, *documents)
    assert seen[".env"] is None
    assert seen["app.py"] is None


def test_a_link_shows_nothing_that_its_end_hides(root: Path) -> None:
    """A repository can hold a harmless name for a hidden file."""
    for number, target in enumerate([".env", "private/data.py", "notes.md", "settings.py", "/etc/hostname"]):
        (root / f"link{number}.txt").symlink_to(target)
    (root / "folder").symlink_to("private")
    seen = reader(root)
    assert all(seen[f"link{number}.txt"] is None for number in range(5))
    read = readable_for_model(take_snapshot(root, [], trusted=True), ignore_rules(root))
    assert read("folder/data.py") is None
    assert read("../outside.py") is None
