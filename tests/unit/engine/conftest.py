"""Every test has a user's home of its own, so that no decision or price of another counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def cope_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's stores."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("COPE_HOME", str(home))
    return home
