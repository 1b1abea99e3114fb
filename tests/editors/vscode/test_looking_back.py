"""Reports and usage in the real VS Code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.editors.vscode.driving import RIGHT_LINE, Desk, code
from tests.protocol.driving import RIGHT
from tests.support.model_server import always

if TYPE_CHECKING:
    from pathlib import Path

    from tests.editors.vscode.driving import Parts

pytestmark = pytest.mark.browser

THEMES = {
    "vscode-light": "Light Modern",
    "vscode-dark": "Dark Modern",
    "vscode-high-contrast": "Dark High Contrast",
}
"""By what a page calls its kind."""


async def test_the_report_opens_as_a_page(parts: Parts, tmp_path: Path) -> None:
    """Markdown, in the editor's own preview: what was asked, candidates, evidence, money."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await here.proposed("Verified")
        await here.press("Alt+Shift+Enter")
        await expect(here.page.locator(".tab", has_text="Preview")).to_be_visible()
        page = here.webview()
        await expect(page.locator("h1")).to_contain_text("slugify")
        await expect(page.locator("body")).to_contain_text("examples: pass (2 of 2)")
        await expect(page.locator("body")).to_contain_text("$0.0000")
        await here.picture("report")


async def test_usage_is_a_page_that_everybody_can_read(parts: Parts, tmp_path: Path) -> None:
    """Numbers beside every bar; in light, dark and high contrast axe finds nothing."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await here.proposed("Verified")
        await here.press("Control+Enter")
        await here.shows(RIGHT_LINE)
        await here.command("Cope: Usage")
        page = here.webview()
        await expect(page.locator("h1")).to_contain_text("Usage")
        await expect(page.locator("dl")).to_contain_text("$0.00")
        for kind, theme in THEMES.items():
            await here.theme(theme)
            await expect(page.locator(f"body.{kind}")).to_be_visible()
            await here.picture(f"usage-{kind}")
            assert await here.violations(page) == []
