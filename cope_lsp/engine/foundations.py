"""What toolchains build of their own libraries: once for all projects, in a sandbox that sees none."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.code.workbench import MARGIN_S, job_of
from cope_lsp.sandbox.caches import Cache, Keeping, holds
from cope_lsp.sandbox.job import CannotIsolate, View

if TYPE_CHECKING:
    from cope_lsp.code.workbench import Run, Workbench
    from cope_lsp.languages.running import Foundation

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Foundations:
    """What is being made, and what was tried: each set of parts once in this process."""

    tried: dict[tuple[str, frozenset[str]], asyncio.Task[None]] = field(
        default_factory=dict[tuple[str, frozenset[str]], "asyncio.Task[None]"]
    )
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


async def lay(these: Foundations, foundation: Foundation, bench: Workbench) -> Path | None:
    """The folder of the foundation's builds, with all its parts wherever they can be made.

    Making goes on when its first asker is gone: the next one finds it done.
    """
    if bench.builds is None or bench.run is None:
        return None
    folder = bench.builds / foundation.name
    if not holds(folder, [f"parts/{part}" for part in foundation.parts]):
        key = (foundation.name, foundation.parts)
        if key not in these.tried:
            these.tried[key] = asyncio.create_task(_make(these.turn, foundation, bench, bench.run, folder))
        await asyncio.shield(these.tried[key])
    return folder


async def close(these: Foundations) -> None:
    """End what is still being made; the next asker goes on from there."""
    for task in these.tried.values():
        task.cancel()
    await asyncio.gather(*these.tried.values(), return_exceptions=True)


async def _make(turn: asyncio.Lock, foundation: Foundation, bench: Workbench, run: Run, folder: Path) -> None:
    """Make it; what hinders that is only said in the log, since every project can build for itself."""
    async with turn:
        with tempfile.TemporaryDirectory(prefix="cope-foundation-") as name:
            view = View(await asyncio.to_thread(Path(name).resolve), foundation.making.layer)
            cache = Cache(folder, Keeping.HALF)
            limits = replace(bench.limits, wall_s=bench.build_s + MARGIN_S)
            job = job_of(foundation.making, view, limits, cache)
            try:
                async with bench.limiter:
                    finished = await run(job)
            except (CannotIsolate, OSError) as error:
                log.warning("%s could not be built for all projects: %s", foundation.name, error)
                return
    log.info(
        "%s was built for all projects: %s in %.1f s", foundation.name, finished.ending, finished.seconds
    )
