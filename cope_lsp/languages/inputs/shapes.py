"""What kind of value an argument takes, and which values are of that kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Shape:
    """A type: `kind` is the name of a built-in of Python, `record`, `either` or `any`.

    `parts` are what a container holds (key and value of a `dict`, each place of a `tuple`, each field of a
    `record`), or the alternatives of `either`. A record has a `title` and `names` of its fields.
    """

    kind: str
    parts: tuple[Shape, ...] = ()
    names: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A value with named fields."""

    title: str
    fields: tuple[tuple[str, Any], ...]


ANY = Shape("any")
SCALARS = ("int", "float", "str", "bool", "bytes", "complex", "None")


def of_value(value: object) -> Shape:
    """The shape of a value of built-in types."""
    kind = "None" if value is None else type(value).__name__
    if isinstance(value, Record):
        names = tuple(name for name, _ in value.fields)
        return Shape("record", tuple(of_value(part) for _, part in value.fields), names, value.title)
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
            by_kind[place] = replace(shape, parts=tuple(merged(pair) for pair in pairs))
        else:
            by_kind[place] = shape
    known = [shape for shape in by_kind.values() if shape.kind != "any"]
    return known[0] if len(known) == 1 else Shape("either", tuple(known)) if known else ANY


def _flat(shapes: Iterable[Shape]) -> Iterable[Shape]:
    for shape in shapes:
        yield from shape.parts if shape.kind == "either" else (shape,)


def filled(shape: Shape, guess: Shape) -> Shape:
    """A shape of which parts are unknown, with those of a guess of the same kind."""
    if shape == ANY:
        return guess
    if len(shape.parts) == len(guess.parts) and shape.kind == guess.kind:
        return replace(
            shape, parts=tuple(filled(*pair) for pair in zip(shape.parts, guess.parts, strict=True))
        )
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
    if isinstance(value, Record):
        for _, part in value.fields:
            yield from values_in(part, kind)
    elif isinstance(value, dict):
        pairs = cast("dict[object, object]", value)
        for part in (*pairs, *pairs.values()):
            yield from values_in(part, kind)
    elif isinstance(value, list | tuple | set | frozenset):
        for part in cast("Iterable[object]", value):
            yield from values_in(part, kind)
