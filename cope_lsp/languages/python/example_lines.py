"""One more example at the end of a docstring; nothing else of it is touched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages.python import tree

if TYPE_CHECKING:
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

_LITERAL = re.compile(r"(?s)\A([uU]|[rR])?(\"\"\"|''')(.*)\2\Z")
_LAST_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")


def with_example(source: Source, target: Target, call: str, shown: str) -> bytes | None:
    """The file's text with a doctest as the last of the target's docstring.

    None where there is no docstring in triple quotes, or the example cannot stand in it as it is.
    """
    match = _LITERAL.match(tree.read(source, target.docstring)) if target.docstring is not None else None
    if target.docstring is None or match is None or not _fits(call, shown, match[2]):
        return None
    prefix, quotes, body = match[1] or "", match[2], match[3].rstrip()
    is_raw = prefix.lower() == "r"
    lines = [_spelt(f">>> {call}", is_raw), _spelt(shown, is_raw)]
    continues = ">>> " in _LAST_PARAGRAPH.split(body)[-1]
    eol = tree.eol_at(source.text, target.docstring.start)
    indented = [f"{target.body_indent}{line}" for line in (*lines, quotes)]
    new = eol.join([f"{prefix}{quotes}{body}", *([] if continues else [""]), *indented])
    text, span = source.text, target.docstring
    return text[: span.start] + new.encode() + text[span.end :]


def _fits(call: str, shown: str, quotes: str) -> bool:
    """Whether a doctest can say it: one line each, and no result that doctest reads as something else."""
    plain = call.isprintable() and shown.isprintable() and quotes not in call + shown
    return plain and bool(call.strip()) and bool(shown.strip()) and not shown.startswith((">>>", "...", "…"))


def _spelt(line: str, is_raw: bool) -> str:  # noqa: FBT001 -- a fact about the literal, not an option
    return line if is_raw else line.replace("\\", "\\\\")
