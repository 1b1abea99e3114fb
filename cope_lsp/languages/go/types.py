"""Go's types as far as values of them can be written down: basic ones, and what is made of these."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from cope_lsp.languages import trees
from cope_lsp.languages.inputs.shapes import Record, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tree_sitter import Node

_SIGNED = {"int": 64, "int8": 8, "int16": 16, "int32": 32, "int64": 64}
_UNSIGNED = {"uint": 64, "uint8": 8, "uint16": 16, "uint32": 32, "uint64": 64, "uintptr": 64}
_FLOATS = frozenset({"float32", "float64"})
_LETTERS = frozenset({"rune", "byte"})
_SHAPES = {
    **dict.fromkeys(_SIGNED, "int"),
    **dict.fromkeys(_UNSIGNED, "natural"),
    **dict.fromkeys(_FLOATS, "float"),
    **dict.fromkeys((*_LETTERS, "string", "text"), "str"),
    "bool": "bool",
    "nil": "None",
}
_DEEPEST = 4
_ASCII = 128
_QUOTES = {"'": "\\'", '"': '"'}
_ANY = ("any", "interface{}")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: its own text, what it is under its name, what it is made of.

    `under` is a basic type's name, or `list`, `array`, `text` (a slice of letters), `dict`, `record`,
    `pointer`, `any`. `named` types are written with their name inside of others.
    """

    text: str
    under: str
    parts: tuple[Kind, ...] = ()
    names: tuple[str, ...] = ()
    size: int = 0


class Unfit(ValueError):  # noqa: N818 -- reads as a state
    """A value that the type does not hold, or a type of which no value is made."""


class _TooDeep(Unfit):
    """A type that holds itself."""


def kind_of(node: Node, declared: Mapping[str, Node], known: Mapping[str, Kind], depth: int = 0) -> Kind:
    """What a type's node means; `declared` are the file's types, `known` what type parameters stand for.

    Raises: Unfit.
    """
    text = trees.node_text(node)
    if depth > _DEEPEST:
        raise _TooDeep(text)

    def inner(part: Node) -> Kind:
        return kind_of(part, declared, known, depth + 1)

    read = _READERS.get(node.type)
    if read is not None:
        return read(node, inner)
    if text in known:
        return known[text]
    if text in _SIGNED or text in _UNSIGNED or text in _FLOATS | _LETTERS | {"string", "bool"}:
        return Kind(text, text)
    if text in _ANY:
        return Kind(text, "any")
    if text == "time.Duration" and not depth:
        return Kind(text, "int64")
    if text in declared:
        own = declared[text]
        return replace(_struct(own, inner) if own.type == "struct_type" else inner(own), text=text)
    raise Unfit(text)


def shape_of(kind: Kind) -> Shape:
    """What values are drawn for a type."""
    if kind.under in _SHAPES:
        return Shape(_SHAPES[kind.under])
    if kind.under == "any":
        return Shape("either", (Shape("int"), Shape("str")))
    inner = tuple(map(shape_of, kind.parts))
    if kind.under == "record":
        return Shape("record", inner, kind.names, kind.text)
    return inner[0] if kind.under == "pointer" else Shape("dict" if kind.under == "dict" else "list", inner)


def literal(kind: Kind, value: object) -> str:
    """The value as Go's source text. Raises: Unfit."""
    write = _WRITERS.get(kind.under, _number)
    return write(kind, value)


def _slice(node: Node, inner: Callable[[Node], Kind]) -> Kind:
    element = inner(_field(node, "element"))
    under = "text" if element.text in _LETTERS else "list"
    return Kind(f"[]{element.text}", under, (element,))


def _array(node: Node, inner: Callable[[Node], Kind]) -> Kind:
    size = trees.node_text(_field(node, "length"))
    element = inner(_field(node, "element"))
    if not size.isdigit() or int(size) > 16:  # noqa: PLR2004 -- longer ones are tables
        raise Unfit(trees.node_text(node))
    return Kind(f"[{size}]{element.text}", "array", (element,), size=int(size))


def _map(node: Node, inner: Callable[[Node], Kind]) -> Kind:
    key, value = inner(_field(node, "key")), inner(_field(node, "value"))
    return Kind(f"map[{key.text}]{value.text}", "dict", (key, value))


