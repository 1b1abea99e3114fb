"""Models that fail in all their ways: always one message, nothing changed, no internal error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.protocol.driving import RIGHT, STUB, Setting, asked, world
from tests.support.model_server import Entry, Fault, Reply, always

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=429, error="rate limit reached"), "rate limit"),
        (Reply(status=503, error="server busy, please try again"), "busy"),
        (Reply(RIGHT, fault=Fault.ERROR_LINE), ""),
        (Reply(RIGHT, fault=Fault.CUT), ""),
        (Reply(RIGHT, fault=Fault.GARBAGE), ""),
        (Reply("\x00\ufffd" * 50), ""),
        (Reply("I am sorry, I cannot help with that."), ""),
        (Reply("```python\n    # ... rest of the code\n```"), ""),
        (Reply("```python\nreturn (" + "(" * 2000 + "\n```"), ""),
    ],
    ids=[
        "429",
        "503",
        "error line",
        "cut",
        "garbage bytes",
        "garbage text",
        "prose",
        "placeholder",
        "nested",
    ],
)
async def test_a_reply_that_is_none_ends_in_one_message_and_changes_nothing(
    tmp_path: Path, reply: Reply, said: str
) -> None:
    """The job fails or is unverified; it says what happened."""
    setting = Setting(always(reply), config={"auto_apply": True, "samples": 2})
    async with world(tmp_path, setting) as here:
        uri = here.open()
        outcome = await here.editor.solve(asked(uri))
        assert outcome["ending"] in {"failed", "unverified"}
        assert outcome["message"].startswith("slugify: ")
        assert said in outcome["message"]
        assert "internal error" not in outcome["message"]
        assert here.editor.document(uri).text.decode() == STUB


async def test_a_reply_cut_at_the_limit_is_not_applied(tmp_path: Path) -> None:
    """Half a function is no function, even where it parses."""
    setting = Setting(always(Reply("```python\nreturn title", truncated=True)), config={"auto_apply": True})
    async with world(tmp_path, setting) as here:
        uri = here.open()
        assert (await here.editor.solve(asked(uri)))["ending"] in {"failed", "unverified"}
        assert here.editor.document(uri).text.decode() == STUB


async def test_a_model_that_is_not_there_is_named_with_the_fix(tmp_path: Path) -> None:
    """404 of Ollama: pull it."""
    async with world(tmp_path, Setting(models=(Entry("another"),))) as here:
        outcome = await here.editor.solve(asked(here.open()))
        assert outcome["ending"] == "failed"
        assert "ollama pull small" in outcome["message"]


async def test_a_server_that_is_down_is_named_with_the_fix(tmp_path: Path) -> None:
    """Nothing listens: one sentence that says what to start."""
    async with world(tmp_path, Setting(config={"small.base_url": "http://127.0.0.1:9"})) as here:
        outcome = await here.editor.solve(asked(here.open()))
        assert outcome["ending"] == "failed"
        assert "127.0.0.1:9" in outcome["message"]
