"""What a reader of a function looks at: imports, the type around it, the definitions it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar import imports
from cope_lsp.languages.grammar.grammar import matches, mentioned
from cope_lsp.languages.grammar.targets import scopes, targets
from cope_lsp.languages.target import Surroundings
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

LONGEST = 60
"""Lines of one definition beyond which its rest is left out."""


def surroundings(grammar: Grammar, source: Source, target: Target, path: str) -> Surroundings:
    """What a reader of the target looks at; `path` is the file's, relative to the project's root."""
    names = mentioned(source.tree.root_node, target.span)
    block = imports.block(grammar, source)
    return Surroundings(
        imports=trees.read(source, block).strip(),
        scope="\n".join(_scope(grammar, source, target)),
        definitions=tuple(_used(grammar, source, target, names)),
        imported=grammar.imported(source, names, path),
    )


def definition(grammar: Grammar, source: Source, name: str) -> str:
    """The definition of a name as another file sees it: heads and documentation. Empty: none."""
    found = _declarations(grammar, source)
    return "\n".join(_outline(grammar, source, found[name])) if name in found else ""


def _declarations(grammar: Grammar, source: Source) -> dict[str, Node]:
    """What a file declares, the outermost of a name."""
    found: dict[str, Node] = {}
    for match in matches(grammar, "references", source.tree.root_node):
        if "declared" in match.nodes:
            found.setdefault(trees.node_text(match.nodes["declared"]), match.nodes["declaration"])
    return found


def _scope(grammar: Grammar, source: Source, target: Target) -> Iterator[str]:
    """The innermost type around the target in outline, without the target."""
    around = [node for _, node in scopes(grammar, source) if trees.span_of(node).holds(target.span)]
    inner = min(around, key=lambda node: node.end_byte - node.start_byte, default=None)
    if inner is not None:
        yield from _outline(grammar, source, inner, target)


def _used(grammar: Grammar, source: Source, target: Target, names: frozenset[str]) -> Iterator[str]:
    """Definitions of the file that the target mentions and does not stand in."""
    for name, node in _declarations(grammar, source).items():
        span = trees.span_of(node)
        apart = not span.holds(target.signature) and not target.span.holds(span)
        if name in names and apart and (name != target.name or target.parents):
            yield "\n".join(_outline(grammar, source, node))


def _outline(grammar: Grammar, source: Source, node: Node, target: Target | None = None) -> Iterator[str]:
    """A definition without what its functions do. `target` is left out."""
    span = _with_comments(grammar, source, node)
    inner = [each for each in targets(grammar, source) if span.holds(each.span) and each.parses]
    at, text = span.start, ""
    for each in inner:
        if each.body.start < at:
            continue
        if target is not None and each.signature == target.signature:
            text += trees.read(source, Span(at, trees.line_start(source.text, max(each.span.start, at))))
            at = trees.next_line(source.text, each.span.end)
            continue
        text += trees.read(source, Span(at, each.body.start)) + _emptied(grammar)
        at = each.body.end
    text += trees.read(source, Span(at, span.end)) if at < span.end else ""
    lines = list(_dedented(text))
    yield from lines[:LONGEST]
    if len(lines) > LONGEST:
        yield f"{grammar.line_comment} …"


def _emptied(grammar: Grammar) -> str:
    return f"{grammar.opening} … {grammar.closing}" if grammar.opening else f"; … {grammar.closing}"


def _with_comments(grammar: Grammar, source: Source, node: Node) -> Span:
    """The node with the comments right above it."""
    start, above = node, node.prev_sibling
    while above is not None and above.type in grammar.comments:
        gap = source.text[above.start_byte : start.start_byte].strip().count(b"\n\n")
        if gap or above.end_point.row < start.start_point.row - 1:
            break
        start, above = above, above.prev_sibling
    return Span(trees.line_start(source.text, start.start_byte), node.end_byte)


def _dedented(text: str) -> Iterator[str]:
    """Lines without the indentation of the first."""
    lines = trees.lines(text.encode())
    white = lines[0][: len(lines[0]) - len(lines[0].lstrip())] if lines else ""
    for line in lines:
        yield line.removeprefix(white).rstrip()
