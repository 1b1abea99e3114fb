"""A home folder with a project in it. It lies outside /tmp, which every sandbox has for itself."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cope_lsp.sandbox.run import run
from cope_lsp.sandbox.warm import Pool, close, run_pooled
from tests.sandbox.box import NAMESPACES, Place
from tests.sandbox.scene import judged_stub

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from cope_lsp.code.workbench import Run
    from tests.sandbox.box import Start
    from tests.sandbox.scene import Scene


@pytest.fixture
def place() -> Iterator[Place]:
    """An empty project below a home folder."""
    with tempfile.TemporaryDirectory(prefix=".cope-test-", dir=Path.home()) as name:
        home = Path(name).resolve()
        (home / "project").mkdir()
        yield Place(home, home / "project")


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """A project below a home folder, its stub judged once."""
    with judged_stub() as made:
        yield made


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    """A pool in which every worker that was wanted could start."""
    made = Pool()
    yield made
    assert not made.refused
    await close(made)


@pytest.fixture(params=["alone", "warm"])
def start(request: pytest.FixtureRequest, pool: Pool) -> Start:
    """How a job runs in an isolation: in a sandbox started for it, or forked from a worker."""
    return run if request.param == "alone" else partial(run_pooled, pool=pool)


@pytest.fixture(params=["alone", "warm"])
def way(request: pytest.FixtureRequest, pool: Pool) -> Run:
    """How jobs run in the strongest isolation: each in a sandbox started for it, or forked from a worker."""
    if request.param == "alone":
        return partial(run, isolation=NAMESPACES)
    return partial(run_pooled, isolation=NAMESPACES, pool=pool)
