"""Who is told of what the models do: the front end of the solve in whose context a call is made.

Connections live as long as the engine, front ends as long as a solve: a context variable joins them,
since every task of a solve inherits its context.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.models.provider import Hooks
from cope_lsp.storage.sent import SentRequest, keep_sent

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from cope_lsp.engine.front import Front
    from cope_lsp.models.provider import Loading, Sent


@dataclass(frozen=True, slots=True)
class Departure:
    """What leaves the machine: for which job, at what highest price; the keys that no record may hold."""

    job: str
    price_usd: float | None
    keys: tuple[str, ...]


_front: ContextVar[Front | None] = ContextVar("front", default=None)
_departure: ContextVar[Departure | None] = ContextVar("departure", default=None)


def hooks(sent: Path) -> Hooks:
    """Hooks for connections; what leaves is kept in the folder `sent`."""

    def on_sent(request: Sent) -> None:
        departure = _departure.get()
        if departure is not None:
            keep_sent(sent, _record(request, departure), departure.keys)

    return Hooks(loading=_tell, sent=on_sent)


@contextmanager
def hearing(front: Front) -> Generator[None]:
    """Within it, loading is reported to `front`."""
    token = _front.set(front)
    try:
        yield
    finally:
        _front.reset(token)


@contextmanager
def leaving(departure: Departure) -> Generator[None]:
    """Within it, every request is kept as one that left the machine."""
    token = _departure.set(departure)
    try:
        yield
    finally:
        _departure.reset(token)


def _tell(loading: Loading) -> None:
    front = _front.get()
    if front is not None:
        front.observe(loading)


def _record(request: Sent, departure: Departure) -> SentRequest:
    return SentRequest(
        departure.job,
        request.host,
        request.url,
        request.model,
        request.body,
        request.at,
        departure.price_usd,
    )
