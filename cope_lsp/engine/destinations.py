"""Which models of the settings are elsewhere, as consent is asked and kept for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.engine.guard import shown_price
from cope_lsp.models.connect import connect_large, connect_small, rates
from cope_lsp.models.provider import Hooks
from cope_lsp.storage.consent import Destination

if TYPE_CHECKING:
    from cope_lsp.models.endpoint import Role
    from cope_lsp.models.provider import Connection
    from cope_lsp.settings import Settings

_SILENT = Hooks(loading=lambda _loading: None, sent=lambda _sent: None)


async def destinations(settings: Settings) -> tuple[Destination, ...]:
    """Every remote model, small or large. Raises: ModelError when an Ollama server is down."""
    models: tuple[tuple[Role, Connection | None], ...] = (
        ("small", connect_small(settings, _SILENT)),
        ("large", connect_large(settings, _SILENT)),
    )
    found: list[Destination] = []
    for role, connection in models:
        if connection is None:
            continue
        try:
            host = await connection.destination()
            if host is not None:
                price = shown_price(await rates(settings, role, connection))
                found.append(Destination(host, connection.name, price))
        finally:
            await connection.close()
    return tuple(found)
