"""Real model servers for the live ring; what they need is brought by `scripts/live_parts.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.live_parts import SMOLLM2, ollama, ollama_models, serve_ollama, smollm2_gguf

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture(scope="session")
def smollm2() -> Path:
    """SmolLM2-135M-Instruct as a GGUF file."""
    return smollm2_gguf()


@pytest.fixture(scope="session")
def ollama_server() -> Generator[str]:
    """The URL of a real Ollama server of our own that has `smollm2:135m`."""
    with serve_ollama(ollama(), ollama_models()) as url:
        yield url


@pytest.fixture(scope="session")
def ollama_model() -> str:
    """The name of the model that `ollama_server` has."""
    return SMOLLM2
