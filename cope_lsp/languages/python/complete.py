"""A reply becomes the file's new text: the target's body replaced, its imports added, nothing else touched.

Functions, classes and constants that a reply puts beside the target and that it needs are nested inside
it, because an edit touches only the target and the imports. What a reply repeats of the file is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.python import contract, imports, instructions, names, tree
from cope_lsp.languages.python.layout import lay_out
from cope_lsp.languages.python.reply import Unusable, Written, read
from cope_lsp.languages.python.targets import indent_unit
from cope_lsp.languages.target import Head
from cope_lsp.languages.text import Patch, Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the new code goes, and how code looks there."""

    source: Source
    target: Target
    unit: str
    eol: str


def complete(source: Source, target: Target, reply: str, head: Head = Head.FIXED) -> Patch:
    """Put a model's reply into the file in place of `target`."""
    written = read(reply, target)
    if isinstance(written, Unusable):
        return Patch(None, written.problem)
    unit, eol = indent_unit(source.text), tree.eol_at(source.text, target.span.start)
    place = _Place(source, target, unit, eol)
    problem = contract.head_problem(source, target, written, head)
    if problem:
        return Patch(None, problem)
    return _assembled(place, written, head)


def _assembled(place: _Place, written: Written, head: Head) -> Patch:
    source, target = place.source, place.target
    opening = _opening(place, written, head)
    body = _body(place, written, head)
    needed = _needed(place, written, [*opening, *body])
    if needed.problem:
        return Patch(None, needed.problem)
    lines = [*opening, *_docstring(place, written, head), *needed.local, *needed.helpers, *body]
    piece = place.eol.join(_without_markers(lines))
    problem = contract.piece_problem(source, target, piece)
    if problem:
        return Patch(None, problem)
    return Patch(_in_file(source, target, piece, needed.statements))


def _in_file(source: Source, target: Target, piece: str, statements: list[str]) -> str:
    text = source.text
    marker = instructions.instruction_at(source, Span(target.span.start, target.span.start))
    start = target.span.start
    above = text[:start]
    if marker is not None and marker.span.end <= start:
        above = text[: marker.span.start] + text[marker.span.end : start]
    changed = above + piece.encode() + text[target.span.end :]
    added = imports.add(tree.parse(changed), statements) if statements else changed
    return added.decode("utf-8", "surrogateescape")


def _opening(place: _Place, written: Written, head: Head) -> list[str]:
    """Decorators and signature: the user's, or the reply's where the head is free."""
    target, text = place.target, place.source.text
    if head is Head.FREE and written.definition is not None:
        return _replied_opening(place, written, written.definition)
    end = target.signature.end
    if (
        tree.line_start(text, target.body.start) > target.signature.start
        or target.body.start == target.body.end
    ):
        end = max(end, tree.line_end(text, end))
    return tree.lines(text[target.span.start : min(end, max(target.span.end, target.signature.end))])


def _replied_opening(place: _Place, written: Written, definition: Target) -> list[str]:
    source, text = written.source, place.source.text
    decorated = definition.span.start < definition.signature.start
    span = Span(definition.span.start, definition.signature.end)
    lines = lay_out(source, span, _alone(source, definition), place.target.indent, place.unit)
    lines[0] = lines[0].lstrip()
    own = text[place.target.span.start : place.target.signature.start].decode().rstrip()
    if decorated or not own:
        return lines
    return [*tree.lines(own.encode()), place.target.indent + lines[0], *lines[1:]]


def _alone(source: Source, definition: Target) -> Node:
    """The tree of a definition alone, whose only statement it is."""
    return tree.parse_part(source.text, definition.span).tree.root_node


def _function(source: Source, definition: Target) -> Node:
    """The definition's node, in a tree of its own (the whole reply need not parse)."""
    found = tree.matches("targets", _alone(source, definition))
    return next(m["definition"] for m in found if m["definition"].start_byte == definition.signature.start)


def _docstring(place: _Place, written: Written, head: Head) -> list[str]:
    """The user's docstring with the comments above it; none where the reply's is taken."""
    target, text = place.target, place.source.text
    replied = written.definition is not None and written.definition.docstring is not None
    if target.docstring is None or (head is Head.FREE and replied):
        return []
    end = tree.line_end(text, target.docstring.end)
    trailing = text[target.docstring.end : end].strip()
    end = end if not trailing or trailing.startswith(b"#") else target.docstring.end
    lines = tree.lines(text[target.body.start : min(end, target.span.end)])
    blank = text[end:].lstrip(b"\r").startswith((b"\n\n", b"\n\r\n"))
    return [target.body_indent + lines[0], *lines[1:], *([""] if blank and end < target.span.end else [])]


