"""How long a silent model is waited for, how many calls are in flight, how much of its talk is taken."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

import anyio

from cope_lsp.cascade.errors import EmptyReply, MalformedReply, ModelTimeout

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator

    from cope_lsp.models.endpoint import Endpoint

T = TypeVar("T")

MAX_REPLY_CHARACTERS = 256 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits in seconds; there is none on a whole reply, because slow machines are normal.

    `first_byte_s` covers loading a model and reading a long prompt, `idle_s` each silence after that. Of more
    than `calls_at_once` calls to one model the others wait for their turn, without limit.
    """

    connect_s: float = 5.0
    first_byte_s: float = 300.0
    idle_s: float = 60.0
    calls_at_once: int = 4


PATIENT = Patience()


async def paced(stream: AsyncIterator[T], endpoint: Endpoint, patience: Patience) -> AsyncGenerator[T]:
    """The stream's items, and its end closes the stream; silence beyond the limits raises ModelTimeout."""
    seconds, doing = patience.first_byte_s, "began no reply"
    try:
        while True:
            with no_longer_than(seconds, endpoint, doing):
                try:
                    item = await anext(stream)
                except StopAsyncIteration:
                    return
            yield item
            seconds, doing = patience.idle_s, "fell silent in the middle of its reply"
    finally:
        # The SDKs call their streams iterators; both have `aclose`, which gives the connection up.
        if isinstance(stream, _Closable):
            await stream.aclose()


@contextmanager
def no_longer_than(seconds: float, endpoint: Endpoint, doing: str) -> Generator[None]:
    """Bound what happens inside. Raises: ModelTimeout."""
    try:
        with anyio.fail_after(seconds):
            yield
    except TimeoutError:
        raise ModelTimeout(
            f"{endpoint.model} at {endpoint.host} {doing} for {seconds:g} s.",
            fix="See whether the server is busy or stuck (its log, or `ollama ps`), then try again.",
        ) from None


class Gathered:
    """A reply as it grows. Raises MalformedReply when it outgrows what any edit could need."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._pieces: list[str] = []
        self._size = 0
        self._logprobs: list[float] = []

    def add(self, piece: str) -> None:
        """Take the next piece of text."""
        self._size += len(piece)
        if self._size > MAX_REPLY_CHARACTERS:
            raise MalformedReply(
                f"{self._endpoint.model} wrote more than {MAX_REPLY_CHARACTERS // 1024} KiB and was stopped."
            )
        self._pieces.append(piece)

    def add_logprob(self, logprob: float) -> None:
        """Take the log-probability of the next token."""
        self._logprobs.append(logprob)

    @property
    def text(self) -> str:
        """The whole reply. Raises: EmptyReply when there is none."""
        text = "".join(self._pieces)
        if not text.strip():
            raise EmptyReply(f"{self._endpoint.model} at {self._endpoint.host} answered with nothing.")
        return text

    @property
    def logprobs(self) -> tuple[float, ...]:
        """Log-probability of each token, where the server gave them."""
        return tuple(self._logprobs)

    @property
    def mean_logprob(self) -> float | None:
        """Mean log-probability of the tokens, where the server gave them."""
        return sum(self._logprobs) / len(self._logprobs) if self._logprobs else None


@runtime_checkable
class _Closable(Protocol):
    async def aclose(self) -> None: ...
