"""What a person sees in Helix: asked by keys, read off the screen, taken and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.editors.helix.driving import editing
from tests.editors.terminal import Desk
from tests.protocol.driving import RIGHT, SOLVED, STUB
from tests.protocol.test_other_requests import EXPLANATION, TESTS, WRITTEN
from tests.support.model_script import Reply, always

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

RIGHT_LINE = 'return "-".join(title.lower().split())'


def test_a_tested_edit_waits_as_a_code_action_until_it_is_picked(tmp_path: Path) -> None:
    """Progress meanwhile, one message that says where it waits, one step for undo."""
    with editing(tmp_path, Desk(always(Reply(RIGHT, delay_s=1.0)))) as helix:
        helix.home.trust()
        helix.choose("Implement slugify")
        helix.terminal.until("Cope: slugify - starting · $0.00")
        screen = helix.terminal.until("slugify: 2 of 2 examples pass", "waits as a code action at slugify")
        assert RIGHT_LINE not in screen
        helix.choose("Apply tested candidate for slugify")
        screen = helix.terminal.until(RIGHT_LINE, "slugify: 2 of 2 examples pass")
        assert "waits" not in screen
        assert helix.saved() == SOLVED
        helix.terminal.press("u")
        assert helix.saved() == STUB


def test_with_auto_apply_a_tested_edit_comes_by_itself(tmp_path: Path) -> None:
    """Into the buffer, not onto the disk; one step for undo."""
    with editing(tmp_path, Desk(config={"auto_apply": True})) as helix:
        helix.home.trust()
        helix.choose("Implement slugify")
        helix.terminal.until(RIGHT_LINE, "slugify: 2 of 2 examples pass")
        assert helix.home.file.read_text() == STUB
        assert helix.saved() == SOLVED
        helix.terminal.press("u")
        assert helix.saved() == STUB


def test_without_trust_nothing_runs_and_the_message_says_so(tmp_path: Path) -> None:
    """Helix cannot be asked; what was written is offered as what it is."""
    with editing(tmp_path, Desk(config={"auto_apply": True})) as helix:
        helix.choose("Implement slugify")
        helix.terminal.until("slugify: not verified: this workspace is not trusted")
        assert "Apply unverified candidate for slugify" in helix.offered("Implement slugify")
        helix.terminal.press("Escape")
        assert helix.saved() == STUB


def test_an_explanation_is_where_the_message_says(tmp_path: Path) -> None:
    """Helix opens no pages for servers."""
    with editing(tmp_path, Desk(always(EXPLANATION), text=WRITTEN)) as helix:
        helix.choose("Explain slugify")
        helix.terminal.until(f"slugify: explained · {tmp_path / 'state'}")
        (page,) = (tmp_path / "state" / "reports" / "pages").iterdir()
        assert "It joins **words**." in page.read_text()


def test_tests_come_into_a_new_file(tmp_path: Path) -> None:
    """It is made once they are picked, not before; they stand in its buffer, not yet saved."""
    with editing(tmp_path, Desk(always(TESTS), text=WRITTEN)) as helix:
        helix.home.trust()
        written = helix.home.project / "test_slug.py"
        helix.choose("Write tests for slugify")
        helix.terminal.until("a new file test_slug.py · waits as a code action at slugify")
        assert not written.exists()
        helix.choose("Apply tested tests for slugify")
        helix.terminal.wait(written.exists)
        helix.terminal.type(":open test_slug.py")
        helix.terminal.until("def test_words_are_joined():", "test_slug.py [+]")
        assert written.read_text() == ""
