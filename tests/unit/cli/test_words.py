"""How differences and untrusted text are put to a person at a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from cope_lsp.cli.words import coloured, difference, visible


def test_a_difference_names_the_file_and_shows_only_what_changed() -> None:
    """A unified diff; equal texts give nothing."""
    assert difference("a.py", "x\ny\n", "x\nz\n").splitlines() == [
        "--- a/a.py",
        "+++ b/a.py",
        "@@ -1,2 +1,2 @@",
        " x",
        "-y",
        "+z",
    ]
    assert difference("a.py", "x\n", "x\n") == ""


def test_untrusted_text_cannot_command_the_terminal() -> None:
    """Escape, bell, C1 and direction characters are spelt out; letters of any script stay."""
    assert (
        visible("a\x1b]0;title\x07\x9b2J\u202eb\n\tÄ日") == "a\\u001b]0;title\\u0007\\u009b2J\\u202eb\n\tÄ日"
    )


def test_a_diff_is_coloured_and_never_read_as_markup() -> None:
    """Additions are green, removals red, `[red]` in code stays text, an escape never passes."""
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="standard").print(
        coloured("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+[red]\x1b[2Jnew"), end=""
    )
    shown = out.getvalue()
    assert "\x1b[31m-old" in shown
    assert "\x1b[32m+[red]\\u001b[2Jnew" in shown
