"""The Ollama adapter against a real local HTTP server."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade.errors import (
    CallRefused,
    MalformedReply,
    ModelMissing,
    ModelRejected,
    ModelTimeout,
    ModelUnavailable,
)
from cope_lsp.cascade.problem import Message
from cope_lsp.models.connect import pull_small
from cope_lsp.models.endpoint import ollama_endpoint
from cope_lsp.models.ollama import OllamaModel
from cope_lsp.models.pacing import PATIENT, Patience
from cope_lsp.settings import Cloud, Settings, SmallModel
from tests.support.model_clients import PROMPT, Heard, full_listener, small_at
from tests.support.model_server import Entry, Fault, ModelServer, Reply, Script, always, in_turn, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

ENDLESS = Reply("token " * 5000, pause_s=0.01)


@asynccontextmanager
async def talking(
    script: Script, entry: Entry | None = None, patience: Patience = PATIENT, heard: Heard | None = None
) -> AsyncGenerator[tuple[OllamaModel, ModelServer]]:
    """A model on a scripted server."""
    async with serve(script, (entry or Entry("small"),)) as server:
        model = OllamaModel(ollama_endpoint(small_at(server), "small"), (heard or Heard()).hooks, patience)
        yield model, server
        await model.close()


async def ask(model: OllamaModel) -> str:
    """One call; the reply's text."""
    return (await model.complete(PROMPT, temperature=0.2, seed=7)).text


async def test_a_reply_comes_with_counts_and_logprob() -> None:
    """Text, tokens, seconds, cost 0 and the mean log-probability arrive."""
    async with talking(always(Reply("def f(): pass", input_tokens=33, logprob=-0.5))) as (model, _):
        completion = await model.complete(PROMPT, temperature=0.2, seed=7)
    assert completion.text == "def f(): pass"
    assert (completion.usage.input_tokens, completion.usage.output_tokens) == (33, 3)
    assert (completion.usage.cost_usd, completion.usage.calls) == (0.0, 1)
    assert completion.logprob == pytest.approx(-0.5)
    assert set(completion.logprobs) == {-0.5}
    assert not completion.truncated


async def test_a_server_without_logprobs_is_fine() -> None:
    """No log-probabilities means None, not zero."""
    async with talking(always(Reply("x", logprob=None))) as (model, _):
        assert (await model.complete(PROMPT, temperature=0.2, seed=7)).logprob is None


async def test_options_that_reload_a_model_never_change() -> None:
    """`num_ctx` and `keep_alive` are the same when loading and in every call; the reply is always bounded."""
    async with talking(always("x")) as (model, server):
        await model.complete(PROMPT, temperature=0.2, seed=7)
        await model.complete(PROMPT, temperature=0.9, seed=8)
        bodies = [record.body for record in server.records if record.path == "/api/chat"]
    assert bodies[0]["messages"] == []
    assert {body["options"]["num_ctx"] for body in bodies} == {8192}
    assert len({body["keep_alive"] for body in bodies}) == 1
    assert bodies[1]["options"] == {
        "num_ctx": 8192,
        "num_predict": 64,
        "seed": 7,
        "stop": ["\nEND"],
        "temperature": 0.2,
    }
    assert "think" not in bodies[1]


async def test_the_context_is_no_larger_than_the_model_was_trained_for() -> None:
    """A model of 2,048 tokens is asked for 2,048, whatever the settings wish."""
    async with talking(always("x"), Entry("small", context=2048)) as (model, server):
        await ask(model)
    assert server.chats[0].body["options"]["num_ctx"] == 2048


async def test_thinking_is_switched_off_only_where_it_exists() -> None:
    """`think: false` goes to models with that capability, and to no other."""
    async with talking(always("x"), Entry("small", capabilities=("completion", "thinking"))) as (
        model,
        server,
    ):
        await ask(model)
    assert server.chats[0].body["think"] is False


async def test_nothing_is_sent_before_the_first_call_and_loading_is_told() -> None:
    """The model is loaded at the first call, with progress, and not again at the second."""
    heard = Heard()
    async with talking(always("x"), heard=heard) as (model, server):
        assert server.records == []
        await ask(model)
        await ask(model)
    assert [(told.detail, told.fraction) for told in heard.loading] == [("loading", None), ("ready", 1.0)]
    assert [record.path for record in server.records] == ["/api/show", "/api/chat", "/api/chat", "/api/chat"]


async def test_a_prepared_model_is_loaded_once() -> None:
    """`prepare` loads, with progress, and sends no prompt; the call after it loads nothing."""
    heard = Heard()
    async with talking(always("x"), heard=heard) as (model, server):
        await model.prepare()
        assert server.chats == []
        await ask(model)
    assert [told.detail for told in heard.loading] == ["loading", "ready"]


