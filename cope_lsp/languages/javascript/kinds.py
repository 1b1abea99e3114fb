"""What kinds of values parameters take, by annotations and JSDoc, and values as source text."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import parse
from cope_lsp.languages.inputs.shapes import ANY, Record, Shape, merged
from cope_lsp.languages.typescript.grammar import TYPESCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tree_sitter import Node

Inner: TypeAlias = "Callable[[Node], Shape]"

_DEEPEST = 4
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = Shape("either", (Shape("int"), Shape("float")))
_PLAIN = {
    **dict.fromkeys(("number", "Number"), _NUMBER),
    "integer": Shape("int"),
    **{name: Shape("str") for name in ("string", "String")},
    **{name: Shape("bool") for name in ("boolean", "Boolean")},
    **{name: Shape("None") for name in ("null", "undefined", "void")},
    **dict.fromkeys(("any", "unknown", "*", "object", "Object"), ANY),
    "Array": Shape("list", (_NUMBER,)),
}
_LISTS = frozenset({"Array", "ReadonlyArray", "Iterable"})


class Unfit(ValueError):  # noqa: N818 -- reads as a state
    """A type of which no value is made."""


@dataclass(frozen=True, slots=True)
class Absent:
    """An argument that is not given."""


def of_text(text: str, declared: Mapping[str, Node]) -> Shape:
    """The shape of a type as written. Raises: Unfit."""
    bare = text.strip().removeprefix("?").removeprefix("!").removesuffix("=")
    if bare.startswith("..."):
        return Shape("list", (of_text(bare[3:], declared),))
    if bare in _PLAIN:
        return _PLAIN[bare]
    root = parse(TYPESCRIPT, f"type T = {bare.replace('.<', '<')};".encode()).tree.root_node
    alias = root.named_children[0] if root.named_children else None
    value = alias.child_by_field_name("value") if alias is not None and not root.has_error else None
    if value is None:
        raise Unfit(text)
    return of_node(value, declared)


def of_node(node: Node, declared: Mapping[str, Node], depth: int = 0) -> Shape:
    """The shape of a type's node. Raises: Unfit."""
    text = trees.node_text(node)
    if depth > _DEEPEST:
        raise Unfit(text)
    read = _READERS.get(node.type)
    if read is not None:
        return read(node, lambda part: of_node(part, declared, depth + 1))
    if text in _PLAIN:
        return _PLAIN[text]
    if text in declared:
        return of_node(declared[text], declared, depth + 1)
    raise Unfit(text)


def _parts(node: Node) -> list[Node]:
    return [each for each in node.named_children if each.type != "comment"]


def _object(node: Node, inner: Inner) -> Shape:
    names, parts = list[str](), list[Shape]()
    for field in _parts(node):
        name, annotation = field.child_by_field_name("name"), field.child_by_field_name("type")
        if field.type != "property_signature" or name is None or annotation is None:
            raise Unfit(trees.node_text(field))
        names.append(trees.node_text(name))
        parts.append(inner(annotation.named_children[0]))
    return Shape("record", tuple(parts), tuple(names))


def _generic(node: Node, inner: Inner) -> Shape:
    named, given = node.child_by_field_name("name"), node.child_by_field_name("type_arguments")
    name = trees.node_text(named) if named is not None else ""
    parts = [inner(each) for each in _parts(given)] if given is not None else []
    if name in _LISTS and parts:
        return Shape("list", (parts[0],))
    if name in ("Record", "Object") and len(parts) > 1:
        return Shape("dict", (Shape("str"), parts[1]))
    if name in ("Readonly", "Partial", "Required") and parts:
        return parts[0]
    raise Unfit(trees.node_text(node))


def _literal(node: Node, inner: Inner) -> Shape:  # noqa: ARG001 -- one of the readers
    text = trees.node_text(node)
    if text in ("null", "undefined"):
        return Shape("None")
    if text in ("true", "false"):
        return Shape("bool")
    return Shape("str") if text[:1] in "\"'`" else Shape("int")


_READERS: dict[str, Callable[[Node, Inner], Shape]] = {
    "array_type": lambda node, inner: Shape("list", (inner(_parts(node)[0]),)),
    "readonly_type": lambda node, inner: inner(_parts(node)[0]),
    "parenthesized_type": lambda node, inner: inner(_parts(node)[0]),
    "union_type": lambda node, inner: merged(map(inner, _parts(node))),
    "tuple_type": lambda node, inner: Shape("tuple", tuple(map(inner, _parts(node)))),
    "object_type": _object,
    "interface_body": _object,
    "generic_type": _generic,
    "literal_type": _literal,
}


def whole(shape: Shape) -> Shape:
    """The shape with integers in the place of numbers of any kind."""
    if shape == _NUMBER:
        return Shape("int")
    return replace(shape, parts=tuple(map(whole, shape.parts)))


def written(value: object) -> str:
    """A value as source text. Raises: Unfit."""
    write = _WRITERS.get(type(value))
    if write is None:
        raise Unfit(repr(value))
    return write(value)


def _listed(value: Any) -> str:  # noqa: ANN401 -- a list of anything
    return f"[{', '.join(map(written, value))}]"


def _braced(pairs: Iterable[tuple[object, object]]) -> str:
    shown = [f"{_name(str(name))}: {written(part)}" for name, part in pairs]
    return f"{{ {', '.join(shown)} }}" if shown else "{}"


def _name(name: str) -> str:
    return name if _WORD.fullmatch(name) else json.dumps(name)


_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "null",
    Absent: lambda _: "undefined",
    bool: lambda value: "true" if value else "false",
    int: str,
    float: lambda value: repr(value + 0.0) if math.isfinite(value) else "NaN",
    str: lambda value: json.dumps(value, ensure_ascii=False),
    list: _listed,
    tuple: _listed,
    dict: lambda value: _braced(value.items()),
    Record: lambda value: _braced(value.fields),
}
