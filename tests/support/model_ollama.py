"""Ollama's native protocol, as far as the scripted model server speaks it."""

from __future__ import annotations

import json

from tests.support.model_exchange import CHUNKED, Exchange, JsonObject, begin, failed, tokens
from tests.support.model_script import Entry


async def _version(exchange: Exchange) -> None:
    await exchange.json({"version": "0.17.4"})


async def _tags(exchange: Exchange) -> None:
    await exchange.json(
        {"models": [{"name": name, "model": name, "size": 1} for name in exchange.server.models]}
    )


async def _loaded(exchange: Exchange) -> None:
    await exchange.json(
        {
            "models": [
                {"name": e.name, "model": e.name, "context_length": e.context}
                for e in exchange.server.models.values()
            ]
        }
    )


async def _show(exchange: Exchange) -> None:
    entry = exchange.server.models.get(exchange.record.body["model"])
    if entry is None:
        await exchange.json({"error": f"model '{exchange.record.body['model']}' not found"}, 404)
        return
    remote = {"remote_host": entry.remote_host, "remote_model": entry.name} if entry.remote_host else {}
    info = {"general.architecture": "scripted", "scripted.context_length": entry.context}
    await exchange.json(
        {"capabilities": list(entry.capabilities), "model_info": info, "details": {}, **remote}
    )


async def _pull(exchange: Exchange) -> None:
    await exchange.head(200, "application/x-ndjson", CHUNKED)
    for step in (
        {"status": "pulling manifest"},
        *({"status": "pulling", "total": 4, "completed": n} for n in range(5)),
    ):
        await exchange.chunk(_ndjson(step))
        await exchange.pause(0.01)
    exchange.server.models[exchange.record.body["model"]] = Entry(exchange.record.body["model"])
    await exchange.last(_ndjson({"status": "success"}))


async def _chat(exchange: Exchange) -> None:
    body = exchange.record.body
    if body["model"] not in exchange.server.models:
        await exchange.json({"error": f"model '{body['model']}' not found"}, 404)
        return
    base: JsonObject = {"model": body["model"], "created_at": "2026-01-01T00:00:00Z"}
    if not body["messages"]:
        done = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "load"}
        await exchange.json(base | done)
        return
    reply = await begin(exchange, lambda r: {"error": r.error})
    if reply is None:
        return
    await exchange.head(200, "application/x-ndjson", CHUNKED | reply.headers)
    async for token in tokens(exchange, reply):
        extra: JsonObject = {}
        if body.get("logprobs") and reply.logprob is not None:
            extra["logprobs"] = [{"token": token, "logprob": reply.logprob}]
        await exchange.chunk(
            _ndjson(base | {"message": {"role": "assistant", "content": token}, "done": False} | extra)
        )
    if await failed(
        exchange, reply, _ndjson({"error": reply.error or "llama runner process has terminated"})
    ):
        return
    counts = {"prompt_eval_count": reply.input_tokens, "eval_count": len(reply.tokens), "total_duration": 1}
    end = {
        "message": {"role": "assistant", "content": ""},
        "done": True,
        "done_reason": "length" if reply.truncated else "stop",
    }
    await exchange.last(_ndjson(base | end | counts))


def _ndjson(value: JsonObject) -> bytes:
    return json.dumps(value).encode() + b"\n"


OLLAMA_ROUTES = {
    "/api/version": _version,
    "/api/tags": _tags,
    "/api/ps": _loaded,
    "/api/show": _show,
    "/api/pull": _pull,
    "/api/chat": _chat,
}
