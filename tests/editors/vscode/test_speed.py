"""How long a person waits, measured in the browser; the figures are kept, and none of them fails a test."""

from __future__ import annotations

import json
import re
from statistics import median
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.editors.vscode.driving import SHOTS, Desk, code
from tests.protocol.driving import RIGHT, SOLVED, STUB
from tests.support.model_server import Reply, always

if TYPE_CHECKING:
    from pathlib import Path

    from tests.editors.vscode.driving import Code, Parts

pytestmark = [pytest.mark.browser, pytest.mark.heavy]

TIMES = 5
WATCH = """
window.seen = {};
const note = (name, shows) => {
  if (!(name in window.seen) && shows()) window.seen[name] = performance.now();
};
const text = selector => [...document.querySelectorAll(selector)].map(each => each.textContent).join('');
addEventListener('keydown', ({ key }) => {
  if (key === 'Enter') window.seen = { key: performance.now() };
}, true);
new MutationObserver(() => {
  note('progress', () => text('.notifications-toasts').includes('Cope: slugify'));
  note('edit', () => text('.editor-instance .view-lines').includes('.join('));
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
"""


async def test_progress_and_edit_come_at_once(parts: Parts, tmp_path: Path) -> None:
    """From the key on an action to its progress (goal 150 ms), from accepting to the new text (200 ms)."""
    progress, edit = list[float](), list[float]()
    async with code(parts, tmp_path, Desk(always(Reply(RIGHT, delay_s=0.5)))) as here:
        await here.until_ready()
        await here.page.evaluate(WATCH)
        for _ in range(TIMES):
            await here.implement()
            await expect(here.notices).to_contain_text("Cope: slugify")
            progress.append(await _since_key(here, "progress"))
            await here.proposed("Verified")
            await here.press("Control+Enter")
            await here.until_saved(SOLVED)
            edit.append(await _since_key(here, "edit"))
            await here.press("Control+z")
            await here.until_saved(STUB)
        activation = await _activation(here)
    _keep({"progress_ms": median(progress), "edit_ms": median(edit), "activation_ms": activation})


async def _since_key(here: Code, name: str) -> float:
    return await here.page.evaluate(f"window.seen.{name} - window.seen.key")


async def _activation(here: Code) -> float:
    """Milliseconds that loading and activating the extension took, as the editor says it."""
    await here.command("Developer: Show Running Extensions")
    row = here.page.locator(".runtime-extensions-editor .monaco-list-row", has_text="Cope")
    await expect(row.first).to_be_visible()
    said = re.search(r"(\d+)ms", await row.first.inner_text())
    assert said is not None, await row.first.inner_text()
    return float(said[1])


def _keep(figures: dict[str, float]) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    (SHOTS / "timings.json").write_text(json.dumps(figures))
