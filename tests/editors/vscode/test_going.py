"""Getting going and keeping going in the real VS Code: the walkthrough, a server that is killed."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import replace
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

SET_UP_MS = 180_000

BREAKS = """\
#!/bin/sh
case "$*" in *--version*) echo cope-lsp 0; exit;; esac
echo >> "$(dirname "$0")/starts"
exit 3
"""
"""A server that says its version and nothing else."""

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


async def test_the_extension_makes_and_mends_its_own_server(parts: Parts, tmp_path: Path) -> None:
    """Nothing is set up at first; one command makes an environment, and a broken one is made anew."""
    async with code(parts, tmp_path, Desk(always(RIGHT), settings={"cope.serverPath": ""})) as here:
        await here.press("Control+k", "Control+e")
        await expect(here.notices).to_contain_text("the server is not set up")
        await here.command("Cope: Set Up the Server")
        await expect(here.notices).to_contain_text("Cope: setting up")
        await here.picture("setting-up")
        await expect(here.notices).not_to_contain_text("Cope: setting up", timeout=SET_UP_MS)
        await here.implement()
        await here.proposed("Verified")
        _break_server(tmp_path)
        await here.command("Cope: Restart the Server")
        await expect(here.notices).to_contain_text("Cope: setting up")
        await expect(here.notices).not_to_contain_text("Cope: setting up", timeout=SET_UP_MS)
        await here.focus_file()
        await here.implement()
        await here.proposed("Verified")


async def test_a_server_that_cannot_start_is_left_alone(parts: Parts, tmp_path: Path) -> None:
    """One message with the log, and no more tries."""
    program = tmp_path / "cope-lsp"
    program.write_text(BREAKS)
    program.chmod(0o700)
    async with code(parts, tmp_path, Desk(always(RIGHT), settings={"cope.serverPath": str(program)})) as here:
        await expect(here.notices).to_contain_text("the server could not be started")
        starts = (tmp_path / "starts").read_text()
        await here.picture("cannot-start")
        await here.page.wait_for_timeout(3000)
        await expect(here.notices.get_by_role("button", name="Show Log")).to_have_count(1)
        await expect(here.page.locator(".notification-toast")).to_have_count(1)
        assert (tmp_path / "starts").read_text() == starts


async def test_another_model_is_used_from_the_next_request_on(parts: Parts, tmp_path: Path) -> None:
    """A change that a running server does not accept starts another, without a word."""
    desk = Desk(always(RIGHT), models=(Entry("small"), Entry("other")))
    async with code(parts, tmp_path, desk) as here:
        await here.until_ready()
        before = set(_servers())
        await here.change_machine(cope__small__model="other")
        async with asyncio.timeout(30):
            while set(_servers()) <= before:  # noqa: ASYNC110 -- without a word
                await asyncio.sleep(0.1)
        await here.implement()
        await here.proposed("Verified")
        assert {chat.body["model"] for chat in here.models.chats} == {"other"}
        await expect(here.page.locator(".notification-toast")).to_have_count(0)


async def test_everything_can_be_removed(parts: Parts, tmp_path: Path) -> None:
    """After one question the server has ended and the extension is no longer installed."""
    own = replace(parts, extensions=tmp_path / "extensions")
    shutil.copytree(parts.extensions, own.extensions)
    async with code(own, tmp_path, Desk(always(RIGHT))) as here:
        await here.until_ready()
        await here.command("Cope: Remove Everything")
        await expect(here.page.locator(".monaco-dialog-box")).to_contain_text("Remove everything of Cope?")
        await here.picture("remove")
        await here.press("Enter")
        listed = own.extensions / "extensions.json"
        async with asyncio.timeout(30):
            while _servers() or "cope-lsp" in listed.read_text():  # noqa: ASYNC110 -- nobody is told
                await asyncio.sleep(0.1)


async def test_a_server_that_is_killed_comes_back(parts: Parts, tmp_path: Path) -> None:
    """Without a word: its proposal goes with it, and the next request simply works."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await here.proposed("Verified")
        _kill_servers()
        await expect(here.lens).to_have_count(0)
        await here.implement()
        await here.proposed("Verified")


async def test_a_server_that_ends_again_and_again_is_left_alone(parts: Parts, tmp_path: Path) -> None:
    """One message with the log; asked for, it starts again."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.until_ready()
        said = here.notices.filter(has_text="ended again and again")
        for _ in range(60):
            _kill_servers()
            await here.page.wait_for_timeout(500)
            if await said.count():
                break
        await expect(here.page.locator(".notification-toast")).to_have_count(1)
        await here.picture("looping")
        await here.command("Cope: Restart the Server")
        await here.until_ready()


def _servers() -> list[psutil.Process]:
    found = list[psutil.Process]()
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            found += [each] if "--stdio" in each.cmdline() else []
    return found


def _kill_servers() -> None:
    for server in _servers():
        with suppress(psutil.NoSuchProcess):
            server.kill()


def _break_server(tmp_path: Path) -> None:
    (package,) = tmp_path.glob("data/**/server-*/lib/python*/site-packages/cope_lsp")
    shutil.rmtree(package)


def test_the_package_is_small(parts: Parts) -> None:
    """Three megabytes without the wheel; a hundred and some kilobytes when this was written."""
    assert parts.package.stat().st_size < LARGEST_VSIX
