"""What a person sees in VS Code: asked, watched and decided by keyboard, in the real editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest
from playwright.async_api import expect

from tests.editors.vscode.driving import Desk, code
from tests.protocol.driving import RIGHT, SOLVED, STUB, WRONG
from tests.support.model_server import Entry, Reply, Rule, always, by_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.editors.vscode.driving import Parts

pytestmark = pytest.mark.browser

RIGHT_LINE = 'return "-".join(title.lower().split())'
TWO_PARTS = """\
```python
import re

def slugify(title: str) -> str:
    return "-".join(re.findall("[a-z]+", title.lower()))
```
"""
MODELS = (Entry("small"), Entry("large", remote_host="https://models.example"))
REMOTE = {
    "samples": 2,
    "large.model": "large",
    "large.provider": "ollama",
    "large.price.input": 1.0,
    "large.price.output": 1.0,
}
FAILING_HERE = by_rules(Rule((Reply(WRONG),), model="small"), Rule((Reply(RIGHT),), model="large"))


async def test_a_proposal_waits_beside_the_file_until_it_is_accepted(parts: Parts, tmp_path: Path) -> None:
    """Nothing is written before; accepting is one step for undo."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="Verified")).to_contain_text("2 of 2 examples pass")
        await here.picture("verified")
        assert here.file.read_text() == STUB
        assert not await here.is_dirty()
        await here.press("Control+Enter")
        await here.shows(RIGHT_LINE)
        await expect(here.lens.filter(has_text="Verified")).to_have_count(0)
        await here.page.wait_for_function("!document.querySelector('.tab.dirty')")
        assert here.file.read_text() == SOLVED
        await here.press("Control+z")
        await here.shows("...")
        await here.page.wait_for_timeout(500)  # it saves itself
        assert here.file.read_text() == STUB


async def test_a_proposal_is_shown_as_a_diff_and_let_go(parts: Parts, tmp_path: Path) -> None:
    """Alt+Enter opens the diff; discarding closes it and leaves the file as it was."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="Verified")).to_be_visible()
        await here.press("Alt+Enter")
        await expect(here.page.locator(".tab", has_text="verified proposal")).to_be_visible()
        await here.picture("diff")
        await here.press("Control+Shift+Backspace")
        await expect(here.page.locator(".tab", has_text="verified proposal")).to_have_count(0)
        await expect(here.lens.filter(has_text="Verified")).to_have_count(0)
        assert here.file.read_text() == STUB


async def test_what_nothing_shows_to_be_right_says_so_in_words(parts: Parts, tmp_path: Path) -> None:
    """The lens, the way to accept and the mark in the text all say it."""
    async with code(parts, tmp_path, Desk(always(WRONG))) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="UNVERIFIED")).to_be_visible()
        await expect(here.lens.filter(has_text="Accept unverified")).to_be_visible()
        await here.picture("unverified")
        assert here.file.read_text() == STUB


async def test_cancelling_closes_the_connection_to_the_model(parts: Parts, tmp_path: Path) -> None:
    """The progress has a button; a command does the same."""
    async with code(parts, tmp_path, Desk(always(Reply(RIGHT, delay_s=60)))) as here:
        await here.implement()
        await expect(here.notices).to_contain_text("Cope: slugify")
        await here.picture("progress")
        await here.models.until(lambda models: len(models.chats) >= 1, seconds=20)
        await here.command("Cope: Cancel")
        await here.models.until(lambda models: models.chats[0].closed_early, seconds=20)
        await expect(here.notices).not_to_contain_text("Cope: slugify")
        assert here.file.read_text() == STUB


async def test_a_proposal_whose_code_was_changed_is_stale(parts: Parts, tmp_path: Path) -> None:
    """It says so, and is not accepted over what was typed."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="Verified")).to_be_visible()
        await here.press("Control+End", "ArrowUp", "End")
        await here.page.keyboard.type("  # mine")
        await expect(here.lens.filter(has_text="STALE")).to_be_visible()
        await here.picture("stale")
        await here.press("Control+Enter")
        await here.shows("# mine")


