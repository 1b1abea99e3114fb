"""A request at work in the real VS Code: progress, cancelling, the best so far, the one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.editors.vscode.driving import Desk, code
from tests.protocol.driving import RIGHT, SOLVED, STUB
from tests.support.model_server import Reply, Rule, always, by_rules, in_turn

if TYPE_CHECKING:
    from pathlib import Path

    from tests.editors.vscode.driving import Parts

pytestmark = pytest.mark.browser

CLIP = '''\
def clip(number: int) -> int:
    """Bring a number into bounds.

    >>> clip(3)
    3
    """
    ...
'''
LOW = "```python\nreturn max(number, 0)\n```"
HIGH = "```python\nreturn number if number > 0 else -1\n```"
ROUND = "```python\nreturn abs(number)\n```"
SPLIT = by_rules(
    Rule((Reply("I write no tests."),), contains="Write five tests"),
    Rule((Reply(LOW), Reply(HIGH), Reply(ROUND)) * 9),
)


async def test_cancelling_closes_the_connection_to_the_model(parts: Parts, tmp_path: Path) -> None:
    """The progress has a button; a command does the same by keyboard."""
    async with code(parts, tmp_path, Desk(always(Reply(RIGHT, delay_s=60)))) as here:
        await here.implement()
        await expect(here.notices).to_contain_text("Cope: slugify")
        await here.models.until(lambda models: len(models.chats) >= 1, seconds=20)
        await here.page.wait_for_timeout(500)  # the progress has come up whole
        await here.picture("progress")
        await here.command("Cope: Cancel")
        await here.models.until(lambda models: models.chats[0].closed_early, seconds=20)
        await expect(here.notices).not_to_contain_text("Cope: slugify")
        assert here.file.read_text() == STUB


async def test_the_best_so_far_can_be_had_at_once(parts: Parts, tmp_path: Path) -> None:
    """One draw has passed, the next takes long: the command does not wait for it."""
    async with code(parts, tmp_path, Desk(in_turn(RIGHT, Reply(RIGHT, delay_s=60)))) as here:
        await here.implement()
        await here.models.until(lambda models: len(models.chats) >= 2, seconds=30)
        await here.command("Cope: Show Best Now")
        await here.proposed("Accept")
        await here.picture("best")
        assert here.file.read_text() == STUB


async def test_the_question_is_answered_by_keyboard(parts: Parts, tmp_path: Path) -> None:
    """Three behaviours are left; what the user says decides, and the proposal says so."""
    desk = Desk(SPLIT, text=CLIP, config={"samples": 6})
    async with code(parts, tmp_path, desk) as here:
        await here.implement()
        await expect(here.notices).to_contain_text("Answer…")
        await here.picture("question")
        await here.command("Cope: Answer Its Question")
        await expect(here.page.locator(".quick-input-title")).to_contain_text("what must clip(")
        await here.page.keyboard.type("0")
        await here.pick("0")
        await expect(await here.proposed("Verified")).to_contain_text("as you said")


async def test_a_lens_implements_a_stub_where_the_user_wants_lenses(parts: Parts, tmp_path: Path) -> None:
    """Off by default, since the light bulb is there; switched on while the editor runs."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.until_ready()
        await expect(here.lens).to_have_count(0)
        await here.change(cope__codeLens__stubs=True)
        await (await here.proposed("Implement slugify")).locator("a").click()
        await here.proposed("Verified")
        await here.press("Control+Enter")
        await here.until_saved(SOLVED)


async def test_an_edit_is_asked_for_in_words(parts: Parts, tmp_path: Path) -> None:
    """What is typed reaches the model, and is at hand the next time."""
    async with code(parts, tmp_path, Desk(always(RIGHT), text=SOLVED)) as here:
        await here.until_ready()
        await here.press("Control+k", "Control+e")
        await expect(here.page.locator(".quick-input-title")).to_contain_text("edit slugify")
        await here.page.keyboard.type("keep it as it is")
        await here.pick("keep it as it is")
        await here.models.until(lambda models: len(models.chats) > 0, seconds=30)
        assert "keep it as it is" in here.models.chats[0].raw.decode()
        await here.press("Control+k", "Control+e")
        await expect(here.page.locator(".quick-input-list")).to_contain_text("keep it as it is")
