"""Models that Ollama runs, over its native `/api/chat`."""

from __future__ import annotations

import logging
import os
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlsplit

import anyio
from pydantic import BaseModel

from cope_lsp.cascade.problem import Completion, Usage
from cope_lsp.models.endpoint import check_allowed, check_fits, refuse_remote, tls
from cope_lsp.models.errors import from_ollama, incomplete, ollama_errors
from cope_lsp.models.pacing import PATIENT, Gathered, Patience, no_longer_than, paced
from cope_lsp.models.prices import cost_usd, rates_of
from cope_lsp.models.provider import Loading, Sent
from cope_lsp.models.sdks import import_sdk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    import httpx
    import ollama

    from cope_lsp.cascade.problem import Prompt
    from cope_lsp.models.endpoint import Endpoint
    from cope_lsp.models.provider import Hooks

KEEP_ALIVE_S = 30 * 60
_log = logging.getLogger(__name__)


class _Sdk(Protocol):
    """The part of `ollama.AsyncClient` that is used here, with the types that it has."""

    async def chat(  # noqa: PLR0913 -- the SDK's own shape
        self,
        model: str,
        messages: Sequence[Mapping[str, str]],
        *,
        stream: bool,
        options: Mapping[str, Any],
        keep_alive: float,
        think: bool | None = None,
        logprobs: bool | None = None,
    ) -> AsyncIterator[ollama.ChatResponse]: ...

    async def pull(self, model: str, *, stream: bool) -> AsyncIterator[ollama.ProgressResponse]: ...

    async def close(self) -> None: ...

    async def _request(
        self, cls: type[_Facts], method: str, path: str, *, json: Mapping[str, str]
    ) -> _Facts: ...


class _Facts(BaseModel):
    """What `/api/show` says; the SDK's own class leaves `remote_host` out."""

    capabilities: list[str] = []
    model_info: dict[str, Any] = {}
    remote_host: str = ""

    def context(self, wanted: int) -> int:
        """The context to ask for: what the settings want, at most what the model was trained with."""
        known = self.model_info.get(f"{self.model_info.get('general.architecture')}.context_length")
        return min(wanted, known) if isinstance(known, int) and known > 0 else wanted


