"""Finding the function or method that is to be written, also in a file that does not parse elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import comments, matches, reader
from cope_lsp.languages.target import Target
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from cope_lsp.languages.grammar.grammar import Grammar, Match
    from cope_lsp.languages.text import Source

TODO = re.compile(
    r"\b(?:TODO|FIXME|XXX)\b|not implemented|implement (?:me|this)|your code here", re.IGNORECASE
)
WRITTEN, UNOFFERED = "written", "no"
BODY = "body"
"""Set as `parses` where only the body says whether a definition parses: macros make heads look broken."""


def target_at(grammar: Grammar, source: Source, span: Span) -> Target | None:
    """The innermost definition that holds `span`, its first line's indentation included."""
    found = [each for each in targets(grammar, source) if _reach(source, each).holds(span)]
    inner = min(
        found,
        key=lambda each: (not _exactly(source, each).holds(span), each.span.end - each.span.start),
        default=None,
    )
    if source.tree.root_node.has_error and (inner is None or not inner.parses):
        return _standing_alone(grammar, source, span) or inner
    return inner


def target_named(grammar: Grammar, source: Source, qualname: str) -> Target | None:
    """The definition of that name; of several the first stub, else the last that may be written."""
    named = [each for each in targets(grammar, source) if each.qualname == qualname]
    stubs = [target for target in named if target.offerable and target.stub]
    return next(iter(stubs), None) or next(
        (target for target in reversed(named) if target.offerable), named[-1] if named else None
    )


def targets(grammar: Grammar, source: Source) -> tuple[Target, ...]:
    """All definitions, in the order of the text: outermost first."""
    root = source.tree.root_node
    found = list(matches(grammar, "targets", root))
    around = {match.nodes["scope"].id: _scope_name(match) for match in found if "scope" in match.nodes}
    defined = [match for match in found if "definition" in match.nodes]
    around |= {match.nodes["definition"].id: trees.node_text(match.nodes["name"]) for match in defined}
    made = (_target(grammar, source, match, around) for match in defined)
    by_place = {(target.signature.start, target.body.start): target for target in made}
    return tuple(sorted(by_place.values(), key=lambda each: (each.span.start, -each.span.end)))


def twin(grammar: Grammar, before: Source, target: Target, after: Source) -> Target | None:
    """The same definition in the next version: the same one of those that share its name."""

    def named(source: Source) -> list[Target]:
        return [each for each in targets(grammar, source) if each.qualname == target.qualname]

    if in_view(grammar, before, target) is not before:
        return _where_it_was(grammar, before, target, after)
    starts = [each.signature.start for each in named(before)]
    place = starts.index(target.signature.start) if target.signature.start in starts else 0
    now = named(after)
    return now[place] if place < len(now) else None


def in_view(grammar: Grammar, source: Source, target: Target) -> Source:
    """What shows the target: its file, or its lines alone where errors hide it from the file's tree."""
    if not source.tree.root_node.has_error:
        return source
    if any(each.signature == target.signature for each in targets(grammar, source)):
        return source
    return trees.parse_part(reader(grammar), source.text, _reach(source, target))


def _where_it_was(grammar: Grammar, before: Source, target: Target, after: Source) -> Target | None:
    """The definition under the same head, of equal heads under the one of the same number."""
    head = before.text[target.signature.start : target.signature.end]
    at = -1
    for _ in range(before.text.count(head, 0, target.signature.start) + 1):
        at = after.text.find(head, at + 1)
        if at < 0:
            return None
    found = target_at(grammar, after, Span(at, at))
    return found if found is not None and found.name == target.name else None


def scopes(grammar: Grammar, source: Source) -> Iterator[tuple[str, Node]]:
    """Classes, modules and the like, by name, in order."""
    for match in matches(grammar, "targets", source.tree.root_node):
        if "scope" in match.nodes:
            yield _scope_name(match), match.nodes["scope"]


