"""The contract an edit keeps: it parses, the head stays, nothing is left out, nothing outside vanishes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages.python import names, tree
from cope_lsp.languages.python.targets import targets, twin
from cope_lsp.languages.replies import LEFT_OUT
from cope_lsp.languages.target import Head
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.python.reply import Written
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source


def breaches(before: Source, target: Target, after: Source, head: Head = Head.FIXED) -> tuple[str, ...]:
    """How the text `after` breaks the contract; empty: it does not."""
    now = twin(before, target, after)
    if now is None:
        return (f"{target.qualname} is gone",)
    found = [*_syntax(before, now, after)]
    if now.stub:
        found.append(f"{target.qualname} is left without a body")
    if head is Head.FIXED:
        found += _changed_head(before, target, after, now)
    found += placeholders(
        before.text[target.span.start : target.span.end], after.text[now.span.start : now.span.end]
    )
    found += _vanished(before, target, after)
    return tuple(found)


def head_problem(source: Source, target: Target, written: Written, head: Head) -> str:
    """Why the reply's head does not fit the user's: other parameters, or async where it was not."""
    definition = written.definition
    if definition is None or head is Head.FREE:
        return ""
    mine = _parameters(source, target)
    theirs = _parameters(written.source, definition)
    if [name for name, _ in mine] != [name for name, _ in theirs]:
        return f"the reply changes the parameters of {target.name} from {_listed(mine)} to {_listed(theirs)}"
    if definition.is_async and not target.is_async:
        return f"the reply makes {target.name} async"
    return ""


def piece_problem(source: Source, target: Target, piece: str) -> str:
    """Why the target's new text cannot stand: syntax, an empty body, something left out."""
    alone = tree.parse(piece.encode())
    found = [each for each in targets(alone) if each.name == target.name]
    if not found or tree.is_broken(alone):
        return f"{target.name} in the reply does not parse; it may be cut off"
    if found[0].stub:
        return f"the reply leaves {target.name} without a body"
    left_out = placeholders(source.text[target.span.start : target.span.end], alone.text)
    return left_out[0] if left_out else ""


def placeholders(before: bytes, after: bytes) -> list[str]:
    """Comments and statements that stand for code that was left out, where the old text had none such."""
    old, new = tree.parse(before).tree.root_node, tree.parse(after).tree.root_node
    known = {*_left_out(old)}
    found = [f"leaves code out: {comment}" for comment in _left_out(new) if comment not in known]
    was_stub = all(each.stub for each in targets(tree.parse(before))[:1])
    allowed = 0 if was_stub else _ellipses(old)
    return found if _ellipses(new) <= allowed else [*found, "leaves code out: ..."]


def _left_out(root: Node) -> Iterator[str]:
    for match in tree.matches("comments", root):
        comment = tree.node_text(match["comment"]).strip()
        if LEFT_OUT.search(comment):
            yield comment


def _ellipses(root: Node) -> int:
    """How many statements are a bare `...`."""
    return sum(1 for match in tree.matches("ellipses", root) if "ellipsis" in match)


def _syntax(before: Source, now: Target, after: Source) -> Iterator[str]:
    if not now.parses:
        yield f"{now.qualname} does not parse"
    elif after.tree.root_node.has_error and not before.tree.root_node.has_error:
        yield f"the file no longer parses (line {_first_error(after.tree.root_node) + 1})"


def _first_error(root: Node) -> int:
    """Row of the first error."""
    node = root
    while not (node.is_error or node.is_missing):
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None:
            break
        node = inner
    return node.start_point.row


def _changed_head(before: Source, target: Target, after: Source, now: Target) -> Iterator[str]:
    old, new = (_head_words(before, target), _head_words(after, now))
    if old != new:
        yield f"the head of {target.qualname} changed: {' '.join(old)} became {' '.join(new)}"


def _head_words(source: Source, target: Target) -> list[str]:
    """Decorators and signature as words, so that layout does not count."""
    head = tree.read(source, Span(target.span.start, target.signature.end))
    return re.findall(r"\w+|[^\w\s]", re.sub(r",(\s*\))", r"\1", head))


def _parameters(source: Source, target: Target) -> list[tuple[str, str]]:
    """Name (with its stars) and whole text of each parameter; `*` and `/` are among them."""
    alone = tree.parse_part(source.text, target.span).tree.root_node
    found = next(iter(tree.matches("targets", alone)), None)
    listed = found["parameters"].named_children if found is not None else []
    return [(_name(node), tree.node_text(node)) for node in listed if node.type != "comment"]


def _name(node: Node) -> str:
    """`a`, `*args`, `**kwargs`, `*`, `/`."""
    named = node.child_by_field_name("name")
    if named is not None:
        return tree.node_text(named)
    if node.type == "typed_parameter":
        return tree.node_text(node.named_children[0])
    return tree.node_text(node)


def _listed(parameters: list[tuple[str, str]]) -> str:
    return f"({', '.join(text for _, text in parameters)})"


def _vanished(before: Source, target: Target, after: Source) -> Iterator[str]:
    """Names at the top level and in its classes that are there no more."""
    old, new = _symbols(before), _symbols(after)
    gone = sorted(old - new - {target.qualname})
    if gone:
        yield f"no longer defines {', '.join(gone)}"


def _symbols(source: Source) -> set[str]:
    top = names.defined(source.tree.root_node)
    inner = {f"{name}.{member}" for name, node in top.items() for member in _class_members(node)}
    return {*top, *inner}


def _class_members(node: Node) -> Iterator[str]:
    inner = node.child_by_field_name("definition") or node
    if inner.type == "class_definition":
        yield from names.members(node)
