"""Ruby's literals as values, and values as Ruby's source text."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, cast

from cope_lsp.languages import trees
from cope_lsp.languages.inputs.shapes import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tree_sitter import Node

_SYMBOL = ":"
_DEEPEST = 6
_WORDS: Mapping[str, object] = {"nil": None, "true": True, "false": False}


class Unfit(ValueError):  # noqa: N818 -- reads as a state
    """What is no literal, or a value that Ruby has no literal for."""


def value_of(node: Node, named: Mapping[str, Node], depth: int = 0) -> object:
    """The value of a literal, of `Name.new(…)` of such, or of a variable in `named` that holds one.

    Raises: Unfit.
    """
    text = trees.node_text(node)
    if depth > _DEEPEST:
        raise Unfit(text)
    if text in named and node.type in ("identifier", "instance_variable", "constant"):
        return value_of(named[text], named, depth + 1)
    read = _READERS.get(node.type)
    if read is None:
        raise Unfit(text)
    return read(node, lambda inner: value_of(inner, named, depth + 1))


def literal(value: object) -> str:
    """The value as source text. Raises: Unfit."""
    if isinstance(value, Record):
        return _record(value)
    if isinstance(value, list):
        return f"[{', '.join(map(literal, cast('list[object]', value)))}]"
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value).items()
        return f"{{{', '.join(f'{literal(key)} => {literal(part)}' for key, part in pairs)}}}"
    if value is None or isinstance(value, bool):
        return "nil" if value is None else str(value).lower()
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    return _text(value)


def _record(value: Record) -> str:
    parts = [part for _, part in value.fields]
    if value.title == _SYMBOL:
        return f":{_text(parts[0])}"
    return f"{value.title}({', '.join(map(literal, parts))})"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unfit(str(type(value)))
    return json.dumps(value, ensure_ascii=False).replace("#", r"\#")


def _string(node: Node, _: Callable[[Node], object]) -> object:
    if any(part.type != "string_content" for part in node.named_children):
        raise Unfit(trees.node_text(node))
    return "".join(map(trees.node_text, node.named_children))


def _number(node: Node, _: Callable[[Node], object]) -> object:
    said = trees.node_text(node).replace("_", "")
    return float(said) if node.type == "float" else int(said)


def _negative(node: Node, inner: Callable[[Node], object]) -> object:
    value = inner(node.named_children[0])
    if node.children[0].type != "-" or not isinstance(value, int | float):
        raise Unfit(trees.node_text(node))
    return -value


def _hash(node: Node, inner: Callable[[Node], object]) -> object:
    found: dict[object, object] = {}
    for pair in node.named_children:
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if key is None or value is None:
            raise Unfit(trees.node_text(node))
        read = inner(key)
        if isinstance(read, list | dict):
            raise Unfit(trees.node_text(node))
        found[read] = inner(value)
    return found


def _made(node: Node, inner: Callable[[Node], object]) -> object:
    receiver, method = node.child_by_field_name("receiver"), node.child_by_field_name("method")
    if receiver is None or method is None or trees.node_text(method) != "new":
        raise Unfit(trees.node_text(node))
    if receiver.type not in ("constant", "scope_resolution") or node.child_by_field_name("block"):
        raise Unfit(trees.node_text(node))
    listed = node.child_by_field_name("arguments")
    parts = [inner(each) for each in (listed.named_children if listed is not None else [])]
    fields = tuple((str(number), part) for number, part in enumerate(parts))
    return Record(f"{trees.node_text(receiver)}.new", fields)


_READERS: dict[str, Callable[[Node, Callable[[Node], object]], object]] = {
    "integer": _number,
    "float": _number,
    "string": _string,
    "simple_symbol": lambda node, _: Record(_SYMBOL, (("name", trees.node_text(node)[1:].strip('"')),)),
    "hash_key_symbol": lambda node, _: Record(_SYMBOL, (("name", trees.node_text(node)),)),
    "unary": _negative,
    "array": lambda node, inner: [inner(each) for each in node.named_children],
    "hash": _hash,
    "call": _made,
    "parenthesized_statements": lambda node, inner: inner(node.named_children[0]),
    **{word: (lambda node, _: _WORDS[node.type]) for word in _WORDS},
}
