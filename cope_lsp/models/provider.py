"""What every provider offers: a model that answers, knows where it sends, and can be closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cope_lsp.cascade.ports import Model

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Loading:
    """A model is being loaded or pulled; `fraction` where known."""

    model: str
    detail: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """One HTTP request as it left, byte for byte; headers with keys are never part of it."""

    host: str
    url: str
    body: bytes
    at: float
    model: str


@dataclass(frozen=True, slots=True)
class Hooks:
    """Whom a provider tells: of loading, and of every request that leaves this machine."""

    loading: Callable[[Loading], None]
    sent: Callable[[Sent], None]


class Connection(Model, Protocol):
    """A model at an address."""

    @property
    def host(self) -> str:
        """Host (and port) that requests go to."""
        ...

    async def destination(self) -> str | None:
        """The other machine that prompts end at, as far as can be known; None: they stay on this one."""
        ...

    async def prepare(self) -> None:
        """Load what must be loaded, with progress; at once where it is. Raises: ModelError."""
        ...

    async def close(self) -> None:
        """Close connections and end child processes."""
        ...
