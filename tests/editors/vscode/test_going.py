"""Getting going and keeping going in the real VS Code: the walkthrough, a server that is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
import pytest
from playwright.async_api import expect

from tests.editors.vscode.driving import MODELS_URL, Desk, code
from tests.protocol.driving import RIGHT, SOLVED
from tests.support.model_server import Entry, always

if TYPE_CHECKING:
    from pathlib import Path

    from tests.editors.vscode.driving import Parts

pytestmark = pytest.mark.browser

LARGEST_VSIX = 3_000_000
"""Bytes of the package without the server's wheel."""


async def test_the_walkthrough_ends_with_an_accepted_edit(parts: Parts, tmp_path: Path) -> None:
    """The server is ready, the model is fetched, a key is kept, an edit is accepted: four steps, all done."""
    settings = {"cope.small.base_url": MODELS_URL, "cope.small.model": "small"}
    desk = Desk(always(RIGHT), settings=settings, models=(Entry("other"),))
    async with code(parts, tmp_path, desk) as here:
        await here.until_ready()
        await here.command("Cope: Get the Local Model")
        await expect(here.notices).to_contain_text("small is ready")
        await here.command("Cope: Set API Key of the Large Model")
        await expect(here.page.locator(".quick-input-title")).to_contain_text("API key")
        await here.page.keyboard.type("sk-not-a-key")
        await here.press("Enter")
        await here.focus_file()
        await here.implement()
        await here.proposed("Verified")
        await here.press("Control+Enter")
        await here.until_saved(SOLVED)
        await here.command("Welcome: Open Walkthrough")
        await here.page.keyboard.type("Get started with Cope")
        await here.pick("Get started with Cope")
        steps = here.page.locator(".getting-started-step")
        await expect(steps).to_have_count(4)
        done = here.page.locator(".getting-started-step .codicon-getting-started-step-checked")
        await expect(done).to_have_count(4)
        await here.picture("walkthrough")


async def test_a_server_that_is_killed_comes_back(parts: Parts, tmp_path: Path) -> None:
    """Without a word: its proposal goes with it, and the next request simply works."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await here.proposed("Verified")
        (server,) = (
            each for each in psutil.Process().children(recursive=True) if "--stdio" in each.cmdline()
        )
        server.kill()
        await expect(here.lens).to_have_count(0)
        await here.implement()
        await here.proposed("Verified")


def test_the_package_is_small(parts: Parts) -> None:
    """Three megabytes without the wheel; a hundred and some kilobytes when this was written."""
    assert parts.package.stat().st_size < LARGEST_VSIX
