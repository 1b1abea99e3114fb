"""A real local HTTP server that speaks Ollama's and OpenAI's protocols from a script.

In a test: `async with serve(always("text")) as server: ... server.url, server.records`.
As a process: `python -m tests.support.model_server --script scenario.json --port 0 --records out.jsonl`
prints its URL and appends one JSON line per finished request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.support.model_exchange import ClientLeftError, Exchange, JsonObject, ModelServer, Record
from tests.support.model_ollama import OLLAMA_ROUTES
from tests.support.model_openai import OPENAI_ROUTES
from tests.support.model_script import (
    Call,
    Entry,
    Fault,
    Reply,
    Rule,
    Scenario,
    Script,
    always,
    by_rules,
    in_turn,
    scenario_from,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

__all__ = [
    "Call",
    "Entry",
    "Fault",
    "ModelServer",
    "Record",
    "Reply",
    "Rule",
    "Scenario",
    "always",
    "by_rules",
    "in_turn",
    "serve",
]


@asynccontextmanager
async def serve(
    script: Script,
    models: tuple[Entry, ...] = Scenario.models,
    *,
    key: str = "",
    port: int = 0,
    finished: Callable[[Record], None] = lambda _record: None,
) -> AsyncGenerator[ModelServer]:
    """Serve on loopback until the block ends; `finished` hears of each request when it is over."""
    state = ModelServer(script, {entry.name: entry for entry in models}, key, finished=finished)
    at_work: set[asyncio.Task[None]] = set()

    writers: set[asyncio.StreamWriter] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        task = asyncio.create_task(_converse(state, reader, writer))
        at_work.add(task)
        task.add_done_callback(at_work.discard)

    listener = await asyncio.start_server(connected, "127.0.0.1", port)
    state.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield state
    finally:
        listener.close()
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        # A conversation that was cancelled before its request was read has closed nothing.
        for writer in writers:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)


async def _converse(state: ModelServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        record = await _request(reader)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
        return
    state.records.append(record)
    exchange = Exchange(state, record, writer, asyncio.create_task(reader.read(1)))
    try:
        await _route(exchange)
    except (ClientLeftError, ConnectionError):
        record.closed_early = True
    finally:
        exchange.left.cancel()
        writer.close()
        record.done = True
        state.finished(record)


async def _request(reader: asyncio.StreamReader) -> Record:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {k.lower(): v.strip() for k, _, v in (item.partition(":") for item in head[1:] if item)}
    raw = await reader.readexactly(int(headers.get("content-length", "0")))
    # As somebody's proxy we are asked for whole URLs.
    return Record(method, urlsplit(path).path, headers, raw, time.time())


async def _route(exchange: Exchange) -> None:
    key, record = exchange.server.key, exchange.record
    if key and record.headers.get("authorization") != f"Bearer {key}":
        sent = record.headers.get("authorization", "").removeprefix("Bearer ")
        await exchange.json(
            {"error": {"message": f"Incorrect API key provided: {sent}.", "code": "invalid_api_key"}}, 401
        )
        return
    route = _ROUTES.get(record.path)
    if route is None:
        await exchange.json({"error": "404 page not found"}, 404)
        return
    await route(exchange)


_ROUTES = OLLAMA_ROUTES | OPENAI_ROUTES


async def _forever(scenario: Scenario, port: int, records: Path | None) -> None:
    def append(record: Record) -> None:
        if records is None:
            return
        shown: JsonObject = vars(record) | {"raw": record.raw.decode(), "body": record.body}
        with records.open("a") as out:
            out.write(json.dumps(shown) + "\n")

    async with serve(
        by_rules(*scenario.rules), scenario.models, key=scenario.key, port=port, finished=append
    ) as server:
        print(server.url, flush=True)  # noqa: T201 -- the parent reads the address from here
        await asyncio.sleep(math.inf)


def main() -> None:
    """Serve a scenario until killed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--script", type=Path, help="scenario as JSON; default: every call is answered 'ok'")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--records", type=Path, help="file that gets one JSON line per finished request")
    options = parser.parse_args()
    scenario = scenario_from(options.script) if options.script else Scenario()
    try:
        asyncio.run(_forever(scenario, options.port, options.records))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
