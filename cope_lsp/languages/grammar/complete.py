"""A reply becomes the file's new text: the target's body replaced, its imports added, nothing else touched.

What a reply puts beside the target and the target needs is put beside it in the file too. What it repeats of
the file is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar import contract, imports
from cope_lsp.languages.grammar.grammar import matches, mentioned, parse
from cope_lsp.languages.grammar.instructions import instruction_at, is_marker
from cope_lsp.languages.grammar.layout import lay_out
from cope_lsp.languages.grammar.reply import Unusable, Written, read
from cope_lsp.languages.grammar.targets import indent_unit, leading
from cope_lsp.languages.target import Head
from cope_lsp.languages.text import Patch, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

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
    piece = _piece(place, written, head)
    left_out = contract.placeholders(grammar, trees.read(source, target.span), piece)
    if left_out:
        return Patch(None, left_out[0])
    return Patch(_in_file(place, written, piece))


def _piece(place: _Place, written: Written, head: Head) -> str:
    """The target's new text, with the helpers that it needs after it."""
    source, target = place.source, place.target
    body = _laid_out(place, written, written.definition.body)
    tail = source.text[target.body.end : target.span.end].decode("utf-8", "surrogateescape")
    opening = _opening(place, written, head)
    helpers = "".join(place.eol * 2 + place.target.indent + text for text in _helpers(place, written))
    return opening + body + tail + helpers


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
    return above + _laid_out(place, written, Span(start, definition.body.start))


def _laid_out(place: _Place, written: Written, span: Span) -> str:
    lines = lay_out(place.grammar, written.source, span, place.target.indent, place.unit)
    kept = [line for number, line in enumerate(lines) if number == 0 or not is_marker(place.grammar, line)]
    trailing = written.source.text[span.start : span.end].endswith((b" ", b"\t"))
    return place.eol.join(kept) + (" " if trailing else "")


def _helpers(place: _Place, written: Written) -> list[str]:
    """New definitions beside the target in the reply that it uses, directly or through each other."""
    if written.bare:
        return []
    beside = _declared_beside(place.grammar, written.source, written.definition)
    known = {place.target.name, *(name for name, _ in _declared(place.grammar, place.source))}
    waiting = set(mentioned(written.source.tree.root_node, written.definition.body))
    used: dict[int, Node] = {}
    while waiting:
        name = waiting.pop()
        for node in beside.pop(name, ()) if name not in known else ():
            used[node.id] = node
            waiting |= mentioned(node)
    ordered = sorted(used.values(), key=lambda node: node.start_byte)
    spans = [_whole(place.grammar, written.source, node) for node in ordered]
    return [_laid_out(place, written, span).rstrip() for span in spans]


def _whole(grammar: Grammar, source: Source, node: Node) -> Span:
    """A definition with what stands above it and belongs to it."""
    above = leading(grammar, source, node)
    return Span(above[0].start_byte if above else node.start_byte, node.end_byte)


def _declared(grammar: Grammar, source: Source) -> Iterator[tuple[str, Node]]:
    """What a file declares, by name; several may have one, as a type and what implements its methods."""
    for match in matches(grammar, "references", source.tree.root_node):
        if "declared" in match.nodes:
            yield trees.node_text(match.nodes["declared"]), match.nodes["declaration"]


def _declared_beside(grammar: Grammar, source: Source, definition: Target) -> dict[str, list[Node]]:
    """What stands in the same block as a definition, by name."""
    at = source.tree.root_node.descendant_for_byte_range(definition.signature.start, definition.signature.end)
    while (
        at is not None
        and at.parent is not None
        and at.parent.start_byte >= definition.span.start
        and at.parent.end_byte <= definition.span.end
    ):
        at = at.parent
    home = at.parent if at is not None else None
    found: dict[str, list[Node]] = {}
    for name, node in _declared(grammar, source):
        span = trees.span_of(node)
        if node.parent == home and not span.holds(definition.signature) and not definition.span.holds(span):
            found.setdefault(name, []).append(node)
    return found


def _in_file(place: _Place, written: Written, piece: str) -> str:
    text, target = place.source.text, place.target
    start = target.span.start
    above = text[:start]
    marker = instruction_at(place.grammar, place.source, Span(start, start))
    if marker is not None and marker.span.end <= start:
        above = text[: marker.span.start] + text[marker.span.end : start]
    changed = above + piece.encode("utf-8", "surrogateescape") + text[target.span.end :]
    mentions = imports.mentions(place.grammar, written.source)
    missing = [] if written.bare else imports.missing(place.grammar, place.source, written.source, mentions)
    whole = parse(place.grammar, imports.added(place.grammar, changed, missing))
    return place.grammar.settled(place.source, whole).decode("utf-8", "surrogateescape")
