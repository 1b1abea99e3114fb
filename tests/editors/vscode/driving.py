"""A real VS Code with our extension, in a browser, on a real server, on a scripted model server."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import Page, async_playwright, expect

from tests.protocol.driving import STUB, write_config
from tests.support.model_server import Entry, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from playwright.async_api import Browser, FrameLocator, Locator

    from tests.support.model_exchange import ModelServer
    from tests.support.model_script import Script

SERVER = Path(sys.executable).parent / "cope-lsp"
SHOTS = Path(__file__).parents[3] / ".cache" / "editors" / "vscode"
"""Where a picture of each state is kept."""

_LINES = """
[...document.querySelectorAll('.editor-instance .view-line')]
    .sort((one, other) => parseInt(one.style.top) - parseInt(other.style.top)).map(line => line.textContent)
"""
_MARKS = """
[...document.querySelectorAll('.editor-instance .view-line span')]
    .map(span => getComputedStyle(span, '::after').content).filter(text => text.includes('◂'))
"""

QUICK = {
    "files.autoSave": "afterDelay",
    "files.autoSaveDelay": 100,
    "workbench.startupEditor": "none",
    "security.workspace.trust.enabled": False,
    "workbench.enableExperiments": False,
    "extensions.ignoreRecommendations": True,
    "editor.minimap.enabled": False,
    "editor.acceptSuggestionOnEnter": "off",
    "cope.serverPath": str(SERVER),
}
"""The user's settings; files save themselves, so that whatever is written into a buffer shows on disk."""

MODELS_URL = "<where the models are>"
"""A value of a setting that becomes the address of the scripted model server."""

RIGHT_LINE = 'return "-".join(title.lower().split())'
"""What the right reply makes of the stub."""

