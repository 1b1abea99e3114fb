"""The llama.cpp adapter where there is nothing to run; its live test runs a model."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from cope_lsp.cascade.errors import ModelUnavailable
from cope_lsp.models.llama_cpp import LlamaCppModel
from tests.support.model_clients import PROMPT, Heard

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_missing_file_is_said() -> None:
    """The message names the setting."""
    model = LlamaCppModel("/nowhere/model.gguf", 2048, Heard().hooks)
    with pytest.raises(ModelUnavailable, match=r"no file /nowhere/model\.gguf.*small\.model"):
        await model.complete(PROMPT, temperature=0, seed=1)


async def test_a_file_that_is_no_model_is_said_with_the_childs_last_words(tmp_path: Path) -> None:
    """The child's failure is a failed call; no process stays."""
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"not a model")
    model = LlamaCppModel(str(path), 2048, Heard().hooks)
    with pytest.raises(ModelUnavailable, match=r"could not load .*broken\.gguf: ….*GGUF file"):
        await model.complete(PROMPT, temperature=0, seed=1)
    await model.close()
    assert not [child for child in psutil.Process().children() if "llama_child" in " ".join(child.cmdline())]


async def test_without_the_extra_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """`None` in `sys.modules` is Python's own way to say that a package is not there."""
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    model = LlamaCppModel("/nowhere/model.gguf", 2048, Heard().hooks)
    with pytest.raises(ModelUnavailable, match=r"pip install 'cope-lsp\[llama-cpp\]'"):
        await model.complete(PROMPT, temperature=0, seed=1)
