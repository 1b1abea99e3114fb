"""What kind of value an argument takes: from values seen, or from an annotation."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.languages.python import snippets

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Shape:
    """A type without names of its own: `kind` is a built-in's name, `either` or `any`.

    `parts` are what a container holds (key and value of a `dict`, each place of a `tuple`), or the
    alternatives of `either`.
    """

    kind: str
    parts: tuple[Shape, ...] = ()


ANY = Shape("any")
SCALARS = ("int", "float", "str", "bool", "bytes", "complex", "None")
_CONTAINERS = {
    "list": (r"list|sequence|iterable|collection|iterator|mutablesequence|deque|array", 1),
    "set": (r"set|abstractset|mutableset", 1),
    "frozenset": (r"frozenset", 1),
    "dict": (r"dict|mapping|mutablemapping|defaultdict|counter|ordereddict", 2),
}
"""Names of annotations by the built-in that is made for them, and how many kinds of parts it has."""

_NAMED = {
    "none": Shape("None"),
    "real": Shape("float"),
    "number": Shape("float"),
    # Who writes `Any` means that the kinds may be mixed.
    "any": Shape("either", tuple(map(Shape, ("int", "str", "float", "list", "None")))),
}


def of_value(value: object) -> Shape:
    """The shape of a value of built-in types."""
    kind = "None" if value is None else type(value).__name__
    if isinstance(value, tuple):
        return Shape(kind, tuple(map(of_value, cast("tuple[object, ...]", value))))
    if isinstance(value, list | set | frozenset):
        return Shape(kind, (merged(map(of_value, cast("Iterable[object]", value))),))
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value)
        return Shape(kind, (merged(map(of_value, pairs)), merged(map(of_value, pairs.values()))))
    return Shape(kind) if kind in SCALARS else ANY


def merged(shapes: Iterable[Shape]) -> Shape:
    """One shape that allows all; what is known of a container's parts is joined, `any` gives way."""
    by_kind: dict[tuple[str, int], Shape] = {}
    for shape in _flat(shapes):
        place = (shape.kind, len(shape.parts))
        known = by_kind.get(place)
        if known is not None and shape.parts:
            pairs = zip(known.parts, shape.parts, strict=True)
            by_kind[place] = Shape(shape.kind, tuple(merged(pair) for pair in pairs))
        else:
            by_kind[place] = shape
    known = [shape for shape in by_kind.values() if shape.kind != "any"]
    return known[0] if len(known) == 1 else Shape("either", tuple(known)) if known else ANY


def _flat(shapes: Iterable[Shape]) -> Iterable[Shape]:
    for shape in shapes:
        yield from shape.parts if shape.kind == "either" else (shape,)


def of_annotation(annotation: ast.expr | None) -> Shape:
    """The shape that an annotation of built-in and `typing` names allows; `any` for all else."""
    match annotation:
        case ast.Constant(value=None):
            return Shape("None")
        case ast.Constant(value=str(text)):
            return of_annotation(snippets.expression(text))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return merged([of_annotation(left), of_annotation(right)])
        case ast.Subscript(value=named, slice=inner):
            parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
            return _generic(_name(named), parts)
        case ast.Name() | ast.Attribute():
            return _generic(_name(annotation), [])
        case _:
            return ANY


def _name(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2].lower()


def _generic(name: str, parts: list[ast.expr]) -> Shape:
    inner = [of_annotation(part) for part in parts]
    if name in SCALARS or name in _NAMED:
        return _NAMED.get(name) or Shape(name)
    if name in ("optional", "union"):
        return merged([*inner, *([Shape("None")] if name == "optional" else [])])
    if name == "literal":
        return merged(of_value(part.value) for part in parts if isinstance(part, ast.Constant))
    for kind, (pattern, places) in _CONTAINERS.items():
        if re.fullmatch(pattern, name):
            return Shape(kind, (*inner[:places], *(ANY,) * places)[:places])
    if name == "tuple":
        if [ast.unparse(part) for part in parts[1:]] == ["..."]:
            inner = inner[:1] * 3
        return Shape("tuple", tuple(inner) or (ANY, ANY))
    return ANY


def filled(shape: Shape, guess: Shape) -> Shape:
    """A shape of which parts are unknown, with those of a guess of the same kind."""
    if shape == ANY:
        return guess
    if len(shape.parts) == len(guess.parts) and shape.kind == guess.kind:
        return Shape(shape.kind, tuple(filled(*pair) for pair in zip(shape.parts, guess.parts, strict=True)))
    if shape == Shape("list", (ANY,)):
        return Shape("list", (Shape("int"),))
    return shape


def fits(value: object, shape: Shape) -> bool:
    """Whether a value is of the shape; an integer is a float too."""
    if shape.kind == "either":
        return any(fits(value, part) for part in shape.parts)
    if shape.kind in ("any", "natural"):
        return shape.kind == "any" or type(value) is int
    own = of_value(value)
    if (own.kind, shape.kind) == ("int", "float"):
        return True
    if own.kind != shape.kind or (own.kind == "tuple" and len(own.parts) != len(shape.parts)):
        return False
    pairs = zip(own.parts, shape.parts, strict=False)
    return all(part == ANY or _allowed(part, wanted) for part, wanted in pairs)


def _allowed(shape: Shape, wanted: Shape) -> bool:
    """Whether all values of a shape that was seen are of the wanted one, as far as their kinds go."""
    kinds = {part.kind for part in _flat([wanted])}
    kinds |= {"int"} & {"int" if "float" in kinds else ""}
    return "any" in kinds or all(part.kind in kinds for part in _flat([shape]))


def values_in(value: object, kind: type) -> Iterable[Any]:
    """All values of exactly that type inside a value."""
    if type(value) is kind:
        yield value
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value)
        for part in (*pairs, *pairs.values()):
            yield from values_in(part, kind)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in cast("Iterable[object]", value):
            yield from values_in(part, kind)
