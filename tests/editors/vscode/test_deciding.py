"""A proposal in the real VS Code: seen, accepted, discarded, stale, taken in part; by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.editors.vscode.driving import RIGHT_LINE, Desk, code
from tests.protocol.driving import RIGHT, SOLVED, STUB, WRONG
from tests.support.model_server import always

if TYPE_CHECKING:
    from pathlib import Path

    from tests.editors.vscode.driving import Parts

pytestmark = pytest.mark.browser

TWO_PARTS = """\
```python
import re

def slugify(title: str) -> str:
    return "-".join(re.findall("[a-z]+", title.lower()))
```
"""


async def test_a_proposal_waits_beside_the_file_until_it_is_accepted(parts: Parts, tmp_path: Path) -> None:
    """Nothing is written before, though files save themselves; accepting is one step for undo."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await expect(await here.proposed("Verified")).to_contain_text("2 of 2 examples pass")
        await here.page.wait_for_timeout(500)  # it would save itself
        await here.picture("verified")
        assert await here.text() == STUB
        assert here.file.read_text() == STUB
        assert not await here.is_dirty()
        await here.press("Control+Enter")
        await here.shows(RIGHT_LINE)
        await expect(here.lens).to_have_count(0)
        await here.until_saved(SOLVED)
        await here.press("Control+z")
        await here.until_saved(STUB)
        await here.press("Control+y")
        await here.until_saved(SOLVED)


async def test_keys_mean_what_they_meant_where_no_proposal_shows(parts: Parts, tmp_path: Path) -> None:
    """Ctrl+Enter opens a line below, as ever."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.until_ready()
        await here.press("Control+Enter")
        await here.page.keyboard.type("# mine")
        await here.until_saved(STUB.replace('"""Make', '# mine\n    """Make'))


async def test_a_proposal_is_shown_as_a_diff_and_let_go(parts: Parts, tmp_path: Path) -> None:
    """Alt+Enter opens the diff; discarding closes it and leaves the file as it was."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await here.proposed("Verified")
        tab = await here.diff()
        await here.picture("diff")
        await here.press("Control+Shift+Backspace")
        await expect(tab).to_have_count(0)
        await expect(here.lens).to_have_count(0)
        assert here.file.read_text() == STUB


async def test_a_diff_can_be_accepted_where_it_is_read(parts: Parts, tmp_path: Path) -> None:
    """The same key; the diff closes, and the file has the code."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await here.proposed("Verified")
        tab = await here.diff()
        await here.press("Control+Enter")
        await expect(tab).to_have_count(0)
        await here.until_saved(SOLVED)


async def test_what_nothing_shows_to_be_right_says_so_in_words(parts: Parts, tmp_path: Path) -> None:
    """The lens, the way to accept and the mark beside the line all say it."""
    async with code(parts, tmp_path, Desk(always(WRONG))) as here:
        await here.implement()
        await expect(await here.proposed("UNVERIFIED")).to_contain_text("Accept unverified")
        assert any("◂ UNVERIFIED: return title" in mark for mark in await here.marks())
        await here.picture("unverified")
        assert here.file.read_text() == STUB


async def test_a_proposal_whose_code_was_changed_is_stale(parts: Parts, tmp_path: Path) -> None:
    """It says so, and is not accepted over what was typed."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await here.proposed("Verified")
        await here.press("Control+End", "ArrowUp", "End")
        await here.page.keyboard.type("  # mine")
        await here.proposed("STALE")
        await here.picture("stale")
        await here.press("Control+Enter")
        await expect(here.notices).to_contain_text("has changed; discard it and ask again")
        await here.until_saved(STUB.replace("...", "...  # mine"))


async def test_a_proposal_moves_with_what_is_typed_elsewhere(parts: Parts, tmp_path: Path) -> None:
    """A comment above; the code is judged once more and lands where it belongs."""
    async with code(parts, tmp_path, Desk(always(RIGHT))) as here:
        await here.implement()
        await here.proposed("Verified")
        await here.press("Control+Home")
        await here.page.keyboard.type("# mine\n")
        await here.proposed("Verified")
        await here.press("Control+Enter")
        await here.until_saved(f"# mine\n{SOLVED}")


async def test_a_part_can_be_accepted_and_reads_unverified(parts: Parts, tmp_path: Path) -> None:
    """The rest is let go; what stands there was never judged, and a lens says so until it is."""
    async with code(parts, tmp_path, Desk(always(TWO_PARTS))) as here:
        await here.implement()
        await expect(here.lens.filter(has_text="Accept this part")).to_have_count(2)
        await here.picture("parts")
        await here.press("Control+Home", "Control+Alt+Enter")
        await expect(here.page.locator(".quick-input-title")).to_contain_text("accept which parts?")
        await here.press("Enter")
        await here.shows("import re")
        await here.proposed("UNVERIFIED: a part")
        await expect(here.lens.filter(has_text="Accept this part")).to_have_count(0)
        await here.picture("part")
        assert "findall" not in await here.text()


async def test_verified_edits_are_accepted_unasked_where_the_user_chose_that(
    parts: Parts, tmp_path: Path
) -> None:
    """And only these: the next one, which nothing verifies, waits."""
    desk = Desk(always(RIGHT), settings={"cope.acceptVerified": True})
    async with code(parts, tmp_path, desk) as here:
        await here.implement()
        await here.until_saved(SOLVED)
    unverified = Desk(always(WRONG), settings={"cope.acceptVerified": True})
    async with code(parts, tmp_path / "second", unverified) as here:
        await here.implement()
        await here.proposed("UNVERIFIED")
        assert here.file.read_text() == STUB


async def test_a_screen_reader_gets_the_diff_and_the_words(parts: Parts, tmp_path: Path) -> None:
    """Decorations say nothing there; the diff has its own ways to be read."""
    desk = Desk(always(RIGHT), settings={"editor.accessibilitySupport": "on"})
    async with code(parts, tmp_path, desk) as here:
        await here.implement()
        await expect(here.page.locator(".tab", has_text="verified proposal")).to_be_visible()
        await expect(here.notices).to_contain_text("slugify: Verified · 2 of 2 examples pass")
