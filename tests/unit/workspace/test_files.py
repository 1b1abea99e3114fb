"""Reads stay inside the project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cope_lsp.workspace.files import LARGEST_FILE, Unreadable, read_file, read_or_none, real_relative

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a neighbour."""
    (tmp_path / "outside.txt").write_text("outside")
    project = tmp_path / "project"
    (project / "sub").mkdir(parents=True)
    (project / "a.txt").write_bytes("eins\r\nzweï".encode())
    return project


def test_a_text_is_read_as_it_is(root: Path) -> None:
    """Line ends stay; a byte order mark is no text."""
    assert read_file(root, "a.txt") == "eins\r\nzweï"
    (root / "bom.txt").write_bytes(b"\xef\xbb\xbfx")
    assert read_file(root, "bom.txt") == "x"


@pytest.mark.parametrize("path", ["../outside.txt", "sub/../../outside.txt", "/etc/passwd", "..", "a\0b", ""])
def test_no_path_leads_out(root: Path, path: str) -> None:
    """However it is written."""
    assert read_or_none(root, path) is None


def test_no_link_leads_out(root: Path) -> None:
    """Of a file, of a folder on the way, or through another link."""
    (root / "file.txt").symlink_to(root.parent / "outside.txt")
    (root / "folder").symlink_to(root.parent)
    (root / "second.txt").symlink_to("file.txt")
    (root / "loop").symlink_to("loop")
    for path in ("file.txt", "folder/outside.txt", "second.txt", "loop"):
        with pytest.raises(Unreadable):
            read_file(root, path)


def test_a_link_inside_is_followed_and_named(root: Path) -> None:
    """Whoever decides by name must decide by the real one."""
    (root / "sub" / "link.txt").symlink_to("../a.txt")
    assert real_relative(root, "sub/link.txt") == "a.txt"
    assert read_file(root, "sub/link.txt") == read_file(root, "a.txt")


def test_a_linked_root_is_its_real_folder(root: Path) -> None:
    """A workspace may be opened through a link."""
    (root.parent / "link").symlink_to("project")
    assert read_file(root.parent / "link", "a.txt") == read_file(root, "a.txt")


def test_what_is_no_plain_file_is_not_read(root: Path) -> None:
    """A pipe would block for ever, a device never end."""
    os.mkfifo(root / "pipe")
    (root / "device").symlink_to("/dev/zero")
    for path in ("pipe", "device", "sub"):
        assert read_or_none(root, path) is None


def test_size_is_bounded(root: Path) -> None:
    """One MiB, to the byte."""
    (root / "large.txt").write_bytes(b"x" * LARGEST_FILE)
    assert len(read_file(root, "large.txt")) == LARGEST_FILE
    (root / "large.txt").write_bytes(b"x" * (LARGEST_FILE + 1))
    with pytest.raises(Unreadable, match="larger than 1 MiB"):
        read_file(root, "large.txt")


def test_what_is_not_utf8_is_not_read(root: Path) -> None:
    """Guessing another encoding would put wrong text into an edit."""
    (root / "latin.txt").write_bytes("ü".encode("latin-1"))
    with pytest.raises(Unreadable, match="UTF-8"):
        read_file(root, "latin.txt")
