"""The fences of a target's documentation that rustdoc runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.running import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

_FENCE = re.compile(r"(`{3,}|~{3,})\s*([\w, =.]*)$")
_MARGIN = re.compile(r"^\s*(?:///|\*(?!\*|/)|/\*\*)? ?")
_RUN = re.compile(r"(?:rust|edition\d+|)")
"""What may stand behind a fence that is run: not `ignore`, `no_run`, `compile_fail`, another language."""


def documented(source: Source, target: Target) -> tuple[Example, ...]:
    """One example a fence; its option is the fence's line, counted from the definition's first."""
    if target.docstring is None:
        return ()
    return tuple(
        Example(call=code, expected="", form="rustdoc", options=(str(line),))
        for line, code in _fences(source, target)
    )


def line_of(example: Example, first: int) -> int:
    """The line of an example's fence in a text whose definition begins at the line `first`."""
    return first + int(example.options[0])


def _fences(source: Source, target: Target) -> Iterator[tuple[int, str]]:
    fence, opened, code = "", 0, list[str]()
    wanted = False
    text = trees.read(source, target.span).encode()
    limit = (target.docstring.end if target.docstring else target.span.start) - target.span.start
    for number, line in enumerate(trees.lines(text[:limit])):
        plain = _MARGIN.sub("", line, count=1)
        mark = _FENCE.match(plain.strip())
        if not fence and mark:
            fence, opened, code = mark[1], number, []
            wanted = all(_RUN.fullmatch(word) for word in re.split(r"[,\s]+", mark[2].strip()))
        elif fence and plain.strip() == fence:
            if wanted:
                yield opened, "\n".join(code)
            fence = ""
        elif fence:
            code.append(plain.removeprefix("# "))
