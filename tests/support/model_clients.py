"""What tests of models say and hear: settings for a scripted server, and hooks that remember."""

from __future__ import annotations

import socket
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Message, Prompt
from cope_lsp.models.provider import Hooks, Loading, Sent
from cope_lsp.settings import LargeModel, Settings, SmallModel

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.support.model_server import ModelServer

PROMPT = Prompt(
    (Message("system", "You write Python."), Message("user", "Write f.")), max_tokens=64, stop=("\nEND",)
)


@dataclass
class Heard:
    """What the hooks were told."""

    loading: list[Loading] = field(default_factory=list[Loading])
    sent: list[Sent] = field(default_factory=list[Sent])

    @property
    def hooks(self) -> Hooks:
        """Hooks that remember here."""
        return Hooks(self.loading.append, self.sent.append)


def small_at(server: ModelServer, model: str = "small") -> Settings:
    """Settings whose small model is the scripted server's, over Ollama's protocol."""
    return Settings(small=SmallModel(model=model, base_url=server.url))


def large_at(server: ModelServer, model: str = "large") -> Settings:
    """Settings whose large model is the scripted server's, over OpenAI's protocol."""
    return Settings(large=LargeModel(model=model, base_url=server.url, api_key_env="COPE_TEST_KEY"))


@contextmanager
def full_listener() -> Generator[str]:
    """The URL of a port whose queue of new connections is full: connecting to it hangs."""
    with ExitStack() as sockets:
        listener = sockets.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = sockets.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
