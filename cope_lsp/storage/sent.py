"""What was sent: every request that left this machine, byte for byte but for the key, kept for a week."""

from __future__ import annotations

import base64
import json
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cope_lsp.cascade.errors import CallRefused
from cope_lsp.storage.places import StoreUnsafe
from cope_lsp.storage.private_files import prune, write_private
from cope_lsp.storage.reports import fenced

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEEP_DAYS = 7
SCHEMA_VERSION = 1
_REMOVED = "[key removed]"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SentRequest:
    """One request as it left: for which job, where to, its body, when (Unix seconds), its highest price."""

    job: str
    host: str
    url: str
    model: str
    body: bytes
    at: float
    price_usd: float | None = None


def keep_sent(folder: Path, request: SentRequest, keys: Iterable[str]) -> None:
    """Keep a request, without any of `keys`, before it leaves.

    Raises: CallRefused, because what cannot be shown later must not be sent.
    """
    body, url = request.body, request.url
    for key in filter(None, keys):
        body = body.replace(key.encode(), _REMOVED.encode())
        url = url.replace(key, _REMOVED)
    row = {
        "version": SCHEMA_VERSION,
        "job": request.job,
        "host": request.host,
        "url": url,
        "model": request.model,
        "at": request.at,
        "price_usd": request.price_usd,
        "body": base64.b64encode(body).decode(),
    }
    path = folder / f"{int(request.at * 1000):015d}-{secrets.token_hex(4)}.json"
    try:
        write_private(path, json.dumps(row).encode())
    except (OSError, StoreUnsafe) as error:
        raise CallRefused(
            f"No copy of what would be sent to {request.host} could be kept ({error}), so nothing was sent.",
            fix=f"Make {folder} writable.",
        ) from error


def sent_requests(folder: Path, job: str | None = None) -> tuple[SentRequest, ...]:
    """What was sent in the last week, oldest first; of one job or of all."""
    prune(folder, "*.json", KEEP_DAYS)
    found = (_read(path) for path in sorted(folder.glob("*.json")))
    return tuple(request for request in found if request and (job is None or request.job == job))


def sent_markdown(requests: Iterable[SentRequest]) -> str:
    """What was sent, for people: bodies stand in fences that they cannot end."""
    parts = [_markdown(request) for request in requests]
    return "# Sent\n\n" + ("\n".join(parts) if parts else "Nothing left this machine in the last week.\n")


def _markdown(request: SentRequest) -> str:
    when = datetime.fromtimestamp(request.at).astimezone().isoformat(" ", "seconds")
    price = "unknown" if request.price_usd is None else f"at most ${request.price_usd:.4f}"
    facts = f"to      {request.url}\nmodel   {request.model}\njob     {request.job}\nprice   {price}"
    exact = request.body.decode("utf-8", "backslashreplace")
    return f"## {when}\n\n{fenced(facts, 'text')}\n{fenced(exact, 'json')}{_readable(request.body)}"


def _readable(body: bytes) -> str:
    """The messages of a chat request with their line breaks, below the exact bytes."""
    try:
        messages = [
            (str(message["role"]), str(message["content"])) for message in json.loads(body)["messages"]
        ]
    except (ValueError, KeyError, TypeError):
        return ""
    return "".join("\n" + fenced(f"{role}:\n\n{text}", "text") for role, text in messages)


def _read(path: Path) -> SentRequest | None:
    try:
        row: Any = json.loads(path.read_bytes())
        price = row["price_usd"]
        return SentRequest(
            job=str(row["job"]),
            host=str(row["host"]),
            url=str(row["url"]),
            model=str(row["model"]),
            body=base64.b64decode(row["body"]),
            at=float(row["at"]),
            price_usd=None if price is None else float(price),
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        _log.warning("A record of what was sent cannot be read: %s: %s", path.name, type(error).__name__)
        return None
