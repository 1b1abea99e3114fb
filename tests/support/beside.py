"""The scripted model server beside a test that is not asynchronous itself: on a loop of another thread."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal

from tests.support.model_server import serve

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.support.model_exchange import ModelServer
    from tests.support.model_script import Script


@contextmanager
def serving(script: Script) -> Generator[ModelServer]:
    """Serve until the block ends."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(serve(script)) as server:
        yield server