async def test_the_report_opens_as_a_page(parts: Parts, tmp_path: Path) -> None:
    """Markdown, in the editor's own preview."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="Verified")).to_be_visible()
        await here.press("Alt+Shift+Enter")
        await expect(here.page.locator(".tab", has_text="Preview")).to_be_visible()
        await here.picture("report")


async def test_nothing_runs_in_a_workspace_that_is_not_trusted(parts: Parts, tmp_path: Path) -> None:
    """The proposal is unverified, and the server asks nothing that the editor has asked."""
    restricted = {
        "security.workspace.trust.enabled": True,
        "security.workspace.trust.startupPrompt": "never",
        "security.workspace.trust.banner": "never",
    }
    async with code(parts, tmp_path, Desk(always(RIGHT), settings=restricted)) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="UNVERIFIED")).to_be_visible()
        await here.picture("untrusted")


async def test_a_part_can_be_accepted_and_reads_unverified(parts: Parts, tmp_path: Path) -> None:
    """The rest is let go; what stands there was never judged, and a lens says so until it is."""
    async with code(parts, tmp_path, Desk(always(TWO_PARTS))) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="Accept this part")).to_have_count(2)
        await here.picture("parts")
        await here.lens.get_by_text("Accept this part").first.click()
        await here.shows("import re")
        await expect(here.lens.filter(has_text="UNVERIFIED: a part")).to_be_visible()
        await expect(here.lens.filter(has_text="Accept this part")).to_have_count(0)
        await here.picture("part")
        assert "findall" not in await here.text()


async def test_nothing_leaves_the_machine_before_the_user_agrees(parts: Parts, tmp_path: Path) -> None:
    """Where it would go, and at what price; leaving the dialog means no."""
    async with code(parts, tmp_path, Desk(FAILING_HERE, config=REMOTE, models=MODELS)) as here:
        await here.implement("ArrowDown")
        dialog = here.page.locator(".monaco-dialog-box")
        await expect(dialog).to_contain_text("models.example")
        await here.picture("consent")
        await here.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(here.lens.filter(has_text="UNVERIFIED")).to_be_visible()
        assert "large" not in {chat.body["model"] for chat in here.models.chats}


async def test_an_edit_is_asked_for_in_words(parts: Parts, tmp_path: Path) -> None:
    """By keyboard: what is typed reaches the model, and is at hand the next time."""
    async with code(parts, tmp_path, Desk(always(RIGHT), text=SOLVED)) as here:
        await here.until_ready()
        await here.press("Control+k", "Control+e")
        await expect(here.page.locator(".quick-input-title")).to_contain_text("edit slugify")
        await here.page.keyboard.type("keep it as it is")
        await here.press("Enter")
        await here.models.until(lambda models: len(models.chats) > 0, seconds=30)
        assert "keep it as it is" in here.models.chats[0].raw.decode()
        await here.press("Control+k", "Control+e")
        await expect(here.page.locator(".quick-input-list")).to_contain_text("keep it as it is")


async def test_a_server_that_is_killed_comes_back(parts: Parts, tmp_path: Path) -> None:
    """Without a word: the next request simply works."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="Verified")).to_be_visible()
        (server,) = [
            each
            for each in psutil.Process().children(recursive=True)
            if each.cmdline()[-1:] == ["--stdio"] or "--stdio" in each.cmdline()
        ]
        server.kill()
        await expect(here.lens.filter(has_text="Verified")).to_have_count(0)
        await here.implement()
        await expect(here.lens.filter(has_text="Verified")).to_be_visible()


async def test_usage_is_a_page_that_everybody_can_read(parts: Parts, tmp_path: Path) -> None:
    """Numbers beside every bar, and nothing for axe to find."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="Verified")).to_be_visible()
        await here.press("Control+Enter")
        await here.shows(RIGHT_LINE)
        await here.command("Cope: Usage")
        frame = here.page.frame_locator("iframe.webview").frame_locator("iframe#active-frame")
        await expect(frame.locator("h1")).to_contain_text("Usage")
        await expect(frame.locator("dl")).to_contain_text("$0.00")
        await here.picture("usage")
        assert await here.violations(frame) == []
