"""A home folder with a project in it. It lies outside /tmp, which every sandbox has for itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.box import Place

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def place() -> Iterator[Place]:
    """An empty project below a home folder."""
    with tempfile.TemporaryDirectory(prefix=".cope-test-", dir=Path.home()) as name:
        home = Path(name).resolve()
        (home / "project").mkdir()
        yield Place(home, home / "project")
