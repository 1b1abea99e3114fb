"""The OpenAI adapter against a real local HTTP server."""

from __future__ import annotations

import json
import traceback
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import anyio
import anyio.abc
import pytest

from cope_lsp.cascade.errors import (
    CallRefused,
    MalformedReply,
    ModelError,
    ModelRejected,
    ModelTimeout,
    ModelUnavailable,
)
from cope_lsp.models.connect import connect_large, connect_small
from cope_lsp.models.endpoint import openai_endpoint
from cope_lsp.models.openai import OpenAIModel
from cope_lsp.models.pacing import PATIENT, Patience
from cope_lsp.settings import LargeModel, Network, Price, Settings, SmallModel
from tests.support.model_clients import PROMPT, Heard, full_listener, large_at
from tests.support.model_server import Entry, Fault, ModelServer, Reply, Script, always, in_turn, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from anyio.abc import SocketStream

    from cope_lsp.cascade.problem import Completion
    from cope_lsp.models.provider import Connection

KEY = "sk-proj-abcDEF123456_veryverysecret"
ENDLESS = Reply("token " * 5000, pause_s=0.01)


@asynccontextmanager
async def talking(
    script: Script, entry: Entry | None = None, patience: Patience = PATIENT
) -> AsyncGenerator[tuple[OpenAIModel, ModelServer]]:
    """A model on a scripted server."""
    async with serve(script, (entry or Entry("large"),)) as server:
        model = OpenAIModel(openai_endpoint(large_at(server), "large"), Heard().hooks, patience)
        yield model, server
        await model.close()


@asynccontextmanager
async def far_away(
    script: Script, heard: Heard, *, key: str = KEY
) -> AsyncGenerator[tuple[Connection, ModelServer]]:
    """A model at a host that is not this machine, reached through a proxy that is the scripted server."""
    async with serve(script, key=key) as server:
        settings = Settings(
            large=LargeModel(
                model="large",
                base_url="http://models.example/v1",
                api_key_env="COPE_TEST_KEY",
                allow_http=True,
            ),
            network=Network(proxy=server.url),
        )
        model = connect_large(settings, heard.hooks)
        assert model is not None
        yield model, server
        await model.close()


async def ask(model: Connection) -> Completion:
    """One call."""
    return await model.complete(PROMPT, temperature=0.2, seed=7)


@asynccontextmanager
async def _closing_when_asked_again() -> AsyncGenerator[str]:
    """The URL of a server that answers the first request of a connection, and closes it at the second."""
    choice = {"index": 0, "delta": {"content": "def f(): pass"}, "finish_reason": "stop"}
    chunk = {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "small",
        "choices": [choice],
    }
    body = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(body)

    async def answer(stream: SocketStream) -> None:
        async with stream:
            await stream.receive()
            await stream.send(head + body)
            with suppress(anyio.EndOfStream, anyio.BrokenResourceError):
                await stream.receive()

    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    async with listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, answer)
        yield f"http://127.0.0.1:{listener.extra_attributes[anyio.abc.SocketAttribute.local_port]()}/v1"
        group.cancel_scope.cancel()


async def test_a_reply_comes_with_usage_and_logprob() -> None:
    """Cached tokens are a part of the input; the mean log-probability arrives from loopback servers."""
    reply = Reply("def f(): pass", input_tokens=1200, cached_tokens=1024, logprob=-0.5)
    async with talking(always(reply)) as (model, server):
        completion = await ask(model)
    assert completion.text == "def f(): pass"
    usage = completion.usage
    assert (usage.input_tokens, usage.cached_tokens, usage.output_tokens, usage.calls) == (1200, 1024, 3, 1)
    assert completion.logprob == pytest.approx(-0.5)
    assert set(completion.logprobs) == {-0.5}
    body = server.chats[0].body
    assert body["stream"] is True
    assert body["stream_options"] == {"include_usage": True}
    assert (body["max_tokens"], body["seed"], body["stop"]) == (64, 7, ["\nEND"])
    assert "n" not in body


