"""What two versions of a text differ in, and what any new text may hide or call."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = re.compile(
    r"\b(?:https?|ftp|wss?|file|ssh|git|data)://?[^\s'\"<>)]+|\bdata:[\w/+.-]+;base64", re.IGNORECASE
)
_SHOWN = 80


def changed(before: bytes, after: bytes) -> tuple[Span, Span]:
    """The lines in which two texts differ."""
    start = _common_prefix(before, after)
    rest_before, rest_after = before[start:], after[start:]
    end = _common_prefix(rest_before[::-1], rest_after[::-1])
    first = trees.line_start(after, start)
    return (
        Span(first, trees.line_end(before, len(before) - end)),
        Span(first, trees.line_end(after, len(after) - end)),
    )


def _common_prefix(one: bytes, other: bytes) -> int:
    """Length of the common prefix, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def urls(text: str) -> Iterator[str]:
    """URLs in a literal, as `kind: what`."""
    for url in URL.finditer(text):
        yield f"URL: {url[0][:_SHOWN]}"


def characters(text: str) -> Iterator[str]:
    """Characters that are not seen or turn the reading direction."""
    for char in set(text):
        if unicodedata.category(char) in {"Cf", "Co", "Cn"} or (
            unicodedata.category(char) == "Cc" and char not in "\t\n\r\x0c"
        ):
            yield f"invisible character: U+{ord(char):04X}"
