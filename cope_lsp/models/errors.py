"""What the SDKs and HTTP stacks raise, turned into our error tree once.

No text that comes out holds a key: servers like to repeat the one that they refuse.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from cope_lsp.cascade.errors import (
    BrokenOff,
    MalformedReply,
    ModelError,
    ModelMissing,
    ModelRejected,
    ModelTimeout,
    ModelUnavailable,
)

if TYPE_CHECKING:
    import openai

    from cope_lsp.models.endpoint import Endpoint

_LONGEST_QUOTE = 300
_KEY_LIKE = re.compile(
    r"(?i)(bearer\s+\S+|\b(sk|pk|rk|gsk|xai|key|api)[-_][\w*.-]{6,}|\b[A-Za-z0-9_-]{32,}\b)"
)
_MID_STREAM = -1  # the status that the ollama SDK gives to an error line under HTTP 200


def ollama_errors() -> tuple[type[Exception], ...]:
    """What calls through the ollama SDK may raise; JSON and validation errors are ValueErrors."""
    import httpx  # noqa: PLC0415 -- the SDK brings it, and is imported at first use
    import ollama  # noqa: PLC0415

    return (ollama.ResponseError, ConnectionError, httpx.HTTPError, httpx.StreamError, ValueError)


def from_ollama(error: Exception, endpoint: Endpoint, key: str) -> ModelError:  # noqa: PLR0911 -- a line a case
    """Name what went wrong with an Ollama server and what helps."""
    import httpx  # noqa: PLC0415
    import ollama  # noqa: PLC0415

    match error:
        case ollama.ResponseError(status_code=HTTPStatus.NOT_FOUND):
            return ModelMissing(
                f"Ollama at {endpoint.host} does not have the model {endpoint.model}.",
                fix=f"Get it with: ollama pull {endpoint.model}",
            )
        case ollama.ResponseError(status_code=status) if status == _MID_STREAM:
            said = quote(error.error, key)
            return MalformedReply(f"Ollama at {endpoint.host} broke off in the middle of its reply: {said}")
        case ollama.ResponseError():
            return _refusal(error.status_code, error.error, endpoint, key)
        case httpx.TimeoutException():
            return _silent(endpoint)
        case ConnectionError() | httpx.ConnectError():
            start = "Start it with `ollama serve` (to install it: https://ollama.com/download)"
            return unreachable(endpoint, f"{start}, or correct {endpoint.role}.base_url")
        case httpx.TransportError():
            return _broken_off(endpoint)
        case _:
            return _not_the_protocol(endpoint, "Ollama")


def openai_errors() -> tuple[type[Exception], ...]:
    """What calls through the openai SDK may raise."""
    import httpx2  # noqa: PLC0415
    import openai  # noqa: PLC0415

    return (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, ValueError)


def from_openai(error: Exception, endpoint: Endpoint, key: str) -> ModelError:  # noqa: PLR0911 -- a line a case
    """Name what went wrong with an OpenAI-compatible server and what helps."""
    import httpx2  # noqa: PLC0415
    import openai  # noqa: PLC0415

    cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
    match cause:
        case openai.APIStatusError(status_code=HTTPStatus.NOT_FOUND):
            return ModelUnavailable(
                f"{endpoint.host} does not know {endpoint.model}: {quote(_said(cause), key)}",
                fix=f"Correct {endpoint.role}.model or {endpoint.role}.base_url.",
            )
        case openai.APIStatusError():
            return _refusal(cause.status_code, _said(cause), endpoint, key)
        case httpx2.TimeoutException():
            return _silent(endpoint)
        case httpx2.ConnectError() | httpx2.ProxyError():
            return unreachable(endpoint, f"Start the server, or correct {endpoint.role}.base_url")
        case httpx2.TransportError():
            return _broken_off(endpoint)
        case openai.APIError():
            said = quote(_said(cause), key)
            return MalformedReply(f"{endpoint.host} broke off in the middle of its reply: {said}")
        case _:
            return _not_the_protocol(endpoint, "an OpenAI-compatible server")


def incomplete(endpoint: Endpoint) -> BrokenOff:
    """A stream that ended before its last part."""
    return _broken_off(endpoint)


def unreachable(endpoint: Endpoint, remedy: str) -> ModelUnavailable:
    """Nothing listens."""
    return ModelUnavailable(
        f"Nothing answers at {endpoint.url}.", fix=f"{remedy}; `cope-lsp doctor` shows what is reachable."
    )


def quote(text: object, key: str) -> str:
    """A server's own words as one line that ends like a sentence, without anything that looks like a key."""
    words = " ".join(str(text).split())
    if key:
        words = words.replace(key, "[key removed]")
    words = "".join(c for c in _KEY_LIKE.sub("[key removed]", words) if c.isprintable())
    if len(words) > _LONGEST_QUOTE:
        return words[:_LONGEST_QUOTE] + "…"
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _said(error: openai.APIError) -> object:
    """The server's sentence; the SDK's own text puts a status and the whole body before it."""
    body = error.body
    return (
        cast("dict[str, object]", body).get("message", error.message)
        if isinstance(body, dict)
        else error.message
    )


def _refusal(status: int, said: object, endpoint: Endpoint, key: str) -> ModelError:
    words, where = quote(said, key), f"{endpoint.host} ({endpoint.model})"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return ModelRejected(
            f"{endpoint.host} answered with a redirect ({status}); requests with code in them follow none.",
            fix=f"Set {endpoint.role}.base_url to the final address.",
        )
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        variable = endpoint.key_variable or f"the one named by {endpoint.role}.api_key_env"
        return ModelRejected(
            f"{where} refused the API key ({status}): {words}",
            fix=f"Check the environment variable {variable}.",
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ModelRejected(
            f"{where} refused for quota or rate (429): {words}", fix="Wait, or raise the quota."
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ModelRejected(f"{where} is busy or broken ({status}): {words}", fix="Try again in a moment.")
    return ModelRejected(f"{where} refused the request ({status}): {words}")


def _silent(endpoint: Endpoint) -> ModelTimeout:
    return ModelTimeout(f"No connection to {endpoint.url} in time.", fix="Check the address and the network.")


def _broken_off(endpoint: Endpoint) -> BrokenOff:
    return BrokenOff(
        f"{endpoint.host} closed the connection before {endpoint.model}'s reply was complete.",
        fix="See the server's log.",
    )


def _not_the_protocol(endpoint: Endpoint, expected: str) -> MalformedReply:
    return MalformedReply(
        f"What came from {endpoint.url} is not what {expected} says.",
        fix=f"Check {endpoint.role}.base_url and {endpoint.role}.provider.",
    )
