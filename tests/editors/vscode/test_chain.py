"""The whole chain in the real VS Code: a real small model under llama.cpp, a real sandbox, a real edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from scripts.live_parts import smollm2_gguf
from tests.editors.vscode.driving import Desk, code
from tests.support.model_server import always

if TYPE_CHECKING:
    from pathlib import Path

    from tests.editors.vscode.driving import Parts

pytestmark = [pytest.mark.browser, pytest.mark.heavy]

ADD = '''\
def add(first: int, second: int) -> int:
    """Return the sum of two numbers.

    >>> add(2, 3)
    5
    >>> add(10, -4)
    6
    >>> add(-1, -1)
    -2
    """
    ...
'''
PATIENCE_MS = 300_000


async def test_a_stub_becomes_a_tested_function(parts: Parts, tmp_path: Path) -> None:
    """SmolLM2 writes it on this machine; what is accepted has passed its examples."""
    config = {
        "small.provider": "llama_cpp",
        "small.model": str(smollm2_gguf()),
        "small.context": 2048,
        "samples": 40,
        "deadline_s": PATIENCE_MS // 1000,
        "worth.second_usd": 0,
        "worth.wrong_edit_usd": 0.3,  # a model that small rarely passes twice
    }
    async with code(parts, tmp_path, Desk(always("never asked"), text=ADD, config=config)) as here:
        await here.implement()
        lens = here.lens.filter(has_text="Verified")
        await expect(lens).to_contain_text("3 of 3 examples pass", timeout=PATIENCE_MS)
        await here.picture("chain")
        await here.press("Control+Enter")
        await expect(here.lens).to_have_count(0)
        await here.page.wait_for_timeout(1000)  # it saves itself
        scope: dict[str, object] = {}
        exec(here.file.read_text(), scope)  # noqa: S102 -- what was judged in the sandbox a moment ago
        add = scope["add"]
        assert callable(add)
        assert add(20, 22) == 42
        assert here.models.chats == []