async def test_a_server_that_closes_kept_connections_loses_no_call() -> None:
    """As llama.cpp's does, just when the next call begins: on this machine none is kept."""
    async with _closing_when_asked_again() as url:
        small = SmallModel(provider="openai", model="small", base_url=url)
        model = connect_small(Settings(small=small), Heard().hooks)
        assert [(await ask(model)).text for _ in range(3)] == ["def f(): pass"] * 3
        await model.close()


async def test_the_cost_is_computed_from_the_price_with_cached_tokens_counted_once() -> None:
    """1,000 input tokens of which 400 cached, 3 output."""
    async with serve(always(Reply("a b c", input_tokens=1000, cached_tokens=400))) as server:
        price = Price(input=10, cached=1, output=100)
        settings = Settings(large=LargeModel(model="large", base_url=server.url, price=price))
        model = connect_large(settings, Heard().hooks)
        assert model is not None
        cost = (await ask(model)).usage.cost_usd
        await model.close()
    assert cost == pytest.approx((600 * 10 + 400 * 1 + 3 * 100) / 1_000_000)


async def test_a_cost_that_the_endpoint_names_is_taken() -> None:
    """`usage.cost` wins over any table."""
    async with talking(always(Reply("x", cost=0.0042))) as (model, _):
        assert (await ask(model)).usage.cost_usd == pytest.approx(0.0042)


async def test_an_unknown_price_is_an_unknown_cost() -> None:
    """A large model on this machine may be a gateway to a paid one: not zero, but unknown."""
    async with talking(always("x")) as (model, _):
        assert (await ask(model)).usage.cost_usd is None


async def test_a_small_model_on_this_machine_is_free() -> None:
    """LM Studio, llama-server and vLLM on loopback cost nothing."""
    async with serve(always("x")) as server:
        settings = Settings(small=SmallModel(provider="openai", model="small", base_url=server.url))
        model = connect_small(settings, Heard().hooks)
        assert (await ask(model)).usage.cost_usd == 0.0
        await model.close()


async def test_what_an_endpoint_does_not_support_is_left_out_and_remembered() -> None:
    """`max_tokens` becomes `max_completion_tokens`, the rest goes; the second call asks right at once."""
    entry = Entry("large", rejects=("max_tokens", "temperature", "stop", "logprobs", "top_logprobs"))
    async with talking(always("one\nEND two"), entry) as (model, server):
        assert (await ask(model)).text == "one"
        tries = len(server.chats)
        assert (await ask(model)).text == "one"
    assert tries == 6
    assert len(server.chats) == tries + 1
    body = server.chats[-1].body
    assert body["max_completion_tokens"] == 64
    assert not {"max_tokens", "temperature", "stop", "logprobs"} & body.keys()


async def test_a_bad_request_for_another_reason_is_not_asked_again() -> None:
    """Only complaints about optional parameters lead to a second try."""
    async with talking(always(Reply(status=400, error="temperature must be below 2"))) as (model, server):
        with pytest.raises(ModelRejected, match="temperature must be below 2"):
            await ask(model)
    assert len(server.chats) == 1


async def test_a_refusal_that_cost_nothing_is_asked_again_twice_at_most() -> None:
    """429 and 503 are tried again; the third refusal is final."""
    soon = {"Retry-After": "0"}
    busy = Reply(status=429, error="slow down", headers=soon)
    async with talking(in_turn(busy, Reply(status=503, error="busy", headers=soon), "x")) as (model, _):
        assert (await ask(model)).text == "x"
    async with talking(always(busy)) as (model, server):
        with pytest.raises(ModelRejected, match=r"quota or rate .429.: slow down"):
            await ask(model)
    assert len(server.chats) == 3


