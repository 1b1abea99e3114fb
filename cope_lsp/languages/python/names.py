"""Names: what a file binds at its top level, and what a piece of code mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.python import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.text import Span

DEFINITIONS = ("function_definition", "class_definition")


def defined(root: Node) -> dict[str, Node]:
    """Functions, classes, variables and type aliases that the children of `root` define, by name."""
    found: dict[str, Node] = {}
    for node in root.named_children:
        for name in _names_of(node):
            found.setdefault(name, node)
    return found


def _names_of(node: Node) -> Iterator[str]:
    if node.type == "decorated_definition":
        definition = node.child_by_field_name("definition")
        yield from _names_of(definition) if definition is not None else ()
    elif node.type in DEFINITIONS:
        name = node.child_by_field_name("name")
        yield from [tree.node_text(name)] if name is not None else ()
    elif node.type == "expression_statement":
        for child in node.named_children:
            left = child.child_by_field_name("left") if child.type == "assignment" else None
            yield from [tree.node_text(left)] if left is not None and left.type == "identifier" else ()
    elif node.type == "type_alias_statement" and node.named_child_count > 0:
        yield tree.node_text(node.named_children[0])


def members(definition: Node) -> dict[str, Node]:
    """What a class body defines, by name."""
    inner = definition.child_by_field_name("definition") or definition
    body = inner.child_by_field_name("body")
    return {} if body is None else defined(body)


def class_members(root: Node, path: tuple[str, ...]) -> dict[str, Node]:
    """What the innermost class or function of `path` defines, from the top level `root` down."""
    found = defined(root)
    for name in path:
        node = found.get(name)
        if node is None:
            return {}
        found = members(node)
    return found


def mentioned(root: Node, span: Span | None = None) -> set[str]:
    """Every identifier under `root` that touches `span`."""
    found = tree.matches("references", root, span)
    return {tree.node_text(match["name"]) for match in found if "name" in match}
