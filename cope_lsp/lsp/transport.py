"""The protocol's bytes: stdin and stdout taken out of everyone else's reach, and frames read from them."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_BODY = 16 * 1024 * 1024
"""Bytes of the largest message that is read; larger ones are skipped and refused."""

_MAX_HEADER = 64 * 1024
_CHUNK = 64 * 1024
_LENGTH = re.compile(rb"\s*content-length\s*:\s*(\d{1,18})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Descriptors:
    """Duplicates that only the protocol knows."""

    read: int
    write: BinaryIO


@dataclass(frozen=True, slots=True)
class Oversized:
    """A message that was skipped because of its size in bytes; `edges` are its first and last ones."""

    size: int
    edges: bytes = b""


class Outlet:
    """Where messages to the client go. Once nobody reads, `lost` is set and what is written vanishes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.lost = asyncio.Event()

    def write(self, data: bytes) -> None:
        """Send bytes at once."""
        try:
            self._file.write(data)
            self._file.flush()
        except (OSError, ValueError):
            self.lost.set()

    def close(self) -> None:
        """Close the way to the client."""
        self._file.close()


def seize_descriptors() -> Descriptors:
    """Take stdin and stdout for the protocol.

    From here on descriptor 1 is stderr and descriptor 0 is empty: no print of ours and no child of
    ours can reach the client.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    read, write = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return Descriptors(read, os.fdopen(write, "wb"))


def open_stream(descriptor: int) -> asyncio.StreamReader:
    """A stream over a descriptor, fed by a daemon thread: a blocked read never delays the exit."""
    loop = asyncio.get_running_loop()
    stream = asyncio.StreamReader(limit=_MAX_HEADER)
    thread = threading.Thread(target=_feed, args=(descriptor, loop, stream), name="stdin", daemon=True)
    thread.start()
    return stream


async def read_body(stream: asyncio.StreamReader) -> bytes | Oversized | None:
    """The next message's body; None at the end of the input. Lines that are no header are skipped."""
    length: int | None = None
    while (line := await _read_line(stream)) is not None:
        if match := _LENGTH.fullmatch(line):
            length = int(match[1])
        elif not line.strip() and length is not None:
            return await _read_exactly(stream, length)
    return None


def _feed(descriptor: int, loop: asyncio.AbstractEventLoop, stream: asyncio.StreamReader) -> None:
    while True:
        chunk = _read(descriptor)
        deliver = partial(stream.feed_data, chunk) if chunk else stream.feed_eof
        try:
            loop.call_soon_threadsafe(deliver)
        except RuntimeError:  # the loop is closed: the server has ended
            return
        if not chunk:
            return


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:
        return b""


async def _read_line(stream: asyncio.StreamReader) -> bytes | None:
    try:
        return await stream.readline() or None
    except ValueError:  # longer than any header; the stream has dropped it
        return b""


async def _read_exactly(stream: asyncio.StreamReader, length: int) -> bytes | Oversized | None:
    try:
        if length <= MAX_BODY:
            return await stream.readexactly(length)
        left, first, last = length, b"", b""
        while left:
            last = await stream.readexactly(min(left, _CHUNK))
            first = first or last
            left -= len(last)
    except asyncio.IncompleteReadError:
        return None
    return Oversized(length, first + last)