def _pointer(node: Node, inner: Callable[[Node], Kind]) -> Kind:
    try:
        behind = inner(node.children[-1])
    except _TooDeep:
        return Kind(trees.node_text(node), "nil")
    if behind.under != "record":
        raise Unfit(trees.node_text(node))
    return Kind(f"*{behind.text}", "pointer", (behind,))


def _struct(node: Node, inner: Callable[[Node], Kind]) -> Kind:
    parts, names = list[Kind](), list[str]()
    for field in (each for each in node.children[-1].children if each.type == "field_declaration"):
        named = field.children_by_field_name("name")
        if not named:
            raise Unfit("an embedded type")
        part = inner(_field(field, "type"))
        names += [trees.node_text(name) for name in named]
        parts += [part] * len(named)
    return Kind("", "record", tuple(parts), tuple(names))


def _inside(node: Node, inner: Callable[[Node], Kind]) -> Kind:
    return inner(node.named_children[0])


_READERS: dict[str, Callable[[Node, Callable[[Node], Kind]], Kind]] = {
    "slice_type": _slice,
    "array_type": _array,
    "map_type": _map,
    "pointer_type": _pointer,
    "parenthesized_type": _inside,
}


def _number(kind: Kind, value: object) -> str:
    if kind.under in _FLOATS and isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit(kind.text)
    bits = _SIGNED.get(kind.under, 0)
    least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if bits else (0, 2 ** _UNSIGNED.get(kind.under, 0))
    if not least <= value < most:
        raise Unfit(kind.text)
    return str(value)


def _text(kind: Kind, value: object) -> str:
    if not isinstance(value, str):
        raise Unfit(kind.text)
    return json.dumps(value, ensure_ascii=False)


def _letter(kind: Kind, value: object) -> str:
    if not isinstance(value, str) or not value or (kind.under == "byte" and ord(value[0]) >= _ASCII):
        raise Unfit(kind.text)
    escaped = json.dumps(value[0], ensure_ascii=False)[1:-1]
    return f"'{_QUOTES.get(value[0], escaped)}'"


def _bool(kind: Kind, value: object) -> str:
    if not isinstance(value, bool):
        raise Unfit(kind.text)
    return "true" if value else "false"


def _list(kind: Kind, value: object) -> str:
    if not isinstance(value, list):
        raise Unfit(kind.text)
    items = cast("list[object]", value)
    if kind.size and len(items) < kind.size:
        raise Unfit(kind.text)
    shown = ", ".join(_element(kind.parts[0], item) for item in items[: kind.size or None])
    return f"{kind.text}{{{shown}}}"


def _element(kind: Kind, value: object) -> str:
    """A value inside of a slice, where a struct's name goes without saying."""
    text = literal(kind, value)
    return text.removeprefix(kind.text) if kind.under == "record" else text


def _dict(kind: Kind, value: object) -> str:
    if not isinstance(value, dict):
        raise Unfit(kind.text)
    key, item = kind.parts
    pairs = cast("dict[object, object]", value).items()
    return (
        f"{kind.text}{{{', '.join(f'{literal(key, one)}: {_element(item, other)}' for one, other in pairs)}}}"
    )


def _record(kind: Kind, value: object) -> str:
    if not isinstance(value, Record):
        raise Unfit(kind.text)
    parts = dict(zip(kind.names, kind.parts, strict=True))
    fields = (f"{name}: {literal(parts[name], part)}" for name, part in value.fields if name in parts)
    return f"{kind.text}{{{', '.join(fields)}}}"


def _anything(kind: Kind, value: object) -> str:
    for under, wanted in (("bool", bool), ("int", int), ("float64", float), ("string", str)):
        if isinstance(value, wanted):
            return literal(Kind(under, under), value)
    raise Unfit(kind.text)


_WRITERS: dict[str, Callable[[Kind, object], str]] = {
    "string": _text,
    "text": lambda kind, value: f"{kind.text}({_text(kind, value)})",
    "rune": _letter,
    "byte": _letter,
    "bool": _bool,
    "list": _list,
    "array": _list,
    "dict": _dict,
    "record": _record,
    "pointer": lambda kind, value: "nil" if value is None else f"&{_record(kind.parts[0], value)}",
    "nil": lambda _, __: "nil",
    "any": _anything,
}


def _field(node: Node, name: str) -> Node:
    found = node.child_by_field_name(name)
    if found is None:
        raise Unfit(trees.node_text(node))
    return found
