"""How differences and untrusted text are put to a person at a terminal."""

from __future__ import annotations

import difflib
import unicodedata

from rich.text import Text

_STYLES = (("+++", "bold"), ("---", "bold"), ("@@", "cyan"), ("+", "green"), ("-", "red"))


def difference(path: str, old: str, new: str) -> str:
    """A unified diff between two texts of one file; empty when they are equal."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    return "\n".join(lines)


def coloured(diff: str) -> Text:
    """A diff in colours; its text is untrusted and shown as `visible` makes it, never as markup."""
    shown = Text()
    for line in visible(diff).split("\n"):
        style = next((style for mark, style in _STYLES if line.startswith(mark)), "")
        shown.append(f"{line}\n", style)
    return shown


def visible(text: str) -> str:
    """Text that a terminal cannot obey: control, escape and direction characters are spelt out.

    A model's or a repository's text could otherwise move the cursor, rename the window or hide code.
    """
    return "".join(char if _harmless(char) else f"\\u{ord(char):04x}" for char in text)


def _harmless(char: str) -> bool:
    return char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
