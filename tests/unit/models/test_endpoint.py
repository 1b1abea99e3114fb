"""Addresses as people write them."""

from __future__ import annotations

import pytest

from cope_lsp.models.endpoint import is_loopback, ollama_endpoint, openai_endpoint
from cope_lsp.settings import LargeModel, Settings, SmallModel


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("http://127.0.0.1", "http://127.0.0.1:11434"),
        ("http://localhost/", "http://localhost:11434"),
        ("http://localhost:11434/v1", "http://localhost:11434"),
        ("http://[::1]", "http://[::1]:11434"),
        ("https://models.example", "https://models.example"),
        ("https://models.example/ollama/api/", "https://models.example/ollama"),
    ],
)
def test_ollama_without_a_port_means_its_own_port(written: str, meant: str) -> None:
    """Port 80 is never meant by plain http, and an API path behind the address does no harm."""
    assert ollama_endpoint(Settings(small=SmallModel(base_url=written)), "small").url == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (None, "https://api.openai.com/v1"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/v1"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
    ],
)
def test_an_openai_endpoint_without_a_path_means_v1(written: str | None, meant: str) -> None:
    """A path that is named is kept."""
    assert openai_endpoint(Settings(large=LargeModel(model="m", base_url=written)), "large").url == meant


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("ollama.localhost", True),
        ("192.168.1.5", False),
        ("0.0.0.0", False),  # noqa: S104 -- an address to judge, not to bind
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("host.docker.internal", False),
        ("", False),
    ],
)
def test_only_names_that_can_only_mean_this_machine_are_loopback(host: str, *, loopback: bool) -> None:
    """Look-alikes are remote."""
    assert is_loopback(host) is loopback


def test_openais_key_is_not_named_to_an_ollama_host() -> None:
    """The default variable of the large model belongs to OpenAI."""
    chosen = LargeModel(provider="ollama", model="big", base_url="https://models.example")
    assert ollama_endpoint(Settings(large=chosen), "large").key_variable == ""
