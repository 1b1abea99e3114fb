"""The user's folders are the user's alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cope_lsp.storage.places import StoreUnsafe, places, private_folder


def test_a_folder_is_made_for_the_user_alone(tmp_path: Path) -> None:
    """So are the folders on the way to it that were not there."""
    folder = private_folder(tmp_path / "a" / "b")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert private_folder(folder) == folder


def test_a_umask_does_not_open_it(tmp_path: Path) -> None:
    """Even one that would let everybody in."""
    before = os.umask(0)
    try:
        folder = private_folder(tmp_path / "a")
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o707, 0o770])
def test_a_folder_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    """The message names the command that helps."""
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(StoreUnsafe, match="chmod 700"):
        private_folder(folder)


def test_a_link_is_refused(tmp_path: Path) -> None:
    """Somebody may have put it there."""
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("elsewhere")
    with pytest.raises(StoreUnsafe):
        private_folder(tmp_path / "link")


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    """As an expected failure, not as an OSError."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnsafe):
        private_folder(tmp_path / "file")
    with pytest.raises(StoreUnsafe):
        private_folder(tmp_path / "file" / "below")


def test_a_foreign_owner_is_refused() -> None:
    """A folder of another user's: the root's for us, or somebody's for root."""
    foreign = Path("/proc/1") if os.geteuid() else _somebodys()
    with pytest.raises(StoreUnsafe):
        private_folder(foreign)


def _somebodys() -> Path:
    import tempfile  # noqa: PLC0415 -- for root only

    folder = Path(tempfile.mkdtemp())
    os.chown(folder, 65534, 65534)
    return folder


def test_one_variable_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests and portable installations set `COPE_HOME`; without it the folders are the platform's."""
    monkeypatch.setenv("COPE_HOME", str(tmp_path))
    assert places().cache.is_relative_to(tmp_path)
    assert places().state.is_relative_to(tmp_path)
    monkeypatch.delenv("COPE_HOME")
    assert places().cache != places().state
    assert not tmp_path.joinpath("cache").exists()