async def test_an_address_that_swallows_connections_is_given_up_soon() -> None:
    """The limit on connecting is its own, and much shorter than that on an answer."""
    with full_listener() as url:
        endpoint = ollama_endpoint(Settings(small=SmallModel(base_url=url)), "small")
        model = OllamaModel(endpoint, Heard().hooks, Patience(connect_s=0.3))
        with pytest.raises(ModelTimeout, match="No connection to"):
            await ask(model)
        await model.close()


async def test_a_missing_model_names_the_command_that_gets_it() -> None:
    """A model that the server lacks is ModelMissing with `ollama pull`, and pulling it helps."""
    heard = Heard()
    async with serve(always("x"), ()) as server:
        settings = small_at(server, "qwen:1b")
        model = OllamaModel(ollama_endpoint(settings, "small"), heard.hooks)
        with pytest.raises(ModelMissing, match="ollama pull qwen:1b"):
            await ask(model)
        await pull_small(settings, heard.hooks)
        assert await ask(model) == "x"
        await model.close()
    fractions = [told.fraction for told in heard.loading if told.detail == "pulling" and told.fraction]
    assert fractions == [0.25, 0.5, 0.75, 1.0]


async def test_a_server_that_is_down_is_said_in_one_actionable_line() -> None:
    """Nothing listening names the address, the command and the doctor."""
    async with serve(always("x")) as server:
        settings = small_at(server)
    model = OllamaModel(ollama_endpoint(settings, "small"), Heard().hooks)
    with pytest.raises(
        ModelUnavailable, match=r"Nothing answers at http://127\.0\.0\.1.*`ollama serve`.*doctor"
    ):
        await ask(model)


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(status=404, error="model not found"), ModelMissing, "ollama pull small"),
        (Reply(status=429, error="too many"), ModelRejected, "quota or rate .429.: too many"),
        (Reply(status=503, error="server busy"), ModelRejected, "busy or broken .503.: server busy"),
        (Reply(status=400, error="bad option"), ModelRejected, "bad option"),
        (Reply(status=302, headers={"Location": "http://example.com"}), ModelRejected, "redirect .302."),
        (Reply("half a re", fault=Fault.ERROR_LINE, error="CUDA broke"), MalformedReply, "CUDA broke"),
        (Reply("half a re", fault=Fault.CUT), MalformedReply, "closed the connection before"),
        (Reply("half a re", fault=Fault.UNFINISHED), MalformedReply, "closed the connection before"),
        (Reply("half a re", fault=Fault.GARBAGE), MalformedReply, "not what Ollama says"),
        (Reply(""), MalformedReply, "answered with nothing"),
        (Reply("x" * 300_000), MalformedReply, "more than 256 KiB"),
    ],
)
async def test_each_failure_is_its_own_error(reply: Reply, error: type[Exception], words: str) -> None:
    """Refusals, an error line under HTTP 200, a cut line, garbage, silence and floods are told apart."""
    async with talking(always(reply)) as (model, _):
        with pytest.raises(error, match=words):
            await ask(model)


async def test_a_failed_call_does_not_spoil_the_next() -> None:
    """After an error line the model answers again."""
    async with talking(in_turn(Reply("a", fault=Fault.ERROR_LINE), "fine")) as (model, _):
        with pytest.raises(MalformedReply):
            await ask(model)
        assert await ask(model) == "fine"


async def test_cancelling_closes_the_connection() -> None:
    """The server sees the socket close in the middle of its reply."""
    async with talking(always(ENDLESS)) as (model, server):
        async with anyio.create_task_group() as group:
            group.start_soon(ask, model)
            await server.until(lambda s: any(chat.tokens_sent > 3 for chat in s.chats))
            group.cancel_scope.cancel()
        await server.until(lambda s: s.chats[0].done)
        assert server.chats[0].closed_early
        assert server.chats[0].tokens_sent < 5000


async def test_cancelling_while_the_model_is_still_silent_closes_the_connection() -> None:
    """It need not have begun to answer."""
    async with talking(always(Reply("x", delay_s=60))) as (model, server):
        async with anyio.create_task_group() as group:
            group.start_soon(ask, model)
            await server.until(lambda s: bool(s.chats), seconds=60)
            group.cancel_scope.cancel()
        await server.until(lambda s: s.chats[0].done)
        assert server.chats[0].closed_early