@dataclass(slots=True)
class OllamaModel:
    """One model on one Ollama server.

    Nothing is sent before the first call. Options that would make Ollama reload the model are the same in
    every call. Raises from every call: ModelError.
    """

    endpoint: Endpoint
    hooks: Hooks
    patience: Patience = PATIENT
    _key: str = ""
    _client: _Sdk | None = None
    _facts: _Facts | None = None
    _loaded_until: float = 0.0
    _loading: anyio.Lock = field(default_factory=anyio.Lock)
    _slots: anyio.CapacityLimiter = field(init=False)

    def __post_init__(self) -> None:
        self._key = os.environ.get(self.endpoint.key_variable, "")
        self._slots = anyio.CapacityLimiter(self.patience.calls_at_once)

    @property
    def name(self) -> str:
        """Model name."""
        return self.endpoint.model

    @property
    def host(self) -> str:
        """Host and port of the server."""
        return self.endpoint.host

    async def destination(self) -> str | None:
        """The host, unless it is this machine; Ollama passes its cloud models' prompts on from there."""
        if not self.endpoint.loopback:
            return self.host
        passed_on = (await self._known()).remote_host
        return (urlsplit(passed_on).netloc or passed_on) if passed_on else None

    async def window(self) -> int:
        """Tokens of context that every call asks for; the server must know the model. Raises: ModelError."""
        return (await self._known()).context(self.endpoint.context)

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer once; cancelling closes the connection, which stops the generation."""
        check_allowed(self.endpoint)
        async with self._slots:
            facts = await self._ready()
            context = facts.context(self.endpoint.context)
            check_fits(self.endpoint, prompt, context)
            options: dict[str, Any] = {
                "num_ctx": context,
                "temperature": temperature,
                "seed": seed,
                "num_predict": prompt.max_tokens,
                "stop": list(prompt.stop),
            }
            try:
                completion = await self._chat(prompt, options, facts)
            except ollama_errors() as error:
                self._loaded_until, self._facts = 0.0, None  # the server may have changed under us
                raise from_ollama(error, self.endpoint, self._key) from None
            self._loaded_until = time.monotonic() + KEEP_ALIVE_S
            return completion

    async def prepare(self) -> None:
        """Have the server load the model, with progress."""
        check_allowed(self.endpoint)
        async with self._slots:
            await self._ready()

    async def pull(self) -> None:
        """Have the server fetch the model, with progress."""
        check_allowed(self.endpoint)
        client = await self._connected()
        try:
            steps = await client.pull(self.name, stream=True)
            async with aclosing(paced(steps, self.endpoint, self.patience)) as progress:
                async for step in progress:
                    fraction = step.completed / step.total if step.completed and step.total else None
                    self.hooks.loading(Loading(self.name, step.status or "pulling", fraction))
        except ollama_errors() as error:
            raise from_ollama(error, self.endpoint, self._key) from None

    async def close(self) -> None:
        """Close the connections; the next call would open new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _ready(self) -> _Facts:
        async with self._loading:
            facts = await self._known()
            if facts.remote_host and self.endpoint.local_only:
                refuse_remote(self.endpoint)
            if not facts.remote_host and time.monotonic() >= self._loaded_until:
                await self._load(facts)
            return facts

    async def _known(self) -> _Facts:
        if self._facts is None:
            client = await self._connected()
            try:
                with no_longer_than(self.patience.first_byte_s, self.endpoint, "did not describe itself"):
                    self._facts = await client._request(  # noqa: SLF001 -- `show` loses `remote_host`  # pyright: ignore[reportPrivateUsage]
                        _Facts, "POST", "/api/show", json={"model": self.name}
                    )
            except ollama_errors() as error:
                raise from_ollama(error, self.endpoint, self._key) from None
        return self._facts

    async def _load(self, facts: _Facts) -> None:
        client = await self._connected()
        self.hooks.loading(Loading(self.name, "loading"))
        try:
            with no_longer_than(self.patience.first_byte_s, self.endpoint, "was not loaded"):
                options = {"num_ctx": facts.context(self.endpoint.context)}
                parts = await client.chat(
                    self.name, [], stream=True, options=options, keep_alive=KEEP_ALIVE_S
                )
                async for _ in parts:
                    pass
        except ollama_errors() as error:
            raise from_ollama(error, self.endpoint, self._key) from None
        self.hooks.loading(Loading(self.name, "ready", 1.0))
        self._loaded_until = time.monotonic() + KEEP_ALIVE_S

    async def _chat(self, prompt: Prompt, options: dict[str, Any], facts: _Facts) -> Completion:
        client = await self._connected()
        began = time.monotonic()
        reply = Gathered(self.endpoint)
        last: ollama.ChatResponse | None = None
        parts = await client.chat(
            self.name,
            [{"role": m.role, "content": m.content} for m in prompt.messages],
            stream=True,
            think=False if "thinking" in facts.capabilities else None,
            logprobs=True,
            options=options,
            keep_alive=KEEP_ALIVE_S,
        )
        async with aclosing(paced(parts, self.endpoint, self.patience)) as stream:
            async for part in stream:
                last = part
                reply.add(part.message.content or "")
                for token in part.logprobs or ():
                    reply.add_logprob(token.logprob)
        if last is None or not last.done:
            raise incomplete(self.endpoint)
        return await self._completion(reply, last, options["num_ctx"], time.monotonic() - began)

    async def _completion(
        self, reply: Gathered, last: ollama.ChatResponse, context: int, seconds: float
    ) -> Completion:
        read, written = last.prompt_eval_count or 0, last.eval_count or 0
        full = read + written >= context
        if full:
            _log.warning(
                "%s: prompt and reply filled all %d tokens of the context; a part of the prompt may have been"
                " dropped. Raise %s.context.",
                self.name,
                context,
                self.endpoint.role,
            )
        usage = Usage(input_tokens=read, output_tokens=written, seconds=seconds, calls=1)
        cost = cost_usd(await rates_of(self.endpoint, remote=await self.destination() is not None), usage)
        return Completion(
            reply.text,
            self.name,
            replace(usage, cost_usd=cost),
            reply.mean_logprob,
            truncated=full or last.done_reason == "length",
            logprobs=reply.logprobs,
        )

    async def _connected(self) -> _Sdk:
        if self._client is None:
            await import_sdk("ollama")
            import httpx  # noqa: PLC0415 -- comes with the SDK, which is imported at first use
            import ollama  # noqa: PLC0415

            client = ollama.AsyncClient(
                self.endpoint.url,
                follow_redirects=False,
                # `paced` bounds reading: a loading model is silent for minutes, a talking one never.
                timeout=httpx.Timeout(None, connect=self.patience.connect_s),
                trust_env=not self.endpoint.loopback,
                proxy=self.endpoint.proxy,
                verify=tls(self.endpoint),
                event_hooks={"request": [self._leaving]},
            )
            self._client = cast("_Sdk", client)
        return self._client

    async def _leaving(self, request: httpx.Request) -> None:
        # The SDK takes a key from OLLAMA_API_KEY for whatever host; only a key that the settings name may go.
        request.headers.pop("authorization", None)
        if self._key:
            request.headers["authorization"] = f"Bearer {self._key}"
        if not self.endpoint.loopback or (self._facts and self._facts.remote_host):
            self.hooks.sent(Sent(self.host, str(request.url), request.content, time.time(), self.name))
