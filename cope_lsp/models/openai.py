"""Models behind any OpenAI-compatible endpoint, over streamed chat completions."""

from __future__ import annotations

import os
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import anyio

from cope_lsp.cascade.errors import ModelRejected
from cope_lsp.cascade.problem import Completion, Usage
from cope_lsp.models.endpoint import check_allowed, check_fits, tls
from cope_lsp.models.errors import from_openai, incomplete, openai_errors
from cope_lsp.models.pacing import PATIENT, Gathered, Patience, no_longer_than, paced
from cope_lsp.models.prices import cost_usd, rates_of
from cope_lsp.models.provider import Sent
from cope_lsp.models.sdks import import_sdk

if TYPE_CHECKING:
    import httpx2
    import openai
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionChunk

    from cope_lsp.cascade.problem import Prompt
    from cope_lsp.models.endpoint import Endpoint
    from cope_lsp.models.provider import Hooks

_RETRIES = 2
_LONGEST_WAIT_S = 20.0
_NO_KEY = "none"  # the SDK insists on one; servers on this machine ignore it
_OPTIONAL = ("max_tokens", "temperature", "seed", "logprobs", "top_logprobs", "stop", "stream_options")


@dataclass(slots=True)
class OpenAIModel:
    """One model at one endpoint.

    What the endpoint said it does not support is remembered and left out from then on. Raises from
    `complete`: ModelError.
    """

    endpoint: Endpoint
    hooks: Hooks
    patience: Patience = PATIENT
    key: str = ""
    _client: openai.AsyncOpenAI | None = None
    _unsupported: set[str] = field(default_factory=set[str])
    _slots: anyio.CapacityLimiter = field(init=False)

    def __post_init__(self) -> None:
        self.key = self.key or os.environ.get(self.endpoint.key_variable, "")
        self._slots = anyio.CapacityLimiter(self.patience.calls_at_once)

    @property
    def name(self) -> str:
        """Model name."""
        return self.endpoint.model

    @property
    def host(self) -> str:
        """Host and port of the endpoint."""
        return self.endpoint.host

    async def destination(self) -> str | None:
        """The host, unless it is this machine."""
        return None if self.endpoint.loopback else self.host

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer once; cancelling closes the connection."""
        check_allowed(self.endpoint)
        check_fits(self.endpoint, prompt, self.endpoint.context)
        if not self.endpoint.loopback and not self.key:
            raise self._keyless()
        wanted = self._wanted(prompt, temperature, seed)
        async with self._slots:
            began = time.monotonic()
            try:
                reply, end = await self._streamed(wanted)
            except openai_errors() as error:
                raise from_openai(error, self.endpoint, self.key) from None
            if end.finish_reason is None:
                raise incomplete(self.endpoint)
            return Completion(
                _until_stop(reply.text, prompt.stop) if "stop" in self._unsupported else reply.text,
                self.name,
                await self._usage(end.usage, time.monotonic() - began),
                reply.mean_logprob,
                truncated=end.finish_reason == "length",
                logprobs=reply.logprobs,
            )

    async def offers_model(self) -> bool:
        """Whether the endpoint lists the model; no text of the user's is sent. Raises: ModelError."""
        check_allowed(self.endpoint)
        client = await self._connected()
        try:
            with no_longer_than(self.patience.connect_s, self.endpoint, "did not list its models"):
                return any([model.id == self.name async for model in await client.models.list()])
        except openai_errors() as error:
            raise from_openai(error, self.endpoint, self.key) from None

    async def prepare(self) -> None:
        """An endpoint loads for itself."""

    async def close(self) -> None:
        """Close the connections; the next call would open new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _wanted(self, prompt: Prompt, temperature: float, seed: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {
            "messages": [{"role": m.role, "content": m.content} for m in prompt.messages],
            "max_tokens": prompt.max_tokens,
            "temperature": temperature,
            "seed": seed,
            "stream_options": {"include_usage": True},
        }
        if prompt.stop:
            wanted["stop"] = list(prompt.stop)
        if self.endpoint.loopback:  # hosted models often refuse them, and nothing of ours needs them there
            wanted |= {"logprobs": True, "top_logprobs": 1}
        return wanted

    async def _streamed(self, wanted: dict[str, Any]) -> tuple[Gathered, _End]:
        reply, end = Gathered(self.endpoint), _End()
        with no_longer_than(self.patience.first_byte_s, self.endpoint, "began no reply"):
            stream = await self._opened(wanted)
        async with aclosing(paced(stream, self.endpoint, self.patience)) as chunks:
            async for chunk in chunks:
                end.take(chunk)
                for choice in chunk.choices:
                    reply.add(choice.delta.content or "")
                    for token in (choice.logprobs.content if choice.logprobs else None) or ():
                        reply.add_logprob(token.logprob)
        return reply, end

    async def _opened(self, wanted: dict[str, Any]) -> openai.AsyncStream[ChatCompletionChunk]:
        """Ask until the server begins to answer; only refusals that cost nothing are asked again."""
        client = await self._connected()
        import openai  # noqa: PLC0415 -- imported by then

        retries = 0
        while True:
            try:
                return await client.chat.completions.create(
                    model=self.name, stream=True, **_supported(wanted, self._unsupported)
                )
            except openai.BadRequestError as error:
                refused = _refused_parameter(error, self._unsupported)
                if refused is None:
                    raise
                self._unsupported.add(refused)
            except (openai.RateLimitError, openai.InternalServerError) as error:
                wait = _wait_s(error, retries)
                if wait is None or retries == _RETRIES:
                    raise
                retries += 1
                await anyio.sleep(wait)

    async def _usage(self, usage: CompletionUsage | None, seconds: float) -> Usage:
        if usage is None:
            remote = not self.endpoint.loopback
            return Usage(seconds=seconds, calls=1, cost_usd=None if remote else 0.0)
        details = usage.prompt_tokens_details
        counted = Usage(
            input_tokens=usage.prompt_tokens,
            cached_tokens=(details.cached_tokens if details else None) or 0,
            output_tokens=usage.completion_tokens,
            seconds=seconds,
            calls=1,
        )
        billed = (usage.model_extra or {}).get("cost")
        if isinstance(billed, int | float):  # OpenRouter and its like say it themselves
            return replace(counted, cost_usd=float(billed))
        written = getattr(details, "cache_write_tokens", None)
        rates = await rates_of(self.endpoint, remote=not self.endpoint.loopback)
        return replace(counted, cost_usd=cost_usd(rates, counted, written_tokens=written or 0))

    async def _connected(self) -> openai.AsyncOpenAI:
        if self._client is None:
            await import_sdk("openai")
            import httpx2  # noqa: PLC0415 -- comes with the SDK, which is imported at first use
            import openai  # noqa: PLC0415

            timeout = httpx2.Timeout(None, connect=self.patience.connect_s)
            self._client = openai.AsyncOpenAI(
                api_key=self.key or _NO_KEY,
                base_url=self.endpoint.url,
                max_retries=0,  # `_opened` repeats what is certainly not billed
                timeout=timeout,
                http_client=httpx2.AsyncClient(
                    follow_redirects=False,
                    timeout=timeout,
                    trust_env=not self.endpoint.loopback,
                    proxy=self.endpoint.proxy,
                    verify=tls(self.endpoint),
                    # llama.cpp's server may close a kept connection just as the next call begins.
                    limits=httpx2.Limits(max_keepalive_connections=0 if self.endpoint.loopback else None),
                    event_hooks={"request": [self._leaving]},
                ),
            )
        return self._client

    async def _leaving(self, request: httpx2.Request) -> None:
        if not self.endpoint.loopback:
            self.hooks.sent(Sent(self.host, str(request.url), request.content, time.time(), self.name))

    def _keyless(self) -> ModelRejected:
        variable = self.endpoint.key_variable
        if not variable:
            return ModelRejected(
                f"{self.host} needs an API key and no environment variable is named for it.",
                fix=f"Set {self.endpoint.role}.api_key_env to the name of the variable that holds it.",
            )
        return ModelRejected(
            f"{self.host} needs an API key and the environment variable {variable} is empty.",
            fix=f"Set {variable} where the editor is started, or correct {self.endpoint.role}.api_key_env.",
        )


@dataclass(slots=True)
class _End:
    """What the last chunks of a stream say."""

    finish_reason: str | None = None
    usage: CompletionUsage | None = None

    def take(self, chunk: ChatCompletionChunk) -> None:
        self.usage = chunk.usage or self.usage
        for choice in chunk.choices:
            self.finish_reason = choice.finish_reason or self.finish_reason


def _supported(wanted: dict[str, Any], unsupported: set[str]) -> dict[str, Any]:
    kept = {name: value for name, value in wanted.items() if name not in unsupported}
    if "max_tokens" in unsupported:
        kept["max_completion_tokens"] = wanted["max_tokens"]
    return kept


def _refused_parameter(error: openai.BadRequestError, known: set[str]) -> str | None:
    """The optional parameter that a 400 complains about, if it is one that we still send."""
    words = str(error.message).lower()
    complaint = (error.code or "").startswith("unsupported") or any(
        word in words for word in ("unsupported", "not support", "unrecognized", "unknown", "not permitted")
    )
    if not complaint:
        return None
    named = [name for name in _OPTIONAL if name == error.param] or [
        name for name in _OPTIONAL if name in words
    ]
    return next((name for name in named if name not in known), None)


def _wait_s(error: openai.APIStatusError, retries: int) -> float | None:
    """Seconds until the next try; None: trying again would be in vain, or might be billed twice."""
    if error.status_code not in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return None
    if error.code == "insufficient_quota":
        return None
    try:
        wait = float(error.response.headers.get("retry-after", 0.5 * 2**retries))
    except ValueError:  # a date: whoever sends one means longer than anybody waits at an editor
        return None
    return wait if wait <= _LONGEST_WAIT_S else None


def _until_stop(text: str, stop: tuple[str, ...]) -> str:
    return text[: min((i for i in map(text.find, stop) if i >= 0), default=len(text))]
