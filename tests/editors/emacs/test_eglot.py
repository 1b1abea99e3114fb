"""What a person sees in Emacs: asked by name, answered in the minibuffer, read off the screen, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.lsp.delivery import ECHO_S
from tests.editors.emacs.driving import eglot
from tests.editors.terminal import Desk
from tests.protocol.driving import RIGHT, SOLVED, STUB
from tests.protocol.test_other_requests import EXPLANATION, ONE_TEST, TESTS, WRITTEN
from tests.support.model_script import Reply, always

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

RIGHT_LINE = 'return "-".join(title.lower().split())'
PASSED = "slugify: 2 of 2 examples pass"


def test_a_tested_edit_is_asked_for_in_the_minibuffer(tmp_path: Path) -> None:
    """Progress meanwhile, the evidence in the question, one edit, one message at the next key, one undo."""
    with eglot(tmp_path, Desk(always(Reply(RIGHT, delay_s=1.0)))) as emacs:
        emacs.home.trust()
        emacs.choose("Implement slugify")
        emacs.terminal.until("[eglot:project/")
        screen = emacs.terminal.until(PASSED, "Apply it?", "Choose an option: Apply")
        assert RIGHT_LINE not in screen
        emacs.terminal.press("Enter")
        emacs.terminal.until(RIGHT_LINE)
        assert not emacs.terminal.shows("waits as a code action", ECHO_S + 1)
        emacs.terminal.press("C-n")
        screen = emacs.terminal.until(f"Server reports (type=3): {PASSED}")
        assert "waits" not in screen
        assert emacs.saved() == SOLVED
        emacs.terminal.press("C-/")
        emacs.terminal.until("    ...")
        assert emacs.saved() == STUB


def test_another_answer_is_typed_over_the_first(tmp_path: Path) -> None:
    """Trust is asked for and kept; an edit that is discarded leaves the buffer as it was."""
    with eglot(tmp_path, Desk()) as emacs:
        emacs.choose("Implement slugify")
        emacs.terminal.until("Do you trust", "Choose an option: Trust")
        emacs.terminal.press("Enter")
        emacs.terminal.until(PASSED, "Apply it?")
        emacs.answer("Discard")
        screen = emacs.terminal.until("Server reports (type=3): slugify: discarded.")
        assert RIGHT_LINE not in screen
        emacs.choose("Implement slugify")
        assert "trust" not in emacs.terminal.until(PASSED, "Apply it?")


def test_a_question_that_is_quit_means_no(tmp_path: Path) -> None:
    """The edit waits as a code action."""
    with eglot(tmp_path, Desk()) as emacs:
        emacs.home.trust()
        emacs.choose("Implement slugify")
        emacs.terminal.until(PASSED, "Apply it?")
        emacs.terminal.press("C-g")
        emacs.choose("Apply tested candidate for slugify")
        emacs.terminal.until(RIGHT_LINE)


def test_with_auto_apply_a_tested_edit_comes_by_itself(tmp_path: Path) -> None:
    """With its message, and no question."""
    with eglot(tmp_path, Desk(config={"auto_apply": True})) as emacs:
        emacs.home.trust()
        emacs.choose("Implement slugify")
        emacs.terminal.until(RIGHT_LINE, f"Server reports (type=3): {PASSED}")
        assert emacs.home.file.read_text() == STUB
        emacs.terminal.press("C-/")
        emacs.terminal.until("    ...")


def test_an_explanation_opens_in_a_window(tmp_path: Path) -> None:
    """Beside the code, which stays."""
    with eglot(tmp_path, Desk(always(EXPLANATION), text=WRITTEN)) as emacs:
        emacs.home.trust()
        emacs.choose("Explain slugify")
        emacs.terminal.until("def slugify", "# slugify, explained", "It joins **words**.")


def test_tests_for_a_new_file_are_in_the_report(tmp_path: Path) -> None:
    """This eglot makes no files for servers: nobody is asked, and the message has the path."""
    with eglot(tmp_path, Desk(always(TESTS), text=WRITTEN)) as emacs:
        emacs.home.trust()
        emacs.choose("Write tests for slugify")
        emacs.terminal.until("a new file test_slug.py · report: ", "the editor does not create files")
        (report,) = (tmp_path / "state" / "reports").glob("*.md")
        assert "def test_words_are_joined():" in report.read_text()
        assert not (emacs.home.project / "test_slug.py").exists()


def test_eglot_asks_once_more_before_it_edits_another_file(tmp_path: Path) -> None:
    """One that is in no buffer yet; the job waits for the answer."""
    with eglot(tmp_path, Desk(always(TESTS), text=WRITTEN)) as emacs:
        emacs.home.trust()
        tests = emacs.home.project / "test_slug.py"
        tests.write_text(ONE_TEST)
        emacs.choose("Write tests for slugify")
        emacs.terminal.until("test_slug.py. Apply it?")
        emacs.terminal.press("Enter")
        emacs.terminal.until("Server wants to edit", "Proceed? (y or n)")
        emacs.terminal.press("y")
        emacs.terminal.press("C-x", "b")
        emacs.terminal.type("test_slug.py")
        screen = emacs.terminal.until(
            "def test_words_are_joined():", "Server reports (type=3): slugify: 1 of 2"
        )
        assert "waits" not in screen
        assert tests.read_text() == ONE_TEST