async def test_a_slow_model_is_waited_for_and_a_silent_one_is_not() -> None:
    """Each silence has its limit, the whole reply has none."""
    patience = Patience(first_byte_s=0.5, idle_s=0.2)
    async with talking(always(Reply("a b c d e f", pause_s=0.1)), patience=patience) as (model, _):
        assert await ask(model) == "a b c d e f"
    async with talking(always(Reply("a b", pause_s=0.4)), patience=patience) as (model, server):
        with pytest.raises(ModelTimeout, match=r"fell silent .* for 0\.2 s"):
            await ask(model)
        await server.until(lambda s: s.chats[0].closed_early)
    async with talking(always(Reply("a", delay_s=2)), patience=patience) as (model, _):
        with pytest.raises(ModelTimeout, match=r"began no reply for 0\.5 s"):
            await ask(model)


async def test_a_reply_cut_at_the_limit_says_so() -> None:
    """`done_reason: length` is a truncated completion."""
    async with talking(always(Reply("half", truncated=True))) as (model, _):
        assert (await model.complete(PROMPT, temperature=0, seed=1)).truncated


async def test_a_full_context_is_warned_about(caplog: pytest.LogCaptureFixture) -> None:
    """When prompt and reply fill the context, Ollama may have dropped something: truncated, and a warning."""
    async with talking(always(Reply("x", input_tokens=8191))) as (model, _):
        with caplog.at_level(logging.WARNING):
            completion = await model.complete(PROMPT, temperature=0, seed=1)
    assert completion.truncated
    assert "Raise small.context" in caplog.text


async def test_a_prompt_that_cannot_fit_is_refused_before_it_is_cut_silently() -> None:
    """Nothing is sent, and the message names the setting."""
    long = replace(PROMPT, messages=(Message("user", "word " * 20_000),))
    async with talking(always("x")) as (model, server):
        with pytest.raises(CallRefused, match=r"small\.context"):
            await model.complete(long, temperature=0, seed=1)
    assert server.chats == []


async def test_a_cloud_model_of_a_local_server_is_remote() -> None:
    """`remote_host` makes it remote: its requests are recorded byte for byte, its cost is unknown."""
    heard = Heard()
    entry = Entry("small", remote_host="https://ollama.com")
    async with talking(always("x"), entry, heard=heard) as (model, server):
        assert await model.destination() == "ollama.com"
        completion = await model.complete(PROMPT, temperature=0, seed=1)
    assert completion.usage.cost_usd is None
    assert [sent.body for sent in heard.sent] == [server.chats[0].raw]
    assert heard.loading == []


async def test_a_local_model_is_not_remote_and_nothing_of_it_is_recorded_as_sent() -> None:
    """Loopback without `remote_host` stays on this machine."""
    heard = Heard()
    async with talking(always("x"), heard=heard) as (model, _):
        assert await model.destination() is None
        await ask(model)
    assert heard.sent == []


async def test_local_only_refuses_a_cloud_model() -> None:
    """With `cloud = never` a model with `remote_host` gets no prompt."""
    async with serve(always("x"), (Entry("small", remote_host="https://ollama.com"),)) as server:
        settings = small_at(server).model_copy(update={"cloud": Cloud.NEVER})
        model = OllamaModel(ollama_endpoint(settings, "small"), Heard().hooks)
        with pytest.raises(CallRefused, match="keep everything on this machine"):
            await ask(model)
        await model.close()
    assert server.chats == []


async def test_a_key_for_another_service_never_reaches_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """OLLAMA_API_KEY and OPENAI_API_KEY in the environment are not sent to any host that is set."""
    monkeypatch.setenv("OLLAMA_API_KEY", "ollama-secret")
    monkeypatch.setenv("OPENAI_API_KEY", "openai-secret")
    async with talking(always("x")) as (model, server):
        await ask(model)
    assert all("authorization" not in record.headers for record in server.records)


async def test_a_key_that_the_settings_name_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """`api_key_env` is for servers behind a gate."""
    monkeypatch.setenv("GATE_KEY", "gate-secret-1")
    async with serve(always("x"), key="gate-secret-1") as server:
        settings = Settings(small=SmallModel(model="small", base_url=server.url, api_key_env="GATE_KEY"))
        model = OllamaModel(ollama_endpoint(settings, "small"), Heard().hooks)
        assert await ask(model) == "x"
        await model.close()


async def test_a_proxy_in_the_environment_is_not_used_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """HTTP_PROXY does not swallow loopback."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with talking(always("x")) as (model, _):
        assert await ask(model) == "x"


async def test_calls_may_run_side_by_side() -> None:
    """Several calls at once load the model once and all get their reply."""
    async with (
        talking(always(Reply("x", delay_s=0.1))) as (model, server),
        anyio.create_task_group() as group,
    ):
        for _ in range(6):
            group.start_soon(ask, model)
    assert len(server.chats) == 6
    assert sum(1 for record in server.records if record.body.get("messages") == []) == 1
