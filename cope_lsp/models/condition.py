"""How the models of the settings are doing, for people: what is there, or what is missing and the fix.

Nothing of the user's leaves: an Ollama server and servers on this machine are asked for their models; a
remote endpoint is not called at all.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cope_lsp.cascade.errors import ModelMissing, ModelRejected
from cope_lsp.models.connect import connect_large, connect_small, rates
from cope_lsp.models.llama_cpp import LlamaCppModel
from cope_lsp.models.ollama import OllamaModel
from cope_lsp.models.openai import OpenAIModel
from cope_lsp.models.provider import Hooks

if TYPE_CHECKING:
    from cope_lsp.models.provider import Connection
    from cope_lsp.settings import Settings

_SILENT = Hooks(loading=lambda _loading: None, sent=lambda _sent: None)


async def small_condition(settings: Settings) -> str:
    """What the small model is and where. Raises: ModelError with the fix when it cannot answer."""
    connection = connect_small(settings, _SILENT)
    try:
        return await _described(connection, settings.small.context)
    finally:
        await connection.close()


async def large_condition(settings: Settings) -> str | None:
    """What the large model is, where, and its price; None: none is set. Raises: ModelError with the fix."""
    connection = connect_large(settings, _SILENT)
    if connection is None:
        return None
    try:
        described = await _described(connection, settings.large.context)
        found = await rates(settings, "large", connection)
    finally:
        await connection.close()
    if found is None:
        raise ModelRejected(
            f"{described}: its price is unknown, and nothing is paid without a price.",
            fix="Set large.price = { input = …, output = … } (dollars per million tokens).",
        )
    return f"{described}, ${found.input:g} in and ${found.output:g} out per million tokens"


async def _described(connection: Connection, context: int) -> str:
    where = f"{connection.name} at {connection.host}"
    match connection:
        case OllamaModel():
            return f"{where}, context {await connection.window()} of the {context} that are set"
        case LlamaCppModel():
            await connection.check()
            return f"{connection.name}, run by llama.cpp, context {context}"
        case OpenAIModel() if await connection.destination() is not None:
            return f"{where}, context {context}, {_key(connection)}"
        case OpenAIModel() if not await connection.offers_model():
            raise ModelMissing(
                f"The server at {connection.host} does not offer {connection.name}.",
                fix=f"Load it there, or correct {connection.endpoint.role}.model.",
            )
        case _:
            return f"{where}, context {context}"


def _key(connection: OpenAIModel) -> str:
    variable = connection.endpoint.key_variable
    if not os.environ.get(variable):
        raise ModelRejected(
            f"{connection.name} at {connection.host} needs a key, and the environment variable"
            f" {variable or '(none named)'} is empty.",
            fix=f"Set it where the editor starts, or name another in {connection.endpoint.role}.api_key_env.",
        )
    return f"key in {variable}"
