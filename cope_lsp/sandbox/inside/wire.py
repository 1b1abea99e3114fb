"""What server, warden and zygote share: a packet a message, JSON with descriptors beside it; a few paths."""

from __future__ import annotations

import json
import socket
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    Body = dict[str, Any]

# Where the warden finds the project, the jobs' layers, and room for what they write.
STAGE = "/.cope"
PROJECT = f"{STAGE}/project"
LAYERS = f"{STAGE}/layers"
UPPER = f"{STAGE}/upper"

MOST = 1 << 16
MOST_DESCRIPTORS = 8
_SIZE = struct.calcsize("i")


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a channel that keeps packets apart."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(channel: socket.socket, body: Body, descriptors: Iterable[int] = ()) -> None:
    """Send one message; its descriptors stay open here."""
    numbers = list(descriptors)
    passed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack(f"{len(numbers)}i", *numbers))]
    channel.sendmsg([json.dumps(body).encode()], passed if numbers else [])


def receive(channel: socket.socket) -> tuple[Body, list[int]]:
    """The next message and the descriptors that came with it; an empty one where the other end is closed."""
    room = socket.CMSG_SPACE(MOST_DESCRIPTORS * _SIZE)
    text, passed, _, _ = channel.recvmsg(MOST, room, socket.MSG_CMSG_CLOEXEC)
    descriptors: list[int] = []
    for level, kind, data in passed:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors += struct.unpack(f"{len(data) // _SIZE}i", data[: len(data) - len(data) % _SIZE])
    body: Body = json.loads(text) if text else {}
    return body, descriptors