def _body(place: _Place, written: Written, head: Head) -> list[str]:
    source, definition = written.source, written.definition
    if definition is None:
        return lay_out(
            source, _bare_body(source), source.tree.root_node, place.target.body_indent, place.unit
        )
    start = definition.body.start
    if definition.docstring is not None and (place.target.docstring is not None and head is Head.FIXED):
        start = definition.docstring.end
        rest = source.text[start : tree.line_end(source.text, start)]
        start += len(rest) if rest.strip().startswith(b"#") else rest.find(b";") + 1
    function = _function(source, definition)
    return lay_out(source, Span(start, definition.span.end), function, place.target.body_indent, place.unit)


def _bare_body(source: Source) -> Span:
    """A reply that is only a body, without the docstring and the imports it opens with."""
    statements = [node for node in source.tree.root_node.named_children if "import" not in node.type]
    first = statements[0]
    literal = first.type == "expression_statement" and first.children[0].type == "string"
    start = statements[1].start_byte if literal and len(statements) > 1 else first.start_byte
    return Span(start, len(source.text.rstrip()))


def _without_markers(lines: list[str]) -> list[str]:
    """The lines without `cope:` comments, which are done now."""
    kept = [line for line in lines if not instructions.MARKER.match(line.strip())]
    return [instructions.TRAILING.sub("", line) for line in kept]


@dataclass(frozen=True, slots=True)
class _Needed:
    """What a new body needs besides itself."""

    statements: list[str]
    local: list[str]
    helpers: list[str]
    problem: str = ""


def _needed(place: _Place, written: Written, lines: list[str]) -> _Needed:
    """Imports for the file, imports for the function (where the file uses the name otherwise), helpers."""
    mentions = names.mentioned(tree.parse("\n".join(lines).encode()).tree.root_node)
    root = written.source.tree.root_node
    helpers = _helpers(place, written, mentions)
    for node in helpers:
        mentions |= names.mentioned(root, tree.span_of(node))
    present = imports.items(place.source)
    taken = {*names.defined(place.source.tree.root_node), *(item.bound for item in present)}
    wanted = [
        item
        for item in imports.items(written.source)
        if item.bound in mentions and item not in present and item.module != "__future__"
    ]
    clash = [item for item in wanted if item.bound in taken]
    indent = place.target.body_indent
    return _Needed(
        statements=imports.render([item for item in wanted if item not in clash]),
        local=[indent + statement for statement in imports.render(clash)],
        helpers=[line for node in helpers for line in _nested(place, written, node)],
        problem=_missing_member(place, written, mentions),
    )


def _helpers(place: _Place, written: Written, mentions: set[str]) -> list[Node]:
    """New top-level definitions of the reply that the target uses, directly or through each other."""
    known = {*names.defined(place.source.tree.root_node), place.target.name, *place.target.parents[:1]}
    if written.definition is None:
        return []
    beside = {
        name: node
        for name, node in names.defined(written.source.tree.root_node).items()
        if name not in known and not tree.span_of(node).holds(written.definition.span)
    }
    used: dict[str, Node] = {}
    waiting = set(mentions)
    while waiting:
        name = waiting.pop()
        node = beside.get(name)
        if node is not None and name not in used:
            used[name] = node
            waiting |= names.mentioned(node)
    return sorted(used.values(), key=lambda node: node.start_byte)


def _nested(place: _Place, written: Written, node: Node) -> list[str]:
    """A helper inside the target, with a blank line after a function or class."""
    root = written.source.tree.root_node
    lines = lay_out(written.source, tree.span_of(node), root, place.target.body_indent, place.unit)
    return [*lines, *([""] if node.type != "expression_statement" else [])]


def _missing_member(place: _Place, written: Written, mentions: set[str]) -> str:
    """A member that the reply adds to the class and needs: only the target may change."""
    if not place.target.parents or written.definition is None or not written.definition.parents:
        return ""
    mine = names.class_members(place.source.tree.root_node, place.target.parents)
    theirs = names.class_members(written.source.tree.root_node, written.definition.parents)
    added = sorted((set(theirs) - set(mine) - {place.target.name}) & mentions) if mine else []
    return (
        f"the reply adds {', '.join(added)} to the class; only {place.target.name} may change"
        if added
        else ""
    )
