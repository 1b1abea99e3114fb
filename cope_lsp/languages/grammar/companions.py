"""What a reply puts beside the target or around it, and the target needs: directly or through each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import matches, mentioned
from cope_lsp.languages.grammar.targets import leading, scopes, wrapped
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.grammar.reply import Written
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source


def needed(
    grammar: Grammar, source: Source, target: Target, written: Written
) -> tuple[list[Span], list[Span]]:
    """Parts of the reply that belong beside the target, and those that belong beside the type around it."""
    if written.bare:
        return [], []
    reply, inner = written.source, _scope(grammar, written.source, written.definition)
    known = {target.name, *(name for name, _ in _declared(grammar, source))}
    used = _used(grammar, written, known, _homes(grammar, reply.tree.root_node, written.definition, inner))
    outer = _scope(grammar, source, target)
    around = [node for node in used if outer is not None and _is_outside(grammar, node, inner, outer)]
    beside = [node for node in used if node not in around]
    return [_whole(grammar, reply, node) for node in beside], [
        _whole(grammar, reply, node) for node in around
    ]


def scope_around(grammar: Grammar, source: Source, target: Target) -> Span:
    """The type around a target with all that belongs to it; of types in types the outermost."""
    scope = _scope(grammar, source, target)
    if scope is None:
        return target.span
    around = [node for _, node in scopes(grammar, source) if node.type in grammar.types]
    while scope.type in grammar.types:
        wider = [node for node in around if node != scope and _holds(node, trees.span_of(scope))]
        if not wider:
            break
        scope = min(wider, key=_length)
    return _whole(grammar, source, scope)


def _is_outside(grammar: Grammar, node: Node, inner: Node | None, outer: Node) -> bool:
    """Whether it stands outside the type in the reply, or could not stand in the file's."""
    if inner is not None:
        return not _holds(inner, trees.span_of(node))
    return outer.type in grammar.types and re.match(grammar.loose, trees.node_text(node)) is not None


def _used(grammar: Grammar, written: Written, known: set[str], homes: list[Node]) -> list[Node]:
    """What a definition uses of that which stands in these places, in order."""
    reply, definition = written.source, written.definition
    beside: dict[str, list[Node]] = {}
    for name, node in _declared(grammar, reply):
        span = trees.span_of(node)
        home = wrapped(grammar, node).parent
        if home in homes and not span.holds(definition.signature) and not definition.span.holds(span):
            beside.setdefault(name, []).append(node)
    waiting = set(mentioned(reply.tree.root_node, definition.body))
    used: dict[int, Node] = {}
    while waiting:
        name = waiting.pop()
        for node in beside.pop(name, ()) if name not in known else ():
            used[node.id] = node
            waiting |= mentioned(node)
    return sorted(used.values(), key=lambda node: node.start_byte)


def _homes(grammar: Grammar, root: Node, definition: Target, scope: Node | None) -> list[Node]:
    """The block that a definition stands in, and the one that the type around it stands in."""
    at = root.descendant_for_byte_range(definition.signature.start, definition.signature.end)
    while (
        at is not None
        and at.parent is not None
        and at.parent.start_byte >= definition.span.start
        and at.parent.end_byte <= definition.span.end
    ):
        at = at.parent
    around = wrapped(grammar, scope).parent if scope is not None else None
    found = (at.parent if at is not None else None, around)
    return [node for node in found if node is not None]


def _declared(grammar: Grammar, source: Source) -> Iterator[tuple[str, Node]]:
    """What a file declares, by name; several may have one, as a type and what implements its methods."""
    for match in matches(grammar, "references", source.tree.root_node):
        if "declared" in match.nodes:
            yield trees.node_text(match.nodes["declared"]), match.nodes["declaration"]


def _scope(grammar: Grammar, source: Source, target: Target) -> Node | None:
    """The innermost class, module or the like around a target."""
    around = [node for _, node in scopes(grammar, source) if _holds(node, target.signature)]
    return min(around, key=_length, default=None)


def _whole(grammar: Grammar, source: Source, node: Node) -> Span:
    """A definition with what stands around and above it and belongs to it."""
    outer = wrapped(grammar, node)
    above = leading(grammar, source, outer)
    return Span(above[0].start_byte if above else outer.start_byte, outer.end_byte)


def _holds(node: Node, span: Span) -> bool:
    return trees.span_of(node).holds(span)


def _length(node: Node) -> int:
    return node.end_byte - node.start_byte