def inside(grammar: Grammar, source: Source, body: Span) -> str:
    """What a body holds between its edges, without comments, with single spaces."""
    root, text = source.tree.root_node, source.text
    at, parts = body.start, list[bytes]()
    for node in comments(grammar, root, body):
        if body.start <= node.start_byte and node.end_byte <= body.end and node.start_byte >= at:
            parts.append(text[at : node.start_byte])
            at = node.end_byte
    code = b" ".join([*parts, text[at : body.end]]).decode("utf-8", "replace").strip()
    if grammar.opening and code.startswith(grammar.opening):
        code = code.removeprefix(grammar.opening)
    return " ".join(code.removesuffix(grammar.closing).split())


def indent_unit(grammar: Grammar, text: bytes) -> str:
    """What one level of indentation is in this text."""
    previous = ""
    for line in trees.lines(text):
        bare = line.lstrip(" \t")
        white = line[: len(line) - len(bare)]
        if bare and white.startswith(previous) and white != previous and not _hangs(bare):
            return white.removeprefix(previous)
        if bare:
            previous = white
    return grammar.unit


def _hangs(bare: str) -> bool:
    """Whether a line is inside a block comment, whose indentation says nothing."""
    return bare.startswith("*")


def _scope_name(match: Match) -> str:
    return (
        re.sub(r"\s+", "", trees.node_text(match.nodes["scope.name"])) if "scope.name" in match.nodes else ""
    )


def _target(grammar: Grammar, source: Source, match: Match, around: Mapping[int, str]) -> Target:
    node, text = match.nodes["definition"], source.text
    name = trees.node_text(match.nodes["name"])
    outer = wrapped(grammar, node)
    above = leading(grammar, source, outer)
    body = _body(match)
    start = min([outer.start_byte, *(each.start_byte for each in above)])
    docs = [each for each in above if each.type in grammar.comments]
    indent = trees.indent_at(text, outer.start_byte)
    head = _attributes_end(grammar, outer)
    parents = _parents(match, node, around)
    return Target(
        name=name,
        qualname=".".join((*parents, name)),
        span=Span(start, max(outer.end_byte, body.end)),
        signature=Span(head, len(text[: body.start].rstrip())),
        body=body,
        docstring=Span(docs[0].start_byte, _end(text, docs[-1])) if docs else None,
        indent=indent,
        body_indent=_body_indent(grammar, source, body, indent),
        parents=parents,
        is_async=_is_async(outer, body),
        stub=_is_stub(grammar, source, match, body, docs),
        offerable=match.settings.get("offer") != UNOFFERED,
        parses=not _judged(match).has_error,
    )


def _is_async(node: Node, body: Span) -> bool:
    """Whether a head says `async`: as a word of its own, not as a name, and of no parameter."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.type == "async":
            return True
        waiting += [
            child
            for child in each.children
            if child.start_byte < body.start and "parameters" not in child.type
        ]
    return False


def _judged(match: Match) -> Node:
    """What says whether a definition parses."""
    return match.nodes["body" if match.settings.get("parses") == BODY else "definition"]


def wrapped(grammar: Grammar, node: Node) -> Node:
    """The node with what stands around it and belongs to it: an export, a template."""
    while node.parent is not None and node.parent.type in grammar.wrappers:
        node = node.parent
    return node


def leading(grammar: Grammar, source: Source, node: Node) -> list[Node]:
    """Comments and attributes right above a definition, each on lines of its own, in order."""
    found: list[Node] = []
    below, above = node, node.prev_sibling
    while above is not None and above.type in grammar.comments | grammar.leading:
        end = _end(source.text, above)
        gap = source.text[end : below.start_byte]
        line = source.text[trees.line_start(source.text, above.start_byte) : above.start_byte]
        if gap.strip() or gap.count(b"\n") > 1 or line.strip():
            break
        found.insert(0, above)
        below, above = above, above.prev_sibling
    return found


def _end(text: bytes, node: Node) -> int:
    """Where a node ends, without a line break that some grammars count to a comment."""
    return node.start_byte + len(text[node.start_byte : node.end_byte].rstrip())


def _attributes_end(grammar: Grammar, node: Node) -> int:
    """Where a definition's own head begins: after attributes that are part of the node."""
    for child in node.children:
        if child.type not in grammar.leading and child.type not in grammar.comments:
            return child.start_byte
    return node.start_byte


