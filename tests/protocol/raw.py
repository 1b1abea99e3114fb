"""The wire without a client: frames as bytes, for what no client library would send or survive."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import BinaryIO

_FRAME = re.compile(rb"Content-Length: (\d+)\r\nContent-Type: [^\r\n]+\r\n\r\n")


def framed(body: bytes) -> bytes:
    """A body with its header."""
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def packed(method: str, params: object = None, identifier: object = None) -> bytes:
    """A request, or without an identifier a notification."""
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    if identifier is not None:
        message["id"] = identifier
    return framed(json.dumps(message).encode())


def messages(output: bytes) -> list[dict[str, Any]]:
    """All messages of an output. Fails on any byte that belongs to none."""
    found: list[dict[str, Any]] = []
    while output:
        header = _FRAME.match(output)
        assert header is not None, f"stray bytes: {output[:80]!r}"
        end = header.end() + int(header[1])
        found.append(json.loads(output[header.end() : end]))
        output = output[end:]
    return found


@dataclass(slots=True)
class Wire:
    """Blocking reads and writes on a server's pipes."""

    to: BinaryIO
    of: BinaryIO
    _ids: list[int] = field(default_factory=lambda: [0])

    def send(self, data: bytes) -> None:
        """Write bytes."""
        self.to.write(data)
        self.to.flush()

    def ask(self, method: str, params: object = None) -> dict[str, Any]:
        """Send a request and read up to its answer."""
        self._ids[0] += 1
        self.send(packed(method, params, self._ids[0]))
        while True:
            message = self._read()
            if message.get("id") == self._ids[0] and "method" not in message:
                return message

    def _read(self) -> dict[str, Any]:
        length = 0
        while line := self.of.readline().strip():
            if line.startswith(b"Content-Length: "):
                length = int(line.partition(b": ")[2])
        assert length, "the server has ended"
        return json.loads(self.of.read(length))


def initialize(folder: str, process_id: int | None, options: object = None) -> dict[str, Any]:
    """Params of `initialize` of a client that advertises nothing."""
    return {
        "processId": process_id,
        "capabilities": {},
        "rootUri": folder,
        "initializationOptions": options,
    }
