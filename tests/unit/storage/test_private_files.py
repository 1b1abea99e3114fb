"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cope_lsp.storage.private_files import prune, write_private

if TYPE_CHECKING:
    from pathlib import Path

ADD_ONE = """
import sys
from pathlib import Path
import pytest

from cope_lsp.storage.private_files import locked, write_private
file = Path(sys.argv[1])
for _ in range(100):
    with locked(file):
        count = int(file.read_bytes()) if file.exists() else 0
        write_private(file, str(count + 1).encode())
"""


def test_a_file_is_for_the_user_alone(tmp_path: Path) -> None:
    """Whatever was there before."""
    file = tmp_path / "private" / "file"
    write_private(file, b"one")
    file.chmod(0o666)
    write_private(file, b"two")
    assert file.read_bytes() == b"two"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    """Here a folder stands where the file belongs."""
    (tmp_path / "private").mkdir(mode=0o700)
    (tmp_path / "private" / "file").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_private(tmp_path / "private" / "file", b"one")
    assert [path.name for path in (tmp_path / "private").iterdir()] == ["file"]


def test_no_change_of_two_processes_is_lost(tmp_path: Path) -> None:
    """Four processes count to a hundred each in one file."""
    file = tmp_path / "private" / "count"
    command = [sys.executable, "-c", ADD_ONE, str(file)]
    counters = [subprocess.Popen(command) for _ in range(4)]
    assert [counter.wait() for counter in counters] == [0] * 4
    assert file.read_bytes() == b"400"


def test_what_is_too_old_goes_and_the_rest_stays(tmp_path: Path) -> None:
    """Drafts that a killed writer left behind go too."""
    for name, days in (("old.md", 8), ("new.md", 6), (".draft.md.0123", 8), ("old.txt", 8)):
        file = tmp_path / name
        file.touch()
        os.utime(file, (0, time.time() - days * 86400))
    prune(tmp_path, "*.md", 7)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.md", "old.txt"]
