"""Records that only the holder of a key can write: JSON lines, each signed over all before it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Body = dict[str, Any]

START = "0" * 64


def writer(descriptor: int, key: bytes) -> Callable[[Body], None]:
    """A function that signs a record and writes it to the descriptor; it keeps the key to itself."""
    last = [START]
    write, new, digest, dumps = os.write, hmac.new, hashlib.sha256, json.dumps

    def send(body: Body) -> None:
        text = dumps(body, sort_keys=True)
        mark = new(key, (last[0] + text).encode(), digest).hexdigest()
        last[0] = mark
        line = (dumps({"body": text, "mark": mark}) + "\n").encode()
        while line:
            line = line[write(descriptor, line) :]

    return send


def reader(key: bytes) -> Callable[[bytes], Body | None]:
    """A function that gives the body of the next line; None for a line that is not authentic."""
    last = [START]

    def receive(line: bytes) -> Body | None:
        try:
            record = json.loads(line)
            text, mark = record["body"], record["mark"]
            expected = hmac.new(key, (last[0] + text).encode(), hashlib.sha256).hexdigest()
            if not hmac.compare_digest(expected, mark):
                return None
            last[0] = mark
            body: Body = json.loads(text)
        except (ValueError, KeyError, TypeError):
            return None
        return body

    return receive
