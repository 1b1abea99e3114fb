"""Macros that stand where C++ has no word: what is left when they are not seen is C++ that parses.

A macro before a class's name (`class API Shop : public Place {`) makes its body a function's to tree-sitter;
one on a line of its own (`Q_OBJECT`, `UPROPERTY(EditAnywhere)`) swallows what follows it.
"""

from __future__ import annotations

import re
from itertools import chain

from cope_lsp.languages.text import Span

_NAME = rb"[A-Z_][A-Z0-9_]+"
_HELD = rb'(?:[^()"\n]|"[^"\n]*")*'
_GIVEN = rb"\(" + _HELD + rb"(?:\(" + _HELD + rb"\)" + _HELD + rb")*\)"

_OF_CLASS = re.compile(
    rb"(?:class|struct|union)[ \t]+((?:" + _NAME + rb"(?:" + _GIVEN + rb")?[ \t]+)+)"
    rb"(?!final\b)\w[\w:]*(?:[ \t]*<[^;{}\n]{0,200}>)?(?:\s+final)?\s*(?:\{|:(?!:))"
)
# A name with an underscore is no type of those that old code writes on a line of its own (`HRESULT`).
_ALONE = re.compile(
    rb"^[ \t]*(" + _NAME + _GIVEN + rb"|(?=[A-Z]+_)" + _NAME + rb")[ \t]*\r?$"
    rb"(?=(?:\s*//[^\n]*\n)*\s*(?:[A-Za-z_~#]|\[\[|\Z))",
    re.MULTILINE,
)
_BEFORE = re.compile(rb"(?:[{};:]|\*/|(?:^|\n)[ \t]*(?://|#)[^\n]*)\s*\Z")
_LONGEST = 400


def unread(text: bytes) -> tuple[Span, ...]:
    """The macros of a text that a parser must not see, in order."""
    found: list[Span] = []
    everywhere = chain(_OF_CLASS.finditer(text), _ALONE.finditer(text))
    for match in sorted(everywhere, key=lambda each: each.start(1)):
        span = Span(*match.span(1))
        last = found[-1].end if found else 0
        if span.start >= last and (match.re is _OF_CLASS or _may_begin(text[last : span.start])):
            found.append(span)
    return tuple(found)


def _may_begin(before: bytes) -> bool:
    """Whether a statement or a member could begin after a text."""
    return not before.strip() or _BEFORE.search(before[-_LONGEST:]) is not None
