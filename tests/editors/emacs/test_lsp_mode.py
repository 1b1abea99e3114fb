"""The same in Emacs with lsp-mode, which many have in eglot's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.editors.emacs.driving import lsp_mode
from tests.editors.emacs.test_eglot import PASSED, RIGHT_LINE
from tests.editors.terminal import Desk
from tests.protocol.driving import SOLVED, STUB

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


def test_a_tested_edit_is_asked_for_in_the_minibuffer(tmp_path: Path) -> None:
    """The only action is taken without a menu; one edit, one message, one undo."""
    with lsp_mode(tmp_path, Desk()) as emacs:
        emacs.home.trust()
        emacs.command("lsp-execute-code-action")
        screen = emacs.terminal.until(PASSED, "Apply it?")
        assert RIGHT_LINE not in screen
        emacs.terminal.type("Apply")
        emacs.terminal.until(RIGHT_LINE, f"LSP :: {PASSED}")
        assert emacs.saved() == SOLVED
        emacs.terminal.press("C-/")
        emacs.terminal.until("    ...")
        assert emacs.saved() == STUB


def test_no_answer_is_no(tmp_path: Path) -> None:
    """Enter alone: the edit waits as a code action."""
    with lsp_mode(tmp_path, Desk()) as emacs:
        emacs.home.trust()
        emacs.command("lsp-execute-code-action")
        emacs.terminal.until(PASSED, "Apply it?")
        emacs.terminal.press("Enter")
        screen = emacs.terminal.until("waits as a code action at slugify")
        assert RIGHT_LINE not in screen
