"""Settings become connections; nothing is imported, started or sent before the first call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.models.endpoint import Endpoint, Role, ollama_endpoint, openai_endpoint
from cope_lsp.models.llama_cpp import LlamaCppModel
from cope_lsp.models.ollama import OllamaModel
from cope_lsp.models.openai import OpenAIModel
from cope_lsp.models.pacing import PATIENT
from cope_lsp.models.prices import FREE, Rates, rates_of

if TYPE_CHECKING:
    from cope_lsp.models.pacing import Patience
    from cope_lsp.models.provider import Connection, Hooks
    from cope_lsp.settings import Settings


def connect_small(settings: Settings, hooks: Hooks, patience: Patience = PATIENT) -> Connection:
    """The local model."""
    if settings.small.provider == "llama_cpp":
        return LlamaCppModel(settings.small.model, settings.small.context, hooks, patience)
    return _connect(_endpoint(settings, "small"), hooks, patience)


def connect_large(settings: Settings, hooks: Hooks) -> Connection | None:
    """The large model, or None where none was chosen."""
    if settings.large.model is None:
        return None
    return _connect(_endpoint(settings, "large"), hooks)


async def rates(settings: Settings, role: Role, connection: Connection) -> Rates | None:
    """What the model costs; None: unknown. Raises: ModelError when its server must be asked and is down."""
    if role == "small" and settings.small.provider == "llama_cpp":
        return FREE
    return await rates_of(_endpoint(settings, role), remote=await connection.destination() is not None)


async def pull_small(settings: Settings, hooks: Hooks) -> None:
    """Have Ollama fetch the small model, as a ModelMissing proposes. Raises: ModelError."""
    model = OllamaModel(ollama_endpoint(settings, "small"), hooks)
    try:
        await model.pull()
    finally:
        await model.close()


def _endpoint(settings: Settings, role: Role) -> Endpoint:
    provider = settings.small.provider if role == "small" else settings.large.provider
    return ollama_endpoint(settings, role) if provider == "ollama" else openai_endpoint(settings, role)


def _connect(endpoint: Endpoint, hooks: Hooks, patience: Patience = PATIENT) -> Connection:
    make = OllamaModel if endpoint.provider == "ollama" else OpenAIModel
    return make(endpoint, hooks, patience)
