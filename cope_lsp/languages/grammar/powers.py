"""What a new text can do that the old could not (security, part 3.2), and what leads into what judges it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.changes import changed, characters, urls
from cope_lsp.languages.grammar.grammar import comments, language, parse
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.text import Source

_SHOWN = 60


def powers(grammar: Grammar, before: Source, after: Source) -> tuple[str, ...]:
    """What the changed part of `after` can do that the part it replaces could not, as `kind: what`."""
    old, new = changed(before.text, after.text)
    return tuple(sorted(_in(grammar, after, new) - _in(grammar, before, old)))


def reaches(grammar: Grammar, before: bytes, after: bytes) -> tuple[str, ...]:
    """Ways into the machinery that judges that `after` adds: ending the process, forging its report."""
    if not grammar.reaches:
        return ()
    pattern = re.compile(grammar.reaches)
    old, new = (_code(grammar, parse(grammar, text), Span(0, len(text))) for text in (before, after))
    more = Counter(_each(pattern, new)) - Counter(_each(pattern, old))
    return tuple(sorted(more))


def _in(grammar: Grammar, source: Source, span: Span) -> set[str]:
    code = _code(grammar, source, span)
    found = {*characters(trees.read(source, span)), *urls(code)}
    for kind, pattern in grammar.powers:
        found |= {f"{kind}: {what}" for what in _found(re.compile(pattern), code)}
    return found


def _found(pattern: re.Pattern[str], code: str) -> set[str]:
    return {*_each(pattern, code)}


def _each(pattern: re.Pattern[str], code: str) -> list[str]:
    return [" ".join(match[0].split())[:_SHOWN] for match in pattern.finditer(code)]


def _code(grammar: Grammar, source: Source, span: Span) -> str:
    """The text of a span without its comments."""
    at, parts, text = span.start, list[bytes](), source.text
    if grammar.unread(text):  # a comment must be one in the text as it stands: nothing is left out here
        source = trees.parse(trees.Reader(language(grammar)), text)
    for node in comments(grammar, source.tree.root_node, span):
        if at <= node.start_byte and node.end_byte <= span.end:
            parts.append(text[at : node.start_byte])
            at = node.end_byte
    return b" ".join([*parts, text[at : span.end]]).decode("utf-8", "replace")
