"""Values in Go's source text: literals, and what a table test's row or a variable gives them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.go.types import Kind, Unfit
from cope_lsp.languages.inputs.shapes import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name stands for; `names` are the fields of a struct that is given by position."""

    node: Node
    names: tuple[str, ...] = ()


def value_of(node: Node, kind: Kind, bound: Mapping[str, Bound]) -> object:
    """The value of an expression as one of that type. Raises: Unfit."""
    found = resolved(Bound(node), bound)
    if found is None:
        return _zero(kind)
    return _value(found.node, kind, bound)


def resolved(given: Bound, bound: Mapping[str, Bound], depth: int = 0) -> Bound | None:
    """What an expression of names and dots leads to; None for a field that is not given. Raises: Unfit."""
    node = given.node
    if depth > _DEEPEST:
        raise Unfit(trees.node_text(node))
    if node.type == "parenthesized_expression":
        return resolved(Bound(node.named_children[0]), bound, depth + 1)
    if node.type == "identifier":
        known = bound.get(trees.node_text(node))
        return given if known is None else resolved(known, bound, depth + 1)
    if node.type == "selector_expression":
        base = resolved(Bound(node.named_children[0]), bound, depth + 1)
        if base is None:
            return None
        field = _field(base, trees.node_text(node.named_children[1]))
        return None if field is None else resolved(Bound(field), bound, depth + 1)
    return given


def elements(body: Node) -> list[Node]:
    """What stands in braces; of pairs the values."""
    found = (each.children[-1] if each.type == "keyed_element" else each for each in body.named_children)
    return [_bare(each) for each in found if each.type != "comment"]


def _field(base: Bound, name: str) -> Node | None:
    """A field of a struct's literal; None where it is left at its zero."""
    body = _body(base.node)
    if any(each.type == "keyed_element" for each in body.named_children):
        pairs = (each for each in body.named_children if each.type == "keyed_element")
        return next((_bare(each.children[-1]) for each in pairs if _key(each) == name), None)
    given = elements(body)
    if not given:
        return None
    if name not in base.names or base.names.index(name) >= len(given):
        raise Unfit(name)
    return given[base.names.index(name)]


def _value(node: Node, kind: Kind, bound: Mapping[str, Bound]) -> object:
    if node.type == "nil":
        return _zero(kind)
    if node.type in ("type_conversion_expression", "call_expression"):
        return value_of(_converted(node), kind, bound)
    if node.type == "unary_expression":
        return _signed(node, kind, bound)
    if node.type in ("composite_literal", "literal_value"):
        return _composed(_body(node), kind.parts[0] if kind.under == "pointer" else kind, bound)
    return _scalar(node)


def _scalar(node: Node) -> object:
    text = trees.node_text(node)
    try:
        match node.type:
            case "int_literal":
                return int(text, 0)
            case "float_literal":
                return float(text)
            case "rune_literal" | "interpreted_string_literal":
                return ast.literal_eval(text)
            case "raw_string_literal":
                return text.strip("`")
            case "true" | "false":
                return node.type == "true"
            case _:
                raise Unfit(text)
    except (ValueError, SyntaxError) as error:
        raise Unfit(text) from error


def _signed(node: Node, kind: Kind, bound: Mapping[str, Bound]) -> object:
    sign, inner = trees.node_text(node.children[0]), node.children[-1]
    value = value_of(inner, kind, bound)
    if sign == "-" and isinstance(value, int | float):
        return -value
    if sign == "&" and isinstance(value, Record):
        return value
    raise Unfit(trees.node_text(node))


def _converted(node: Node) -> Node:
    """What a conversion is applied to: `[]byte("x")`, `int64(3)`."""
    operand = node.child_by_field_name("operand")
    if operand is not None:
        return operand
    called, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    basic = called is not None and trees.node_text(called).strip("0123456789") in _CONVERSIONS
    if not basic or given is None or len(given.named_children) != 1:
        raise Unfit(trees.node_text(node))
    return given.named_children[0]


_CONVERSIONS = frozenset({"int", "uint", "float", "string", "rune", "byte", "bool"})


def _composed(body: Node, kind: Kind, bound: Mapping[str, Bound]) -> object:
    keyed = [each for each in body.named_children if each.type == "keyed_element"]
    if kind.under == "dict":
        key, item = kind.parts
        pairs = ((_bare(each.children[0]), _bare(each.children[-1])) for each in keyed)
        return {_hashable(value_of(one, key, bound)): value_of(two, item, bound) for one, two in pairs}
    if kind.under == "record":
        return _recorded(body, kind, bound)
    if keyed or not kind.parts:
        raise Unfit(trees.node_text(body))
    items = [value_of(each, kind.parts[0], bound) for each in elements(body)]
    return "".join(map(str, items)) if kind.under == "text" else items


def _recorded(body: Node, kind: Kind, bound: Mapping[str, Bound]) -> Record:
    base = Bound(body, kind.names)
    fields: list[tuple[str, object]] = []
    for name, part in zip(kind.names, kind.parts, strict=True):
        node = _field(base, name)
        fields.append((name, _zero(part) if node is None else value_of(node, part, bound)))
    return Record(kind.text, tuple(fields))


def _zero(kind: Kind) -> object:
    if kind.under in _ZEROS:
        return _ZEROS[kind.under]
    if kind.under == "record":
        return Record(
            kind.text, tuple((name, _zero(part)) for name, part in zip(kind.names, kind.parts, strict=True))
        )
    if kind.under == "list":
        return list[object]()
    if kind.under == "dict":
        return dict[object, object]()
    if kind.under == "array":
        return [_zero(kind.parts[0])] * kind.size
    if kind.under in ("rune", "byte", "any"):
        raise Unfit(kind.text)
    return 0


_ZEROS = {"string": "", "text": "", "bool": False, "pointer": None, "nil": None}


def _hashable(value: object) -> object:
    if isinstance(value, list | dict):
        raise Unfit("a key")
    return value


def _body(node: Node) -> Node:
    """The braces of a struct's, slice's or map's literal. Raises: Unfit."""
    if node.type == "literal_value":
        return node
    if node.type == "unary_expression" and node.children[-1].type == "composite_literal":
        return _body(node.children[-1])
    body = node.child_by_field_name("body") if node.type == "composite_literal" else None
    if body is None:
        raise Unfit(trees.node_text(node))
    return body


def _key(pair: Node) -> str:
    return trees.node_text(pair.children[0])


def _bare(node: Node) -> Node:
    return node.named_children[0] if node.type == "literal_element" and node.named_children else node
