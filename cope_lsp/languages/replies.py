"""A reply in any language, taken apart: which parts may be code, and what stands for code left out."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST_REPLY = 256 * 1024
"""Characters beyond which a reply is refused unread."""

_CODE = r"(?:code|function|method|implementation|logic|body|class|file)"
LEFT_OUT = re.compile(
    rf"\b(?:rest|remainder) of (?:the |your |this )?{_CODE}\b"
    rf"|\b(?:existing|remaining|original|previous) {_CODE}\b"
    rf"|\b{_CODE} (?:goes )?here\b|\b(?:{_CODE}|rest) (?:is |stays )?(?:unchanged|omitted)\b"
    r"|\bsame as (?:before|above)\b|^(?:#|//|/\*|--)\s*(?:\.\.\.|…)|\b(?:TODO|FIXME)\b",
    re.IGNORECASE,
)
"""What a comment says that stands for code which was left out."""

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^\n]*$")
_FOREIGN = {
    *("bash", "sh", "shell", "console", "text", "txt", "output"),
    *("json", "yaml", "toml", "diff", "patch", "markdown", "md"),
}


def codes(reply: str, is_code: Callable[[str], bool]) -> Iterator[str]:
    """The parts of a reply that may be code, likeliest first; without fences also without the prose.

    `is_code` tells a line of code that begins at the margin from a sentence.
    """
    text = reply.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"^.*?</think(?:ing)?>", "", text, count=1, flags=re.DOTALL) if "</think" in text else text
    fenced = _fenced(text)
    for _, code in sorted(fenced, key=lambda each: each[0] in _FOREIGN):
        yield _plain(code)
    if not fenced:
        yield _plain(text)
        yield _plain(_without_prose(textwrap.dedent(text), is_code))


def _plain(code: str) -> str:
    """The code without blank lines around it and without a common indentation."""
    return textwrap.dedent(re.sub(r"\A(?:[ \t]*\n)+", "", code)).rstrip() + "\n"


def _fenced(text: str) -> list[tuple[str, str]]:
    """Language tag and text of each fenced block; one that never closes reaches to the end."""
    blocks: list[tuple[str, list[str]]] = []
    closing = ""
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if closing and fence and fence[1].startswith(closing) and not fence[2]:
            closing = ""
        elif closing:
            blocks[-1][1].append(line)
        elif fence:
            closing = fence[1]
            blocks.append((fence[2].lower(), []))
    return [(tag, "\n".join(content)) for tag, content in blocks if "".join(content).strip()]


def _without_prose(text: str, is_code: Callable[[str], bool]) -> str:
    """The text without sentences around and between its code."""
    kept: list[str] = []
    keeping = False
    for line in text.split("\n"):
        if line.strip() and not line[0].isspace():
            keeping = is_code(line)
        if keeping:
            kept.append(line)
    return "\n".join(kept)
