"""The little that has to be known of LaTeX to find an answer and to compare it as text."""

from __future__ import annotations

import re


def braced(text: str, start: int) -> str | None:
    r"""What stands between the brace at `start` and the one that closes it; `\{` and `\}` are no braces."""
    depth = 0
    for brace in _BRACE.finditer(text, start):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return text[start + 1 : brace.start()]
    return None


def tidy(text: str) -> str:
    """The same mathematics without delimiters, spacing commands, currency, degrees and a full stop."""
    for pattern, instead in _TIDIED:
        text = pattern.sub(instead, text)
    return text.strip().removesuffix(".").strip()


def bare(text: str) -> str:
    """The tidied text as letters and signs alone, for comparison; words in lower case."""
    letters = _SPACE.sub("", _TEXT.sub(r"\1", tidy(text)))
    return letters.lower() if len(letters) > 1 and letters.isalpha() else letters


_BRACE = re.compile(r"(?<!\\)[{}]")
_SPACE = re.compile(r"\s+")
_WORDS = r"\\(?:text|textbf|mathrm|mathbf|mbox|operatorname)\s*\{([^{}]*)\}"
_TEXT = re.compile(_WORDS)
_TIDIED = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\\?\$|€|£|\\euro\b|\\pounds\b|\\[()\[\]]", ""),
        (r"\^\s*(?:\{\s*\\circ\s*\}|\\circ)|°|\\degree\b", ""),
        (r"\\(?:left|right|displaystyle)(?![a-zA-Z])|\\[!]", ""),
        (r"\\[,;: ]|~", " "),
        (r"\\[dtc]frac(?![a-zA-Z])", r"\\frac"),
        (r"\*\*", "^"),
        (rf"\A\s*{_WORDS}\s*\Z", r"\1"),
        ("\N{MINUS SIGN}", "-"),
    )
)