def _body(match: Match) -> Span:
    """The body with its edges; for languages whose bodies have no opening, all after the head."""
    if "body" in match.nodes:
        return trees.span_of(match.nodes["body"])
    heads = [match.nodes[name].end_byte for name in ("head", "name") if name in match.nodes]
    return Span(max(heads), match.nodes["definition"].end_byte)


def _parents(match: Match, node: Node, around: Mapping[int, str]) -> tuple[str, ...]:
    """Names of what stands around a definition, and of the type that its own head names."""
    names = [around[each.id] for each in trees.ancestors(node) if around.get(each.id)]
    own = [trees.node_text(match.nodes["parent"])] if "parent" in match.nodes else []
    return (*reversed(names), *(re.sub(r"\s+", "", name) for name in own))


def _body_indent(grammar: Grammar, source: Source, body: Span, indent: str) -> str:
    first = re.match(rb"[^\n]*\n(?:[ \t]*\r?\n)*([ \t]*)(?=\S)", source.text[body.start : body.end])
    found = first[1].decode() if first else ""
    deeper = found.startswith(indent) and found != indent
    return found if deeper else indent + indent_unit(grammar, source.text)


def _is_stub(grammar: Grammar, source: Source, match: Match, body: Span, docs: list[Node]) -> bool:
    """Whether the body does nothing yet."""
    code = inside(grammar, source, body)
    if any(re.fullmatch(stub, code) for stub in grammar.stubs):
        return True
    if not code and match.settings.get("empty") != WRITTEN and "written" not in match.nodes:
        return True
    if code and not (grammar.trivial and re.fullmatch(grammar.trivial, code)):
        return False
    said = [*docs, *comments(grammar, source.tree.root_node, body)]
    return any(TODO.search(trees.node_text(node)) for node in said)


def _reach(source: Source, target: Target) -> Span:
    """Where a cursor counts as being in a definition: from the first line's start to the last line's end."""
    start = trees.line_start(source.text, target.span.start)
    return Span(start, trees.line_end(source.text, target.span.end))


def _exactly(source: Source, target: Target) -> Span:
    """The same, without what else stands on its lines."""
    whole, text = _reach(source, target), source.text
    start = target.span.start if text[whole.start : target.span.start].strip() else whole.start
    end = target.span.end if text[target.span.end : whole.end].strip() else whole.end
    return Span(start, end)


def _standing_alone(grammar: Grammar, source: Source, span: Span) -> Target | None:
    """The innermost definition around `span` by its lines, parsed as if it stood alone.

    One unclosed bracket can make tree-sitter lose every definition below it; the lines still show them.
    """
    for block in _blocks_around(grammar, source.text, span):
        alone = trees.parse_part(reader(grammar), source.text, block)
        found = [each for each in targets(grammar, alone) if _reach(alone, each).holds(span) and each.parses]
        if found:
            return min(found, key=lambda each: each.span.end - each.span.start)
    return None


def _blocks_around(grammar: Grammar, text: bytes, span: Span) -> Iterator[Span]:
    """Lines from one that opens a block to the one that closes it, by indentation; innermost first."""
    start = trees.line_start(text, span.start)
    closing = grammar.closing.encode()
    while True:
        line = text[start : trees.line_end(text, start)]
        indent = line[: len(line) - len(line.lstrip())]
        opens = line.strip() and not line.strip().startswith(closing)
        if opens and (end := _closed(text, start, indent, closing)) is not None and end >= span.end:
            yield Span(start, end)
        if start == 0:
            return
        start = trees.line_start(text, start - 1)


def _closed(text: bytes, start: int, indent: bytes, closing: bytes) -> int | None:
    """Where the block ends whose first line is at `start`: the next of its indentation that closes one."""
    at = trees.next_line(text, start)
    while at < len(text):
        line = text[at : trees.line_end(text, at)]
        if line.startswith(indent + closing):
            return at + len(line)
        if line.strip() and not line.startswith(indent):
            return None
        at = trees.next_line(text, at)
    return None
