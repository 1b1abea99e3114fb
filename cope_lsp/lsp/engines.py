"""The engines: one for each set of settings, built when first needed, closed after its last use."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from cope_lsp.engine.build import Engine
    from cope_lsp.settings import Settings
    from cope_lsp.workspace.tasting import Taster

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Lent:
    engine: Engine
    users: int = 0
    wanted: bool = True


@dataclass(slots=True)
class Engines:
    """All engines; a solve that runs keeps its own when the settings change."""

    taster: Callable[[], Taster] | None = None
    _lent: dict[Settings, _Lent] = field(default_factory=dict["Settings", _Lent])

    @asynccontextmanager
    async def borrow(self, settings: Settings) -> AsyncGenerator[Engine]:
        """The engine of these settings, for as long as the context lasts."""
        from cope_lsp.engine.build import build_engine  # noqa: PLC0415 -- start-up stays free of every model and store

        lent = self._lent.get(settings)
        if lent is None:
            lent = self._lent[settings] = _Lent(build_engine(settings, self.taster and self.taster()))
        lent.users += 1
        try:
            yield lent.engine
        finally:
            lent.users -= 1
            await self._close_idle()

    async def keep_only(self, wanted: Iterable[Settings]) -> None:
        """Close the engines of all other settings, those in use after their last use."""
        kept = set(wanted)
        for settings, lent in self._lent.items():
            lent.wanted = settings in kept
        await self._close_idle()

    async def close(self) -> None:
        """Close all engines."""
        lent, self._lent = list(self._lent.values()), {}
        for one in lent:
            await _close(one.engine)

    async def _close_idle(self) -> None:
        idle = [settings for settings, lent in self._lent.items() if not lent.users and not lent.wanted]
        for settings in idle:
            await _close(self._lent.pop(settings).engine)


async def _close(engine: Engine) -> None:
    from cope_lsp.engine.build import close  # noqa: PLC0415 -- as above

    try:
        await close(engine)
    except Exception:
        log.exception("An engine could not be closed")
