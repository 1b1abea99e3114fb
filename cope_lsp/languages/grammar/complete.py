"""A reply becomes the file's new text: the target's body replaced, its imports added, nothing else touched.

What a reply puts beside the target and the target needs is put beside it in the file too. What it repeats of
the file is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar import companions, contract, imports
from cope_lsp.languages.grammar.grammar import parse
from cope_lsp.languages.grammar.instructions import instruction_at, is_marker
from cope_lsp.languages.grammar.layout import lay_out
from cope_lsp.languages.grammar.reply import Unusable, Written, read
from cope_lsp.languages.grammar.targets import indent_unit
from cope_lsp.languages.target import Head
from cope_lsp.languages.text import Patch, Span

if TYPE_CHECKING:
    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the new code goes, and how code looks there."""

    grammar: Grammar
    source: Source
    target: Target
    unit: str
    eol: str


def complete(grammar: Grammar, source: Source, target: Target, reply: str, head: Head) -> Patch:
    """Put a model's reply into the file in place of `target`."""
    written = read(grammar, source, target, reply)
    if isinstance(written, Unusable):
        return Patch(None, written.problem)
    problem = contract.head_problem(grammar, source, target, written, head)
    if problem:
        return Patch(None, problem)
    unit, eol = indent_unit(grammar, source.text), trees.eol_at(source.text, target.span.start)
    place = _Place(grammar, source, target, unit, eol)
    beside, around = companions.needed(grammar, source, target, written)
    piece = _with(place, written, _piece(place, written, head), beside, target.indent)
    left_out = contract.placeholders(grammar, trees.read(source, target.span), piece)
    if left_out:
        return Patch(None, left_out[0])
    return Patch(_in_file(place, written, piece, around))


def _piece(place: _Place, written: Written, head: Head) -> str:
    """The target's new text."""
    source, target = place.source, place.target
    body = _laid_out(place, written, written.definition.body, target.indent)
    tail = source.text[target.body.end : target.span.end].decode("utf-8", "surrogateescape")
    opening = _opening(place, written, head)
    return opening + body + tail


def _with(place: _Place, written: Written, text: str, spans: list[Span], indent: str) -> str:
    """A text with parts of the reply after it, or above it where what is used must stand above."""
    between = place.eol * 2 + indent
    parts = [_laid_out(place, written, span, indent).rstrip() for span in spans]
    return between.join([*parts, text] if place.grammar.above else [text, *parts])


def _opening(place: _Place, written: Written, head: Head) -> str:
    """All before the body, without the `cope:` comment: the user's, or the reply's where the head is free."""
    source, target = place.source, place.target
    text = source.text
    marker = instruction_at(place.grammar, source, Span(target.span.start, target.span.start))
    start, signature = target.span.start, target.signature
    above = text[start : signature.start]
    if marker is not None and target.span.holds(
        Span(marker.span.start, min(marker.span.end, target.span.end))
    ):
        cut = Span(max(marker.span.start, start), min(marker.span.end, signature.start))
        above = text[start : cut.start] + text[cut.end : signature.start]
        above = above.lstrip() if cut.start == start else above
    if head is Head.FREE and not written.bare:
        return _replied_opening(place, written, above.decode("utf-8", "surrogateescape"))
    return (above + text[signature.start : target.body.start]).decode("utf-8", "surrogateescape")


def _replied_opening(place: _Place, written: Written, above: str) -> str:
    """The reply's head; the user's documentation stays where the reply has none."""
    definition = written.definition
    start = definition.signature.start
    if definition.docstring is not None:
        start, above = definition.span.start, ""
    return above + _laid_out(place, written, Span(start, definition.body.start), place.target.indent)


def _laid_out(place: _Place, written: Written, span: Span, indent: str) -> str:
    lines = lay_out(place.grammar, written.source, span, indent, place.unit)
    kept = [line for number, line in enumerate(lines) if number == 0 or not is_marker(place.grammar, line)]
    trailing = written.source.text[span.start : span.end].endswith((b" ", b"\t"))
    return place.eol.join(kept) + (" " if trailing else "")


def _in_file(place: _Place, written: Written, piece: str, around: list[Span]) -> str:
    source, target = place.source, place.target
    text, start = source.text, target.span.start
    marker = instruction_at(place.grammar, source, Span(start, start))
    cut = marker.span if marker is not None and marker.span.end <= start else Span(start, start)
    scope = companions.scope_around(place.grammar, source, target) if around else target.span
    whole = Span(min(scope.start, cut.start), max(scope.end, target.span.end))
    inner = (
        text[whole.start : cut.start]
        + text[cut.end : start]
        + _raw(piece)
        + text[target.span.end : whole.end]
    )
    if around:
        indent = trees.indent_at(text, scope.start)
        inner = _raw(_with(place, written, inner.decode("utf-8", "surrogateescape"), around, indent))
    changed = text[: whole.start] + inner + text[whole.end :]
    mentions = imports.mentions(place.grammar, written.source)
    missing = [] if written.bare else imports.missing(place.grammar, place.source, written.source, mentions)
    parsed = parse(place.grammar, imports.added(place.grammar, changed, missing))
    return place.grammar.settled(place.source, parsed).decode("utf-8", "surrogateescape")


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
