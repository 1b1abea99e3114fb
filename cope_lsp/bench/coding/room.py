"""Where candidates of the bench run: an empty folder, this interpreter, the strongest isolation there is."""

from __future__ import annotations

import sys
import tempfile
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from cope_lsp.code.workbench import Workbench
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.sandbox.job import CannotIsolate
from cope_lsp.sandbox.ladder import strongest
from cope_lsp.sandbox.run import capacity
from cope_lsp.sandbox.warm import Pool, close, run_pooled

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

TIMEOUT_S = 6.0
"""Seconds that judging one draw may take; small models' draws loop for ever more often than an editor's."""


@asynccontextmanager
async def room() -> AsyncGenerator[Workbench]:
    """A workbench whose workers and folder end with the block; where nothing isolates, it says why."""
    pool = Pool()
    with tempfile.TemporaryDirectory(prefix="cope-bench-") as name:
        root = Path(await anyio.Path(name).resolve())
        try:
            yield await _workbench(root, pool)
        finally:
            await close(pool)


async def _workbench(root: Path, pool: Pool) -> Workbench:
    environment = PYTHON.running.environment(root, Path(sys.executable))
    try:
        isolation = await strongest()
    except CannotIsolate as error:
        return Workbench(run=None, root=root, environment=environment, reason=str(error))
    return Workbench(
        run=partial(run_pooled, isolation=isolation, pool=pool),
        root=root,
        environment=environment,
        timeout_s=TIMEOUT_S,
        limiter=capacity(),
    )
