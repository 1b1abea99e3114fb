"""What a new text can do that the old could not (security, part 3.2): named, so that a person decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages.changes import changed, characters, urls
from cope_lsp.languages.python import imports, tree
from cope_lsp.languages.python.origins import METHODS, OPERATORS, ORIGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.text import Source, Span

_DOTTED = re.compile(r"\w+(?:\.\w+)*")


def powers(before: Source, after: Source) -> tuple[str, ...]:
    """What the changed part of `after` can do that the part it replaces could not, as `kind: what`."""
    old, new = changed(before.text, after.text)
    return tuple(sorted(_in(after, new) - _in(before, old)))


def _in(source: Source, span: Span) -> set[str]:
    origins = {item.bound: _origin(item) for item in imports.everywhere(source.tree.root_node)}
    found = {*characters(tree.read(source, span))}
    for match in tree.matches("powers", source.tree.root_node, span):
        for kind, node in match.items():
            if span.start <= node.start_byte < span.end:
                found |= {*_READERS[kind](node, origins)}
    return found


def _origin(item: imports.Item) -> str:
    """The dotted name that an imported name stands for."""
    if item.name:
        return f"{item.module}.{item.name}"
    return item.module if item.alias else item.module.split(".")[0]


def _named(node: Node, origins: dict[str, str]) -> Iterator[str]:
    """A name alone; in an import statement, what is imported."""
    parent = node.parent
    if parent is not None and parent.type == "attribute" and parent.child_by_field_name("object") != node:
        return
    if (
        parent is not None
        and parent.type == "keyword_argument"
        and parent.child_by_field_name("name") == node
    ):
        return
    text = tree.node_text(node)
    if parent is not None and parent.type == "function_definition" and text in OPERATORS:
        yield f"tampering: defines {text}"
    yield from _power_of(origins.get(text, text))


def _dotted(node: Node, origins: dict[str, str]) -> Iterator[str]:
    text = re.sub(r"\s", "", tree.node_text(node))
    attribute = tree.node_text(node.child_by_field_name("attribute") or node)
    if attribute in METHODS:
        yield f"{METHODS[attribute]}: .{attribute}"
    if _DOTTED.fullmatch(text):
        first, _, rest = text.partition(".")
        yield from _power_of(f"{origins.get(first, first)}.{rest}")


def _power_of(origin: str) -> Iterator[str]:
    parts = origin.split(".")
    for length in range(1, len(parts) + 1):
        name = ".".join(parts[:length])
        if name in ORIGINS:
            yield f"{ORIGINS[name]}: {name}"


def _called(node: Node, origins: dict[str, str]) -> Iterator[str]:
    """`getattr` and its kin by a computed name, or on a module."""
    function = tree.node_text(node.child_by_field_name("function") or node)
    arguments = node.child_by_field_name("arguments")
    if function not in {"getattr", "setattr", "delattr"} or arguments is None:
        return
    given = arguments.named_children
    computed = len(given) > 1 and given[1].type != "string"
    if computed or (given and tree.node_text(given[0]) in origins) or function != "getattr":
        yield f"eval: {function}"


def _text(node: Node, _origins: dict[str, str]) -> Iterator[str]:
    return urls(tree.node_text(node))


_READERS = {"name": _named, "dotted": _dotted, "call": _called, "text": _text}
