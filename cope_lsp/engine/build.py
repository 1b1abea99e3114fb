"""Settings become an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import to_thread

from cope_lsp.engine import foundations
from cope_lsp.engine.foundations import Foundations
from cope_lsp.engine.hearing import hooks
from cope_lsp.engine.stores import builds_folder, stores
from cope_lsp.models.connect import connect_large, connect_small
from cope_lsp.sandbox import caches, warm
from cope_lsp.sandbox.run import capacity

if TYPE_CHECKING:
    from pathlib import Path

    import anyio

    from cope_lsp.engine.stores import Stores
    from cope_lsp.models.provider import Connection
    from cope_lsp.settings import Settings
    from cope_lsp.workspace.tasting import Taster


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that lives as long as its settings do.

    `limiter` bounds how many sandboxes run at once; `pool` keeps their warm workers, `builds` is the
    folder of what compilers made for them, and `foundations` makes what of that all projects share. `taster`
    tries the project's texts before they are parsed here.
    """

    settings: Settings
    stores: Stores
    small: Connection
    large: Connection | None
    limiter: anyio.CapacityLimiter
    pool: warm.Pool
    builds: Path
    foundations: Foundations
    taster: Taster | None = None


def build_engine(settings: Settings, taster: Taster | None = None) -> Engine:
    """Name the stores and prepare the models; nothing is opened, loaded or sent before the first request."""
    here = stores(settings)
    told = hooks(here.sent)
    return Engine(
        settings,
        here,
        connect_small(settings, told),
        connect_large(settings, told),
        capacity(),
        warm.Pool(),
        builds_folder(),
        Foundations(),
        taster,
    )


async def close(engine: Engine) -> None:
    """End warm workers and builds for all projects, close connections and end child processes.

    Builds that were not used for long go, too.
    """
    await foundations.close(engine.foundations)
    await warm.close(engine.pool)
    await engine.small.close()
    if engine.large is not None:
        await engine.large.close()
    await to_thread.run_sync(caches.sweep, engine.builds)
