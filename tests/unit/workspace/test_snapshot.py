"""A picture of a project under its open documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.workspace.snapshot import Document, Snapshot, snapshot_file, snapshot_files, take_snapshot

if TYPE_CHECKING:
    from pathlib import Path


def document(path: Path, text: str) -> Document:
    """An open document."""
    return Document(path.as_uri(), path, "python", 3, text)


def test_an_open_document_stands_for_its_file(tmp_path: Path) -> None:
    """A test just typed and not saved is what must run; a new file has no text on disk at all."""
    (tmp_path / "a.py").write_text("old")
    (tmp_path / "b.py").write_text("disk")
    snapshot = take_snapshot(
        tmp_path,
        [document(tmp_path / "a.py", "new"), document(tmp_path / "sub" / "c.py", "unsaved")],
        trusted=True,
    )
    assert snapshot_files(snapshot, ["a.py", "b.py", "sub/c.py", "none.py"]) == {
        "a.py": "new",
        "b.py": "disk",
        "sub/c.py": "unsaved",
    }
    assert snapshot.trusted


def test_other_projects_documents_are_not_part_of_it(tmp_path: Path) -> None:
    """By real path: a link that leads out is outside, one that leads in is the file it names."""
    root, other = tmp_path / "root", tmp_path / "other"
    root.mkdir()
    other.mkdir()
    (other / "out.py").touch()
    (root / "in.py").touch()
    (root / "link.py").symlink_to(other / "out.py")
    (other / "link.py").symlink_to(root / "in.py")
    opened = [other / "out.py", root / "link.py", other / "link.py"]
    snapshot = take_snapshot(root, [document(path, path.name) for path in opened], trusted=False)
    assert dict(snapshot.documents) == {"in.py": document(other / "link.py", "link.py")}
    assert not snapshot.trusted


def test_an_untitled_document_has_no_project(tmp_path: Path) -> None:
    """Nothing is read from disk for it."""
    untitled = Document("untitled:one", None, "python", 1, "x")
    assert not take_snapshot(tmp_path, [untitled], trusted=True).documents
    assert take_snapshot(None, [untitled], trusted=True) == Snapshot(None, {}, trusted=True)
    assert snapshot_file(take_snapshot(None, [untitled], trusted=True), "etc/passwd") is None


def test_a_snapshot_does_not_change(tmp_path: Path) -> None:
    """Typing goes on while it is used."""
    documents = [document(tmp_path / "a.py", "one")]
    snapshot = take_snapshot(tmp_path, documents, trusted=True)
    documents.append(document(tmp_path / "b.py", "two"))
    assert list(snapshot.documents) == ["a.py"]
