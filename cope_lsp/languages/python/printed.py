"""Results of doctests as Python prints them, and doctest wants them: `[1, 2]` where a model wrote `[1,2]`."""

from __future__ import annotations

import ast
import doctest
import re

_EXCEPTION = re.compile(r"[A-Z]\w*(?:Error|Exception|Interrupt|Iteration)(?::.*)?")


def as_printed(text: str) -> str:
    """The text of a docstring, its doctests' results of one line spelt as Python prints their values.

    An exception that stands alone for a result gets the traceback that doctest looks for.
    """
    try:
        shown = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return text
    lines = text.split("\n")
    for each in reversed(shown):
        at = each.lineno + each.source.count("\n")
        wanted = each.want.strip()
        if wanted and not each.exc_msg and lines[at].strip() == wanted and each.want.count("\n") == 1:
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            lines[at : at + 1] = [f"{indent}{line}" for line in _printed(wanted)]
    return "\n".join(lines)


def _printed(wanted: str) -> list[str]:
    """What is printed for a result; the text itself where it is no plain value, or one without an order."""
    if _EXCEPTION.fullmatch(wanted):
        return ["Traceback (most recent call last):", "    ...", wanted]
    try:
        has_set = any(isinstance(node, ast.Set) for node in ast.walk(ast.parse(wanted)))
        return [wanted if has_set else repr(ast.literal_eval(wanted))]
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return [wanted]
