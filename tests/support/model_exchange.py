"""One request at the scripted model server: its record, the line back to the client, the script's reply."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.support.model_script import Call, Entry, Fault, Reply, Script

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

JsonObject: TypeAlias = dict[str, Any]
CHUNKED = {"Transfer-Encoding": "chunked"}
CHATS = {"/api/chat", "/v1/chat/completions"}


@dataclass
class Record:
    """One request: as it came, and how it ended (`closed_early`: the client left before the reply's end)."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    at: float
    status: int = 0
    tokens_sent: int = 0
    closed_early: bool = False
    done: bool = False

    @property
    def body(self) -> JsonObject:
        """The request's JSON."""
        return json.loads(self.raw) if self.raw else {}


@dataclass
class ModelServer:
    """A running server."""

    script: Script
    models: dict[str, Entry]
    key: str = ""
    url: str = ""
    records: list[Record] = field(default_factory=list[Record])
    finished: Callable[[Record], None] = lambda _record: None

    @property
    def chats(self) -> list[Record]:
        """The requests that asked a model something (loading a model is none)."""
        return [r for r in self.records if r.path in CHATS and r.body.get("messages")]

    async def until(self, condition: Callable[[ModelServer], bool], *, seconds: float = 5.0) -> None:
        """Wait until the condition holds. Raises: TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition(self):  # noqa: ASYNC110 -- the condition is a test's own, nothing could signal it
                await asyncio.sleep(0.005)


class ClientLeftError(Exception):
    """The client closed the connection before its reply was complete."""


@dataclass
class Exchange:
    """One request and the way back to its client; every write and pause notices when the client leaves."""

    server: ModelServer
    record: Record
    writer: asyncio.StreamWriter
    left: asyncio.Task[bytes]

    async def pause(self, seconds: float) -> None:
        """Wait. Raises: ClientLeftError."""
        done, _ = await asyncio.wait({self.left}, timeout=seconds)
        if done:
            raise ClientLeftError

    async def head(self, status: int, content_type: str, extra: dict[str, str]) -> None:
        """Send status and headers."""
        self.record.status = status
        fields = {"Content-Type": content_type, "Connection": "close", **extra}
        lines = [f"HTTP/1.1 {status} scripted", *(f"{k}: {v}" for k, v in fields.items()), "", ""]
        await self._send("\r\n".join(lines).encode())
        await self.pause(0)

    async def chunk(self, data: bytes) -> None:
        """Send one chunk of a streamed body. Raises: ClientLeftError."""
        await self._send(b"%x\r\n%s\r\n" % (len(data), data))
        await self.pause(0)

    async def last(self, data: bytes) -> None:
        """Send the last chunk and the body's end in one write: a client may leave right after it."""
        await self._send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data))

    async def end(self) -> None:
        """End a streamed body."""
        await self._send(b"0\r\n\r\n")

    async def json(self, value: JsonObject, status: int = 200, extra: dict[str, str] | None = None) -> None:
        """Send a whole JSON reply."""
        data = json.dumps(value).encode()
        await self.head(status, "application/json", {"Content-Length": str(len(data)), **(extra or {})})
        await self._send(data)

    async def _send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


async def begin(exchange: Exchange, error_body: Callable[[Reply], JsonObject]) -> Reply | None:
    """Ask the script and wait its delay; a scripted refusal is sent and gives None."""
    body = exchange.record.body
    text = "\n".join(str(message.get("content", "")) for message in body["messages"])
    reply = exchange.server.script(Call(exchange.record.path, body["model"], text, body))
    await exchange.pause(reply.delay_s)
    if reply.status == 200:
        return reply
    await exchange.json(error_body(reply), reply.status, reply.headers)
    return None


async def tokens(exchange: Exchange, reply: Reply) -> AsyncIterator[str]:
    """The reply's tokens at the script's pace; each one counts as sent when the next is asked for."""
    for token in reply.tokens:
        await exchange.pause(reply.pause_s)
        yield token
        exchange.record.tokens_sent += 1


async def failed(exchange: Exchange, reply: Reply, error_line: bytes) -> bool:
    """Do what the script wants to go wrong at the reply's end; False when nothing does."""
    match reply.fault:
        case Fault.NONE:
            return False
        case Fault.ERROR_LINE:
            await exchange.last(error_line)
        case Fault.GARBAGE:
            await exchange.last(b"data: \xff\xfe\x00{not json\n\n")
        case Fault.UNFINISHED:  # HTTP is content, the protocol's own end is missing
            await exchange.end()
        case Fault.CUT:
            exchange.writer.transport.abort()
    return True
