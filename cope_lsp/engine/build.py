"""Settings become an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.engine.hearing import hooks
from cope_lsp.engine.stores import stores
from cope_lsp.models.connect import connect_large, connect_small
from cope_lsp.sandbox import warm
from cope_lsp.sandbox.run import capacity
from cope_lsp.storage.places import places

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
    folder of what compilers made for them. `taster` tries the project's texts before they are parsed here.
    """

    settings: Settings
    stores: Stores
    small: Connection
    large: Connection | None
    limiter: anyio.CapacityLimiter
    pool: warm.Pool
    builds: Path
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
        places().cache / "builds",
        taster,
    )


async def close(engine: Engine) -> None:
    """End warm workers, close connections and end child processes."""
    await warm.close(engine.pool)
    await engine.small.close()
    if engine.large is not None:
        await engine.large.close()