async def test_a_long_wait_is_not_waited() -> None:
    """A server that asks for two minutes is told on to the user instead."""
    async with talking(always(Reply(status=429, error="later", headers={"Retry-After": "120"}))) as (
        model,
        server,
    ):
        with pytest.raises(ModelRejected):
            await ask(model)
    assert len(server.chats) == 1


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(status=404, error="no such model"), ModelUnavailable, r"large\.model"),
        (Reply(status=500, error="oops"), ModelRejected, "busy or broken .500.: oops"),
        (Reply(status=307, headers={"Location": "http://example.com"}), ModelRejected, "redirect .307."),
        (Reply("half a re", fault=Fault.ERROR_LINE, error="overloaded"), MalformedReply, "overloaded"),
        (Reply("half a re", fault=Fault.CUT), MalformedReply, "closed the connection before"),
        (Reply("half a re", fault=Fault.UNFINISHED), MalformedReply, "closed the connection before"),
        (
            Reply("half a re", fault=Fault.GARBAGE),
            MalformedReply,
            "not what an OpenAI-compatible server says",
        ),
        (Reply(""), MalformedReply, "answered with nothing"),
        (Reply("x" * 300_000), MalformedReply, "more than 256 KiB"),
    ],
)
async def test_each_failure_is_its_own_error(reply: Reply, error: type[Exception], words: str) -> None:
    """Refusals, an error event in mid-stream, a cut line, garbage, silence and floods are told apart."""
    async with talking(always(reply)) as (model, server):
        with pytest.raises(error, match=words):
            await ask(model)
    assert len(server.chats) == 1, "what may have been billed is never asked again"


async def test_a_server_that_is_down_is_said_in_one_actionable_line() -> None:
    """Nothing listening names the address and the setting."""
    async with serve(always("x")) as server:
        settings = large_at(server)
    model = OpenAIModel(openai_endpoint(settings, "large"), Heard().hooks)
    with pytest.raises(ModelUnavailable, match=r"Nothing answers at http://127\.0\.0\.1.*large\.base_url"):
        await ask(model)


async def test_an_address_that_swallows_connections_is_given_up_soon() -> None:
    """The limit on connecting is its own, and much shorter than that on an answer."""
    with full_listener() as url:
        settings = Settings(large=LargeModel(model="large", base_url=url))
        model = OpenAIModel(openai_endpoint(settings, "large"), Heard().hooks, Patience(connect_s=0.3))
        with pytest.raises(ModelTimeout, match="No connection to"):
            await ask(model)
        await model.close()


async def test_cancelling_closes_the_connection() -> None:
    """The server sees the socket close in the middle of its reply."""
    async with talking(always(ENDLESS)) as (model, server):
        async with anyio.create_task_group() as group:
            group.start_soon(ask, model)
            await server.until(lambda s: any(chat.tokens_sent > 3 for chat in s.chats))
            group.cancel_scope.cancel()
        await server.until(lambda s: s.chats[0].done)
        assert server.chats[0].closed_early


async def test_cancelling_while_the_model_is_still_silent_closes_the_connection() -> None:
    """It need not have begun to answer."""
    async with talking(always(Reply("x", delay_s=60))) as (model, server):
        async with anyio.create_task_group() as group:
            group.start_soon(ask, model)
            await server.until(lambda s: bool(s.chats))
            group.cancel_scope.cancel()
        await server.until(lambda s: s.chats[0].done)
        assert server.chats[0].closed_early


async def test_silence_has_a_limit_and_a_whole_reply_has_none() -> None:
    """Slow is fine, stuck is not; a timed-out call is not asked again, because it may be billed."""
    patience = Patience(first_byte_s=0.5, idle_s=0.2)
    async with talking(always(Reply("a b c d e f", pause_s=0.1)), patience=patience) as (model, _):
        assert (await ask(model)).text == "a b c d e f"
    async with talking(always(Reply("a b", pause_s=0.4)), patience=patience) as (model, server):
        with pytest.raises(ModelTimeout, match="fell silent"):
            await ask(model)
        await server.until(lambda s: s.chats[0].closed_early)
    async with talking(always(Reply("a", delay_s=2)), patience=patience) as (model, server):
        with pytest.raises(ModelTimeout, match="began no reply"):
            await ask(model)
    assert len(server.chats) == 1


