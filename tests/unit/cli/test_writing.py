"""An accepted edit reaches its file whole, or not at all."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cli.writing import FileMoved, write_edit

if TYPE_CHECKING:
    from pathlib import Path


def test_bytes_and_mode_are_kept(tmp_path: Path) -> None:
    """Line ends and letters are written as given; an executable file stays one."""
    file = tmp_path / "a.py"
    file.write_bytes(b"x = 1\r\n")
    file.chmod(0o755)
    write_edit(file, "x = 1\r\n", "x = 'Ä'\r\n")
    assert file.read_bytes() == "x = 'Ä'\r\n".encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o755


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    """It is no part of the text that the edit was made for, and no part that an edit may remove."""
    file = tmp_path / "a.py"
    file.write_bytes(b"\xef\xbb\xbfx = 1\n")
    write_edit(file, "x = 1\n", "x = 2\n")
    assert file.read_bytes() == b"\xef\xbb\xbfx = 2\n"


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """The edit was made for another text; the message says what to do, and nothing is left beside it."""
    file = tmp_path / "a.py"
    file.write_text("x = 2\n")
    with pytest.raises(FileMoved, match="Run the command again"):
        write_edit(file, "x = 1\n", "x = 3\n")
    assert file.read_text() == "x = 2\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file behind it is written."""
    file, link = tmp_path / "a.py", tmp_path / "b.py"
    file.write_text("x = 1\n")
    link.symlink_to(file)
    write_edit(link, "x = 1\n", "x = 2\n")
    assert link.is_symlink()
    assert file.read_text() == "x = 2\n"
