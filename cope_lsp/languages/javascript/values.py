"""Arguments that texts call a function with, as values; and the types that a file declares."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.inputs.shapes import Record
from cope_lsp.languages.javascript.kinds import Absent, Unfit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

MOST = 60


def seen_arguments(roots: list[Node], name: str) -> tuple[tuple[object, ...], ...]:
    """At most `MOST` calls by their arguments, nothing twice; only those of literals."""
    found: dict[str, tuple[object, ...]] = {}
    for root in roots:
        for call in _all(root, "call_expression"):
            called, given = call.child_by_field_name("function"), call.child_by_field_name("arguments")
            if called is None or given is None or trees.node_text(called).rpartition(".")[2] != name:
                continue
            try:
                values = tuple(_value(each) for each in given.named_children if each.type != "comment")
            except Unfit:
                continue
            found.setdefault(repr(values), values)
    return tuple(found.values())[:MOST]


def declared_types(root: Node) -> dict[str, Node]:
    """Interfaces and aliases of a file by name, what they stand for."""
    found: dict[str, Node] = {}
    for kind, field in (("interface_declaration", "body"), ("type_alias_declaration", "value")):
        for node in _all(root, kind):
            name, value = node.child_by_field_name("name"), node.child_by_field_name(field)
            if name is not None and value is not None and node.child_by_field_name("type_parameters") is None:
                found[trees.node_text(name)] = value
    return found


def _value(node: Node) -> object:
    text = trees.node_text(node)
    match node.type:
        case "number" | "string" | "unary_expression" | "template_string":
            return _scalar(node, text)
        case "true" | "false":
            return node.type == "true"
        case "null":
            return None
        case "undefined":
            return Absent()
        case "array":
            return [_value(each) for each in node.named_children if each.type != "comment"]
        case "object":
            return Record("", tuple(_pair(each) for each in node.named_children if each.type != "comment"))
        case _:
            raise Unfit(text)


def _scalar(node: Node, text: str) -> object:
    if node.type == "template_string":
        if "${" in text:
            raise Unfit(text)
        return text.strip("`")
    if node.type == "unary_expression" and not text.startswith("-"):
        raise Unfit(text)
    try:
        value: object = ast.literal_eval(text.replace("_", "") if node.type == "number" else text)
    except (ValueError, SyntaxError) as error:
        raise Unfit(text) from error
    return value


def _pair(node: Node) -> tuple[str, object]:
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    if key is None or value is None or key.type not in ("property_identifier", "string", "number"):
        raise Unfit(trees.node_text(node))
    return trees.node_text(key).strip("\"'"), _value(value)


def _all(root: Node, kind: str) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == kind:
            yield node
        waiting += reversed(node.children)
