"""Where a model is, and what may be said to it: settings read as an address."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import SplitResult, urlsplit

from cope_lsp.cascade.errors import CallRefused, ModelUnavailable
from cope_lsp.settings import Cloud, Network, Preset

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Prompt
    from cope_lsp.settings import LargeModel, Price, Settings, SmallModel

Role: TypeAlias = Literal["small", "large"]

OPENAI_URL = "https://api.openai.com/v1"
OLLAMA_URL = "http://127.0.0.1:11434"
_DIRECT = Network()
_OLLAMA_PORT = 11434
_BYTES_PER_TOKEN = 6  # more than any tokenizer packs into a token of code or prose, on average


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model at an address. `role` is its branch in the settings, for messages that name the remedy."""

    role: Role
    provider: str
    model: str
    url: str
    context: int
    price: Price | None = None
    key_variable: str = ""
    allow_http: bool = False
    local_only: bool = False
    network: Network = _DIRECT

    @property
    def host(self) -> str:
        """Host and port."""
        parts = urlsplit(self.url)
        return parts.netloc.rpartition("@")[2]

    @property
    def loopback(self) -> bool:
        """Whether the address is on this machine."""
        return is_loopback(urlsplit(self.url).hostname or "")

    @property
    def proxy(self) -> str | None:
        """The proxy to use; never one for this machine."""
        return None if self.loopback else self.network.proxy


def ollama_endpoint(settings: Settings, role: Role) -> Endpoint:
    """Where Ollama is: port 11434 when none is named, and no API path behind it."""
    chosen = _branch(settings, role)
    parts = urlsplit(chosen.base_url or OLLAMA_URL)
    # `http://host` is port 80 to every HTTP client, and never what is meant here.
    port = "" if parts.port or parts.scheme == "https" else f":{_OLLAMA_PORT}"
    path = parts.path.rstrip("/").removesuffix("/v1").removesuffix("/api")
    url = SplitResult(parts.scheme, parts.netloc.rstrip(":") + port, path, "", "").geturl()
    endpoint = _endpoint(settings, role, url)
    # The default key variable is OpenAI's: no Ollama host must see that key.
    return replace(endpoint, key_variable="") if endpoint.key_variable == "OPENAI_API_KEY" else endpoint


def openai_endpoint(settings: Settings, role: Role) -> Endpoint:
    """Where an OpenAI-compatible server is: under `/v1` when no path is named."""
    parts = urlsplit(_branch(settings, role).base_url or OPENAI_URL)
    path = parts.path.rstrip("/") or "/v1"
    return _endpoint(settings, role, SplitResult(parts.scheme, parts.netloc, path, parts.query, "").geturl())


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_allowed(endpoint: Endpoint) -> None:
    """Refuse what our own settings forbid before anything leaves. Raises: CallRefused."""
    if endpoint.loopback:
        return
    if endpoint.local_only:
        refuse_remote(endpoint)
    if endpoint.url.startswith("http:") and not endpoint.allow_http:
        raise CallRefused(
            f"{endpoint.host} is not this machine and its address is plain http: your code would travel"
            " readable by everyone on the way.",
            fix=f"Use an https address, or set {endpoint.role}.allow_http = true in your own configuration.",
        )


def refuse_remote(endpoint: Endpoint) -> None:
    """Refuse a model that is not on this machine. Raises: CallRefused."""
    raise CallRefused(
        f"The settings keep everything on this machine; {endpoint.model} at {endpoint.host} is not on it.",
        fix='Set cloud = "ask" and stages = "default" in your own configuration to be asked instead.',
    )


def check_fits(endpoint: Endpoint, prompt: Prompt, context: int) -> None:
    """Refuse a prompt that a server could only cut silently. Raises: CallRefused."""
    size = sum(len(message.content.encode()) for message in prompt.messages)
    if size / _BYTES_PER_TOKEN + prompt.max_tokens > context:
        raise CallRefused(
            f"The prompt ({size} bytes) and its reply ({prompt.max_tokens} tokens) cannot fit into the"
            f" {context} tokens of {endpoint.model}; the server would drop a part of it without a word.",
            fix=f"Raise {endpoint.role}.context, or ask on a smaller selection.",
        )


def tls(endpoint: Endpoint) -> ssl.SSLContext | bool:
    """What to trust: the HTTP stack's own choice, or the system's authorities and the user's bundle."""
    bundle = endpoint.network.ca_bundle
    if bundle is None or endpoint.loopback:
        return True
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=bundle)
    except (OSError, ssl.SSLError) as error:
        raise ModelUnavailable(
            f"The certificate bundle {bundle} cannot be read: {error.strerror or error}.",
            fix="Correct network.ca_bundle.",
        ) from None
    return context


def _endpoint(settings: Settings, role: Role, url: str) -> Endpoint:
    chosen = _branch(settings, role)
    return Endpoint(
        role=role,
        provider=chosen.provider,
        model=chosen.model or "",
        url=url,
        context=chosen.context,
        price=chosen.price,
        key_variable=chosen.api_key_env,
        allow_http=chosen.allow_http,
        local_only=settings.stages is Preset.LOCAL or settings.cloud is Cloud.NEVER,
        network=settings.network,
    )


def _branch(settings: Settings, role: Role) -> SmallModel | LargeModel:
    return settings.small if role == "small" else settings.large
