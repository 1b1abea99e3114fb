"""The scripted model server that other tests stand on."""

from __future__ import annotations

import asyncio
import gc
import sys
from typing import TYPE_CHECKING

from tests.support.model_server import always, serve

if TYPE_CHECKING:
    import pytest


async def _connect_and_ask_nothing() -> None:
    async with serve(always("x")) as server:
        port = int(server.url.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.01)
    writer.close()


def test_a_connection_that_asked_nothing_is_closed_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Left open, it would be found by the collector in the middle of any other test, and fail that one."""
    leaks: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", leaks.append)
    asyncio.run(_connect_and_ask_nothing())
    gc.collect()
    assert not leaks
