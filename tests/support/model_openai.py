"""OpenAI's chat completions, as far as the scripted model server speaks them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support.model_exchange import CHUNKED, Exchange, JsonObject, begin, failed, tokens

if TYPE_CHECKING:
    from tests.support.model_script import Reply


async def _models(exchange: Exchange) -> None:
    await exchange.json(
        {"object": "list", "data": [{"id": name, "object": "model"} for name in exchange.server.models]}
    )


async def _chat(exchange: Exchange) -> None:
    body = exchange.record.body
    entry = exchange.server.models.get(body["model"])
    if entry is None:
        await exchange.json(
            {"error": {"message": f"The model `{body['model']}` does not exist", "code": "model_not_found"}},
            404,
        )
        return
    for name in entry.rejects:
        if name in body:
            text = f"Unsupported parameter: '{name}' is not supported with this model."
            await exchange.json(
                {"error": {"message": text, "param": name, "code": "unsupported_parameter"}}, 400
            )
            return
    reply = await begin(exchange, lambda r: {"error": {"message": r.error, "type": "scripted", "code": None}})
    if reply is None:
        return
    finish = "length" if reply.truncated else "stop"
    base: JsonObject = {"id": "chatcmpl-1", "created": 1, "model": body["model"]}
    if not body.get("stream"):
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": reply.text},
            "finish_reason": finish,
        }
        await exchange.json(
            base | {"object": "chat.completion", "choices": [choice], "usage": _usage(reply)},
            200,
            reply.headers,
        )
        return
    await exchange.head(200, "text/event-stream", CHUNKED | reply.headers)
    base["object"] = "chat.completion.chunk"
    async for token in tokens(exchange, reply):
        choice: JsonObject = {
            "index": 0,
            "delta": {"role": "assistant", "content": token},
            "finish_reason": None,
        }
        if body.get("logprobs") and reply.logprob is not None:
            choice["logprobs"] = {"content": [{"token": token, "logprob": reply.logprob, "top_logprobs": []}]}
        await exchange.chunk(_sse(base | {"choices": [choice]}))
    if await failed(
        exchange, reply, _sse({"error": {"message": reply.error or "stream failed", "code": 500}})
    ):
        return
    await exchange.chunk(_sse(base | {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}))
    if body.get("stream_options", {}).get("include_usage"):
        await exchange.chunk(_sse(base | {"choices": [], "usage": _usage(reply)}))
    await exchange.last(b"data: [DONE]\n\n")


def _usage(reply: Reply) -> JsonObject:
    usage: JsonObject = {
        "prompt_tokens": reply.input_tokens,
        "completion_tokens": len(reply.tokens),
        "total_tokens": reply.input_tokens + len(reply.tokens),
        "prompt_tokens_details": {"cached_tokens": reply.cached_tokens},
    }
    return usage if reply.cost is None else usage | {"cost": reply.cost}


def _sse(value: JsonObject) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


OPENAI_ROUTES = {"/v1/models": _models, "/v1/chat/completions": _chat}