expect.set_options(timeout=30_000)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the tests stand on; each is brought by `scripts/editor_parts.py`."""

    code_server: Path
    chromium: Path
    package: Path
    extensions: Path
    axe: Path


@dataclass(frozen=True, slots=True)
class Desk:
    """How a test's world is made."""

    script: Script
    text: str = STUB
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    models: tuple[Entry, ...] = (Entry("small"), Entry("large"))
    files: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Code:
    """One window of VS Code, with a Python file open."""

    page: Page
    models: ModelServer
    project: Path
    settings: Path
    axe: Path

    @property
    def file(self) -> Path:
        """The file that is open."""
        return self.project / "slug.py"

    @property
    def lens(self) -> Locator:
        """The lenses over code."""
        return self.page.locator(".codelens-decoration")

    @property
    def notices(self) -> Locator:
        """Notifications."""
        return self.page.locator(".notifications-toasts")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def command(self, title: str) -> None:
        """Run a command by its title."""
        await self.press("F1")
        await expect(self.page.locator(".quick-input-widget input")).to_be_focused()
        await self.page.keyboard.type(title)
        await self.pick(title)

    async def pick(self, title: str) -> None:
        """Take what a list now has first, once it is this."""
        await expect(self.page.locator(".quick-input-list .monaco-list-row").first).to_contain_text(title)
        await self.press("Enter")

    async def implement(self, *down: str) -> None:
        """Choose an action of the light bulb at the cursor, by keyboard; keys that go `down` come first."""
        await self._offer("Implement")
        await self.press(*down, "Enter")

    async def until_ready(self) -> None:
        """Wait until the server offers something at the cursor."""
        await self._offer("slugify")
        await self.press("Escape")

    async def violations(self, frame: FrameLocator) -> list[str]:
        """What axe finds wrong with a page in a frame, as it stands there with the theme's colours."""
        html: str = await frame.locator("html").evaluate("page => page.outerHTML")
        browser = self.page.context.browser
        assert browser is not None
        # In its frame nothing may run, not even axe; and its own policy would not let axe in.
        context = await browser.new_context(bypass_csp=True)
        alone = await context.new_page()
        await alone.set_content(html)
        await alone.add_script_tag(path=self.axe)
        found = await alone.evaluate("axe.run().then(({violations}) => violations.map(({id}) => id))")
        await context.close()
        return [str(each) for each in found]

    async def _offer(self, title: str) -> None:
        menu = self.page.locator(".action-widget", has_text=title)
        for _ in range(20):  # the server may still be starting
            await self.press("Control+.")
            try:
                await expect(menu).to_be_visible(timeout=2000)
            except AssertionError:
                await self.press("Escape")
            else:
                return
        await expect(menu).to_be_visible()

    async def text(self) -> str:
        """The text as the editor shows it."""
        lines: list[str] = await self.page.evaluate(_LINES)
        return "\n".join(line.replace("\xa0", " ") for line in lines)

    async def marks(self) -> list[str]:
        """What is shown beside lines."""
        return await self.page.evaluate(_MARKS)

    async def shows(self, text: str) -> None:
        """Wait until the editor shows a text."""
        await expect(self.page.locator(".editor-instance .view-lines").first).to_contain_text(
            text.replace(" ", "\xa0")
        )

    async def proposed(self, verdict: str) -> Locator:
        """The lens of a proposal, once there is one with this verdict."""
        lens = self.lens.filter(has_text=verdict)
        await expect(lens).to_be_visible()
        return lens

    async def change(self, **settings: object) -> None:
        """Change settings of the user in their file; `__` stands for a dot."""
        await self._rewrite("Preferences: Open User Settings (JSON)", self.settings / "User", settings)

    async def change_machine(self, **settings: object) -> None:
        """The same for what a machine decides."""
        await self._rewrite("Preferences: Open Remote Settings (JSON)", self.settings / "Machine", settings)

    async def _rewrite(self, command: str, folder: Path, settings: Mapping[str, object]) -> None:
        file = folder / "settings.json"
        named = {name.replace("__", "."): value for name, value in settings.items()}
        text = json.dumps({**json.loads(file.read_text()), **named})
        await self.command(command)
        await expect(self.page.locator(".tab.active", has_text="settings.json")).to_be_visible()
        await expect(self.page.locator(".editor-instance .monaco-editor.focused")).to_have_count(1)
        await self.press("Control+a", "Delete")
        await self.page.keyboard.insert_text(text)
        await _until_holds(file, text)
        await self.press("Control+w")

    async def theme(self, name: str) -> None:
        """Take another colour theme."""
        await self.press("Control+k", "Control+t")
        await expect(self.page.locator(".quick-input-widget input").first).to_be_focused()
        await self.page.keyboard.type(name)
        await self.pick(name)

    async def diff(self) -> Locator:
        """Open the proposal's diff, wait until it has the keys, and return its tab."""
        await self.press("Alt+Enter")
        tab = self.page.locator(".tab", has_text="verified proposal")
        await expect(tab).to_be_visible()
        await expect(self.page.locator('[aria-label^="Discard Proposal"]').first).to_be_visible()
        return tab

    async def is_dirty(self) -> bool:
        """Whether the open file has changes that are not saved."""
        return await self.page.locator(".tab.dirty").count() > 0

    async def until_saved(self, text: str) -> None:
        """Wait until the file holds a text; the editor saves by itself."""
        await _until_holds(self.file, text)
        await self.page.wait_for_timeout(300)  # it hears of the end of a save later than the disk

    async def focus_file(self) -> None:
        """Put the cursor back into the file."""
        await self.press("Control+1")
        await expect(self.page.locator(".editor-instance .monaco-editor.focused")).to_have_count(1)

    def webview(self) -> FrameLocator:
        """The page of a webview."""
        return self.page.frame_locator("iframe.webview").frame_locator("iframe#active-frame")

    async def picture(self, name: str) -> None:
        """Keep a picture of the window."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SHOTS / f"{name}.png")


@asynccontextmanager
async def code(parts: Parts, tmp_path: Path, desk: Desk) -> AsyncGenerator[Code]:
    """Start everything; when the block ends, it has ended."""
    project, home = tmp_path / "project", tmp_path / "home"
    for folder in (project, home):
        folder.mkdir(parents=True)
    (project / "pyproject.toml").write_text('[project]\nname = "example"\n')
    for name, text in {"slug.py": desk.text, **desk.files}.items():
        (project / name).write_text(text)
    async with serve(desk.script, desk.models) as models:
        write_config(home, models.url, desk.config)
        given = {name: models.url if value == MODELS_URL else value for name, value in desk.settings.items()}
        _write_settings(tmp_path / "data", {**QUICK, **given})
        async with (
            _code_server(parts, tmp_path, home) as url,
            _browser(parts) as browser,
        ):
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            await page.goto(f"{url}/?folder={project}")
            here = Code(page, models, project, tmp_path / "data", parts.axe)
            try:
                await _open_file(here)
                yield here
            finally:
                await here.picture(f"last-of-{tmp_path.name}")


async def _until_holds(file: Path, text: str) -> None:
    async with asyncio.timeout(30):
        while file.read_text() != text:  # noqa: ASYNC110, ASYNC240 -- a file tells nobody, and is small
            await asyncio.sleep(0.05)


async def _open_file(here: Code) -> None:
    await expect(here.page.locator(".monaco-workbench")).to_be_visible(timeout=60_000)
    await here.press("Control+p")
    await here.page.keyboard.type("slug.py")
    await expect(here.page.locator(".quick-input-list .monaco-list-row").first).to_contain_text("slug.py")
    await here.press("Enter")
    await here.shows("def ")


def _write_settings(data: Path, settings: Mapping[str, object]) -> None:
    # What a machine decides is read from its own file where the editor runs in a browser.
    for place in ("User", "Machine"):
        (data / place).mkdir(parents=True)
        (data / place / "settings.json").write_text(json.dumps(settings))


@asynccontextmanager
async def _code_server(parts: Parts, tmp_path: Path, home: Path) -> AsyncGenerator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    node = shutil.which("node")
    assert node is not None, "These tests need Node 20"
    options = {
        "--auth": "none",
        "--bind-addr": address,
        "--user-data-dir": str(tmp_path / "data"),
        "--extensions-dir": str(parts.extensions),
    }
    switches = ("--disable-telemetry", "--disable-update-check", "--disable-getting-started-override")
    words = [word for pair in options.items() for word in pair]
    process = await asyncio.create_subprocess_exec(
        node,
        str(parts.code_server / "out" / "node" / "entry.js"),
        *words,
        *switches,
        env={**os.environ, "COPE_HOME": str(home), "HOME": str(tmp_path)},
        cwd=tmp_path,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _until_listening(address)
        yield f"http://{address}"
    finally:
        process.terminate()
        await process.wait()


async def _until_listening(address: str) -> None:
    host, _, port = address.partition(":")
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, int(port))
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return


@asynccontextmanager
async def _browser(parts: Parts) -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=parts.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            await browser.close()
