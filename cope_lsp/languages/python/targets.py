"""Finding the function or method that is to be written, also in a file that does not parse elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.languages.python import lines, tree
from cope_lsp.languages.target import Target
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from cope_lsp.languages.text import Source

_SCOPES = ("class_definition", "function_definition")
_INDENTED = re.compile(rb":[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*\r?\n)*([ \t]+)[^\s]")
_ABSTRACT = re.compile(rb"@\s*(?:\w+\.)*(?:abstract(?:method|property|classmethod|staticmethod)|overload)\b")
_PROTOCOL = re.compile(rb"(?:^|[\s(,.])Protocol\b")
_TODO = re.compile(r"\b(?:TODO|FIXME|XXX)\b|not implemented|implement (?:me|this)", re.IGNORECASE)


def target_at(source: Source, span: Span) -> Target | None:
    """The innermost definition that holds `span`, its first line's indentation included.

    On an empty line it is the definition above that the line's indentation goes on with.
    """
    place, depth = _place(source.text, span)
    found = [node for node in _definitions(source, place) if _reach(source, node).holds(place)]
    found = [node for node in found if depth is None or node.start_point.column < depth]
    node = found[-1] if found else None
    if node is None or node.has_error:
        alone = _standing_alone(source, place) if source.tree.root_node.has_error else None
        if alone is not None and (depth is None or len(alone.indent) < depth):
            return alone
    return _target(source, node) if node is not None else None


def _place(text: bytes, span: Span) -> tuple[Span, int | None]:
    """Where to look: for an empty line the end of the written line above, with the indentation given."""
    start = tree.line_start(text, span.start)
    white = len(text[start : tree.line_end(text, start)])
    if white == 0 or span.end > start + white or text[start : start + white].strip():
        return span, None
    end = len(text[:start].rstrip())
    return Span(end, end), white


def target_named(source: Source, qualname: str) -> Target | None:
    """The definition of that name; of several the first stub, else the last that may be written."""
    named = [each for each in _of_name(source, qualname.rpartition(".")[2]) if each.qualname == qualname]
    stubs = [target for target in named if target.offerable and target.stub]
    return next(iter(stubs), None) or next(
        (target for target in reversed(named) if target.offerable), named[-1] if named else None
    )


def targets(source: Source) -> tuple[Target, ...]:
    """All definitions, in the order of the text: outermost first."""
    return _of_name(source, "")


def _of_name(source: Source, name: str) -> tuple[Target, ...]:
    """All definitions of a name, or all there are."""
    wanted = name.encode()
    found = {
        match["definition"].start_byte: _target(source, match["definition"])
        for match in tree.matches("targets", source.tree.root_node)
        if not wanted or match["name"].text == wanted
    }
    if source.tree.root_node.has_error:
        for start in lines.headers(source.text):
            known = found.get(start)
            if known is None or not known.parses:
                alone = _standing_alone(source, Span(start, start))
                if alone is not None and alone.signature.start == start and name in {"", alone.name}:
                    found[start] = alone
    return tuple(found[start] for start in sorted(found))


def twin(before: Source, target: Target, after: Source) -> Target | None:
    """The same definition in the next version: the same one of those that share its name."""

    def named(source: Source) -> list[Target]:
        return [each for each in _of_name(source, target.name) if each.qualname == target.qualname]

    starts = [each.signature.start for each in named(before)]
    place = starts.index(target.signature.start) if target.signature.start in starts else 0
    now = named(after)
    return now[place] if place < len(now) else None


def indent_unit(text: bytes) -> str:
    """What one level of indentation is in this text: a tab, or some spaces (4 when it has none)."""
    first = _INDENTED.search(text)
    if first is None:
        return "    "
    outer = tree.indent_at(text, first.start())
    inner = first[1].decode()
    return inner[len(outer) :] if inner.startswith(outer) and inner != outer else "    "


def _definitions(source: Source, span: Span) -> list[Node]:
    """Definitions that may hold `span`, outermost first."""
    root, text = source.tree.root_node, source.text
    start = tree.line_start(text, span.start)
    while start > 0 and (text[start : tree.line_end(text, start)].lstrip()[:1] or b"#") == b"#":
        start = tree.line_start(text, start - 1)  # comments below a header may be all its body
    end = max(tree.line_end(text, span.end), span.end)
    at = root.descendant_for_byte_range(min(end, span.start + 1), min(end, span.start + 1))
    around = [at, *tree.ancestors(at)] if at is not None else []
    decorated = [node for node in around if node.type == "decorated_definition"]
    end = max([end, *(node.named_children[-1].start_byte for node in decorated)])
    nodes = [match["definition"] for match in tree.matches("targets", root, Span(start, end + 1))]
    return sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte))


def _reach(source: Source, node: Node) -> Span:
    """Where a cursor counts as being in a definition: from the first line's start to the last line's end."""
    whole = _whole(source, node)
    return Span(tree.line_start(source.text, whole.start), tree.line_end(source.text, whole.end))


def _whole(source: Source, node: Node) -> Span:
    """The definition with decorators, and with the comments that are all there is of an empty body."""
    parent = node.parent
    outer = parent if parent is not None and parent.type == "decorated_definition" else node
    return Span(outer.start_byte, max(node.end_byte, _body(source, node).end))


def _body(source: Source, node: Node) -> Span:
    """The block with its leading comments; of an empty one, the comments that stand in for it."""
    block = node.child_by_field_name("body")
    if block is None:
        return Span(node.end_byte, node.end_byte)
    if block.end_byte > block.start_byte:
        comments = [child for child in node.children if child.type == "comment"]
        inside = [child.start_byte for child in comments if _own_line(source, child)]
        return Span(min([block.start_byte, *inside]), block.end_byte)
    return _comments_below(source, node, block)


def _comments_below(source: Source, node: Node, block: Node) -> Span:
    """Comment lines right below a definition without a body, indented deeper than it."""
    text = source.text
    depth = len(tree.indent_at(text, node.start_byte))
    start, end = block.start_byte, block.start_byte
    line = tree.next_line(text, block.start_byte)
    while line < len(text):
        stop = tree.line_end(text, line)
        content = text[line:stop]
        bare = content.strip()
        indent = len(content) - len(content.lstrip())
        if bare and (not bare.startswith(b"#") or indent <= depth):
            break
        if bare:
            start = start if end > start else line + indent
            end = stop
        line = tree.next_line(text, stop)
    return Span(start, end)


def _own_line(source: Source, node: Node) -> bool:
    line = source.text[tree.line_start(source.text, node.start_byte) : node.start_byte]
    return not line.strip()


def _target(source: Source, node: Node, parents: tuple[str, ...] | None = None) -> Target:
    """The value for a definition; `parents` where the tree does not show them."""
    name = tree.node_text(node.child_by_field_name("name") or node)
    block = node.child_by_field_name("body")
    around = parents if parents is not None else _parents(node)
    body = _body(source, node)
    indent = tree.indent_at(source.text, node.start_byte)
    return Target(
        name=name,
        qualname=".".join((*around, name)),
        span=_whole(source, node),
        signature=Span(node.start_byte, _colon(node)),
        body=body,
        docstring=_docstring(block),
        indent=indent,
        body_indent=_body_indent(source, node, body, indent),
        parents=around,
        is_async=node.children[0].type == "async",
        stub=_is_stub(source, node, block),
        offerable=_is_offerable(source, node),
        parses=not node.has_error,
    )


def _parents(node: Node) -> tuple[str, ...]:
    scopes = [each for each in tree.ancestors(node) if each.type in _SCOPES]
    names = [each.child_by_field_name("name") for each in reversed(scopes)]
    return tuple(tree.node_text(name) for name in names if name is not None)


def _colon(node: Node) -> int:
    """Where the signature ends: after the colon before the block."""
    return max((child.end_byte for child in node.children if child.type == ":"), default=node.start_byte)


def _body_indent(source: Source, node: Node, body: Span, indent: str) -> str:
    first = tree.line_start(source.text, body.start)
    if body.end > body.start and first > node.start_byte:
        return tree.indent_at(source.text, body.start)
    return indent + indent_unit(source.text)


def _docstring(block: Node | None) -> Span | None:
    first = next((child for child in _statements(block)), None)
    if first is None or first.type != "expression_statement" or first.named_child_count != 1:
        return None
    value = first.named_children[0]
    if value.type not in {"string", "concatenated_string"}:
        return None
    prefix = re.match(r"\w*", tree.node_text(value))
    return None if prefix and set(prefix[0].lower()) & set("fbt") else tree.span_of(value)


def _statements(block: Node | None) -> list[Node]:
    return [] if block is None else [child for child in block.named_children if child.type != "comment"]


def _is_stub(source: Source, node: Node, block: Node | None) -> bool:
    """Whether the body does nothing yet."""
    statements = _statements(block)
    if _docstring(block) is not None:
        statements = statements[1:]
    if all(_does_nothing(statement) for statement in statements):
        return True
    trivial = len(statements) == 1 and tree.node_text(statements[0]) in {"return", "return None"}
    return trivial and _TODO.search(_comments(source, node)) is not None


def _does_nothing(statement: Node) -> bool:
    text = tree.node_text(statement)
    if statement.type == "raise_statement":
        return re.match(r"raise\s+(\w+\.)*NotImplementedError\b", text) is not None
    return text in {"...", "pass"}


def _comments(source: Source, node: Node) -> str:
    found = tree.matches("comments", node, _body(source, node))
    return "\n".join(tree.node_text(match["comment"]) for match in found)


def _is_offerable(source: Source, node: Node) -> bool:
    """Whether writing a body makes sense: not for abstract, overloaded or Protocol members."""
    parent = node.parent
    if parent is not None and parent.type == "decorated_definition":
        decorators = source.text[parent.start_byte : node.start_byte]
        if _ABSTRACT.search(decorators):
            return False
    scope = next((each for each in tree.ancestors(node) if each.type in _SCOPES), None)
    if scope is None or scope.type != "class_definition":
        return True
    bases = scope.child_by_field_name("superclasses")
    return bases is None or _PROTOCOL.search(bases.text or b"") is None


def _standing_alone(source: Source, span: Span) -> Target | None:
    """The innermost definition around `span` by its lines, parsed as if it stood alone.

    One unclosed bracket makes tree-sitter lose every definition below it; the lines still show them.
    """
    around = list(lines.definitions_around(source.text, span))
    for header, block in around:
        node = _parsed_alone(source, block, header)
        if node is not None:
            return _by_lines(source, _target(source, node, ()), header)
    for header, block in around[:1]:
        node = next(
            filter(None, (_parsed_alone(source, part, header) for part in lines.heads(source.text, block))),
            None,
        )
        if node is not None:
            alone = _target(source, node, ())
            body = Span(min(alone.signature.end, block.end), block.end)
            return _by_lines(source, replace(alone, span=block, body=body, stub=False, parses=False), header)
    return None


def _parsed_alone(source: Source, part: Span, header: int) -> Node | None:
    """The definition that begins at `header`, where `part` parses as if it stood alone."""
    root = tree.parse_part(source.text, part).tree.root_node
    if root.has_error:
        return None
    nodes = (match["definition"] for match in tree.matches("targets", root))
    return next((each for each in nodes if each.start_byte == header), None)


def _by_lines(source: Source, alone: Target, header: int) -> Target:
    """A target whose surroundings only the lines show."""
    scopes = lines.scopes_above(source.text, header)
    parents = tuple(scope.name for scope in scopes)
    member = bool(scopes) and _PROTOCOL.search(scopes[-1].rest) is not None
    qualname = ".".join((*parents, alone.name))
    return replace(alone, parents=parents, qualname=qualname, offerable=alone.offerable and not member)