async def test_every_remote_request_is_recorded_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown as sent is what the wire carried, refused tries too, and without the key."""
    monkeypatch.setenv("COPE_TEST_KEY", KEY)
    heard = Heard()
    busy = Reply(status=429, error="slow down", headers={"Retry-After": "0"})
    async with far_away(in_turn(busy, "x"), heard) as (model, server):
        assert await model.destination() == model.host
        await ask(model)
    assert [sent.body for sent in heard.sent] == [chat.raw for chat in server.chats]
    assert len(heard.sent) == 2
    assert heard.sent[0].host == "models.example"
    assert heard.sent[0].url == "http://models.example/v1/chat/completions"
    assert KEY not in repr(heard.sent)
    assert json.loads(heard.sent[0].body)["messages"][1]["content"] == "Write f."
    assert server.chats[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("key", [KEY, "correcthorse"])
async def test_no_error_text_ever_holds_a_key(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that repeats a key in its refusal does not get it into our messages, however it looks."""
    monkeypatch.setenv("COPE_TEST_KEY", key)
    async with far_away(always("x"), Heard(), key="another") as (model, server):
        with pytest.raises(ModelRejected, match=r"refused the API key .401.*COPE_TEST_KEY") as caught:
            await ask(model)
    assert key in server.chats[0].headers["authorization"]
    assert key not in "".join(traceback.format_exception(caught.value))
    echo = f"key={key}; other sk-live-0123456789abcdef; Authorization: Bearer {key}"
    for reply in (Reply(status=500, error=echo), Reply("a", fault=Fault.ERROR_LINE, error=echo)):
        async with far_away(always(reply), Heard(), key=key) as (model, _):
            with pytest.raises(ModelError) as failed:
                await ask(model)
        text = "".join(traceback.format_exception(failed.value))
        assert key not in text
        assert "sk-live" not in text


async def test_a_missing_key_names_the_variable_and_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A remote endpoint without a key is not called."""
    monkeypatch.delenv("COPE_TEST_KEY", raising=False)
    heard = Heard()
    async with far_away(always("x"), heard) as (model, server):
        with pytest.raises(ModelRejected, match="Set COPE_TEST_KEY where the editor is started"):
            await ask(model)
    assert server.records == []
    assert heard.sent == []


async def test_plain_http_to_another_host_needs_to_be_allowed() -> None:
    """Without `allow_http` nothing leaves."""
    settings = Settings(large=LargeModel(model="large", base_url="http://models.example/v1"))
    model = connect_large(settings, Heard().hooks)
    assert model is not None
    with pytest.raises(CallRefused, match=r"large\.allow_http"):
        await ask(model)


@pytest.mark.parametrize("tightened", [{"stages": "local"}, {"cloud": "never"}])
async def test_local_settings_refuse_every_remote(tightened: dict[str, str]) -> None:
    """`stages = local` and `cloud = never` let no call leave."""
    settings = Settings.model_validate({"large": {"model": "gpt-5.1"}, **tightened})
    model = connect_large(settings, Heard().hooks)
    assert model is not None
    with pytest.raises(CallRefused, match=r"api\.openai\.com is not on it"):
        await ask(model)


def test_without_a_chosen_model_there_is_no_connection() -> None:
    """No large model is ever called by default."""
    assert connect_large(Settings(), Heard().hooks) is None


async def test_a_broken_certificate_bundle_is_named(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the setting, not a traceback."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    settings = Settings.model_validate(
        {"large": {"model": "gpt-5.1"}, "network": {"ca_bundle": f"{tmp_path}/missing.pem"}}
    )
    model = connect_large(settings, Heard().hooks)
    assert model is not None
    with pytest.raises(ModelUnavailable, match=r"network\.ca_bundle"):
        await ask(model)
