"""Results of doctests as Python prints them, and doctest wants them: `[1, 2]` where a model wrote `[1,2]`."""

from __future__ import annotations

import ast
import doctest


def as_printed(text: str) -> str:
    """The text of a docstring, its doctests' results of one line spelt as `repr` spells their values."""
    try:
        shown = doctest.DocTestParser().get_examples(text)
    except ValueError:
        return text
    lines = text.split("\n")
    for each in shown:
        at = each.lineno + each.source.count("\n")
        wanted = each.want.removesuffix("\n")
        if wanted and not each.exc_msg and "\n" not in wanted and lines[at].strip() == wanted.strip():
            lines[at] = lines[at].replace(wanted.strip(), _printed(wanted.strip()))
    return "\n".join(lines)


def _printed(literal: str) -> str:
    """The value's printed form; the text itself where it is no plain value, or one without an order."""
    try:
        has_set = any(isinstance(node, ast.Set) for node in ast.walk(ast.parse(literal)))
        return literal if has_set else repr(ast.literal_eval(literal))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return literal
