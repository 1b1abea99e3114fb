"""What VS Code lets the server do: nothing runs without trust, nothing is paid without consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.editors.vscode.driving import RIGHT_LINE, Desk, code
from tests.protocol.driving import RIGHT, STUB, WRONG
from tests.support.model_server import Entry, Reply, Rule, always, by_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.editors.vscode.driving import Parts

pytestmark = pytest.mark.browser

RESTRICTED = {
    "security.workspace.trust.enabled": True,
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
}
MODELS = (Entry("small"), Entry("large", remote_host="https://models.example"))
REMOTE = {
    "samples": 2,
    "large.model": "large",
    "large.provider": "ollama",
    "large.price.input": 1.0,
    "large.price.output": 1.0,
}
FAILING_HERE = by_rules(Rule((Reply(WRONG),), model="small"), Rule((Reply(RIGHT),), model="large"))
LEAVES_A_MARK = """\
from pathlib import Path

Path(__file__).with_name("ran").touch()
"""


async def test_nothing_runs_in_a_workspace_that_is_not_trusted(parts: Parts, tmp_path: Path) -> None:
    """Neither tests nor what they import; the proposal is unverified and says why."""
    files = {"conftest.py": LEAVES_A_MARK, "test_slug.py": f"from slug import slugify\n{LEAVES_A_MARK}"}
    async with code(parts, tmp_path, Desk(always(RIGHT), settings=RESTRICTED, files=files)) as here:
        await here.implement()
        await expect(await here.proposed("UNVERIFIED")).to_contain_text("not trusted")
        await here.picture("untrusted")
        assert not (here.project / "ran").exists()
        assert here.file.read_text() == STUB


async def test_trust_that_is_granted_later_is_told_to_the_server(parts: Parts, tmp_path: Path) -> None:
    """Without a restart: the same request is verified now."""
    async with code(parts, tmp_path, Desk(always(RIGHT), settings=RESTRICTED)) as here:
        await here.implement()
        await here.proposed("UNVERIFIED")
        await here.press("Control+Shift+Backspace")
        await expect(here.lens).to_have_count(0)
        await here.command("Workspaces: Manage Workspace Trust")
        await here.page.get_by_role("button", name="Trust", exact=True).click()
        await expect(here.page.locator(".workspace-trust-editor")).to_contain_text("You trust this folder")
        await here.press("Control+w")
        await here.implement()
        await here.proposed("Verified")


async def test_nothing_leaves_the_machine_before_the_user_agrees(parts: Parts, tmp_path: Path) -> None:
    """What would be sent and at what price is asked first; leaving the dialog means no."""
    async with code(parts, tmp_path, Desk(FAILING_HERE, config=REMOTE, models=MODELS)) as here:
        await here.implement("ArrowDown")
        dialog = here.page.locator(".monaco-dialog-box")
        await expect(dialog).to_contain_text("May cope-lsp send code to large at models.example")
        await expect(dialog).to_contain_text("$1 in, $1 out per million tokens")
        await here.picture("consent")
        await here.press("Escape")
        await expect(dialog).to_have_count(0)
        await here.proposed("UNVERIFIED")
        assert "large" not in {chat.body["model"] for chat in here.models.chats}


async def test_what_the_user_agreed_to_is_asked_and_checked(parts: Parts, tmp_path: Path) -> None:
    """This once: the large model's solution comes, verified, with its price."""
    async with code(parts, tmp_path, Desk(FAILING_HERE, config=REMOTE, models=MODELS)) as here:
        await here.implement("ArrowDown")
        await here.page.locator(".monaco-dialog-box").get_by_role("button", name="This once").press("Enter")
        await expect(await here.proposed("Verified")).to_contain_text("large model")
        await here.press("Control+Enter")
        await here.shows(RIGHT_LINE)
