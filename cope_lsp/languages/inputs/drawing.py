"""Values of a shape: boundaries, things like those that were seen, and small random ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cope_lsp.languages.inputs.shapes import ANY, Record, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.languages.inputs.well import Well

ITEMS = 6
"""Most items of a container made from nothing."""

IN_ORDER = 0.25
"""Share of lists that are in order: chance alone makes hardly any, and many a function asks for it."""

INTEGERS = (0, 1, 2, 3, 4, 5, 7, 8, 10, 12, 16, 20, 25, 30, 64, 97, 100)
LARGEST, LARGE = 120, 2000
"""Integers drawn from nothing are not larger, and in lists seldom so: what is to be counted may explode."""

FLOATS = (0.0, 1.0, 0.5, 2.0, 1.5, 3.14, 10.0, 0.1, 99.99)
TEXTS = (
    *("a", "abc", "aba", "Hello World", "hello", "aAbB", "x1y2", "racecar", "the quick brown fox"),
    *("  two  words ", "a   b    c"),
)
SURPRISES = (" ", "ÄÖ é", "12", "A.b,c!", "()", "a\tb\n")


def boundaries(shape: Shape, well: Well) -> tuple[object, ...]:
    """The smallest and oddest values of a shape, plainest first."""
    if shape.kind == "either":
        return tuple(value for part in shape.parts for value in boundaries(part, well)[:2])
    edges = _EDGES.get(shape.kind)
    return (draw(shape, well),) if edges is None else edges(shape, well)


def draw(shape: Shape, well: Well) -> object:
    """One value; things that were seen are as likely as new ones."""
    return _DRAWS.get(shape.kind, _anything)(shape, well)


def hashable(value: object) -> bool:
    """Whether a set may hold the value."""
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _blank(shape: Shape, well: Well) -> Record:
    """A record whose every field is at its plainest boundary."""
    first = (next(iter(boundaries(part, well)), None) for part in shape.parts)
    return Record(shape.title, tuple(zip(shape.names, first, strict=True)))


def _list_edges(shape: Shape, well: Well) -> tuple[object, ...]:
    item = draw(shape.parts[0] if shape.parts else ANY, well)
    return ([], [item], [item, item])[well.fewest :]


_EDGES: dict[str, Callable[[Shape, Well], tuple[object, ...]]] = {
    "int": lambda _, well: tuple(number for number in (0, 1, 2, -1) if number >= well.least),
    "natural": lambda _, well: tuple(number for number in (0, 1, 2) if number >= well.least),
    "float": lambda _, well: tuple(number for number in (0.0, 1.0, -1.0) if number >= well.least),
    "str": lambda _, well: ("", well.alphabet[0], well.alphabet[-1] * 3),
    "bool": lambda _, __: (True, False),
    "list": _list_edges,
    "set": lambda _, __: (set[Any](),),
    "frozenset": lambda _, __: (frozenset[Any](),),
    "dict": lambda _, __: ({},),
    "record": lambda shape, well: (_blank(shape, well),),
}


def _integer(_: Shape, well: Well) -> int:
    chance = well.chance
    number = chance.choice(INTEGERS) if well.likely(0.7) else chance.randint(0, LARGEST)
    if well.integers and well.likely(0.6):
        seen = chance.choice(well.integers)
        number = chance.choice((seen, seen + 1, seen - 1, seen * 2, seen // 2, seen + chance.randint(2, 9)))
    usual = well.least < 0 and (not well.integers or min(well.integers) < 0)
    if well.likely(0.3 if usual else 0.05):
        number = -number
    return max(number, well.least)


def _natural(shape: Shape, well: Well) -> int:
    """A number of things, of steps, of digits: below zero it means nothing."""
    return min(abs(_integer(shape, well)), max((LARGEST, *well.integers)))


def _float(_: Shape, well: Well) -> float:
    chance = well.chance
    number = round(chance.uniform(-5, 20), 2)
    if well.likely(0.6):
        number = chance.choice(well.floats or FLOATS)
    changed = chance.choice((number, number + 0.5, number * 2, float(round(number)), -number))
    return round(max(changed, float(well.least)), 6)


def _text(_: Shape, well: Well) -> str:
    chance = well.chance
    if well.texts and well.likely(0.4):
        return chance.choice(well.texts)
    if not well.closed and well.likely(0.1):
        return chance.choice(SURPRISES)
    if not well.closed and not well.texts and well.likely(0.3):
        return chance.choice(TEXTS)
    if well.likely(0.12):
        return "".join(chance.choices(well.alphabet, k=chance.randint(1, 2))) * chance.randint(2, 4)
    letters = chance.choices(well.alphabet, k=2) if well.likely(0.2) else well.alphabet
    text = "".join(chance.choices(letters, k=chance.randint(1, 9)))
    return text + text[-2::-1] if well.likely(0.15) else text


def _items(shape: Shape, well: Well) -> list[Any]:
    inner = shape.parts[0] if shape.parts else ANY
    if inner.kind == "either" and well.likely(0.5):
        inner = well.chance.choice(inner.parts)
    items = [draw(inner, well) for _ in range(well.chance.randint(well.fewest, ITEMS))]
    if items and well.likely(0.4):
        items.append(_again(well.chance.choice(items), well))
    if inner.kind == "int":
        items += _numbers(items, well)
    if well.likely(IN_ORDER):
        items.sort(key=_place, reverse=well.likely(0.3))
    return items + items[-2::-1] if len(items) < ITEMS and well.likely(0.1) else items


def _again(item: object, well: Well) -> object:
    """The same item a second time; of a text perhaps its letters in another order."""
    if isinstance(item, str) and well.likely(0.5):
        return "".join(well.chance.sample(item, len(item)))
    return item


def _numbers(items: list[Any], well: Well) -> list[int]:
    """Numbers that go with others: a large one, or such that three of them make nothing."""
    if well.likely(0.1):
        return [well.chance.randint(LARGEST, LARGE)]
    if items and well.likely(0.1):
        one, other = items[0], well.chance.choice(items)
        return [other, max(well.least, -one - other)]
    return []


def _place(item: object) -> tuple[str, Any]:
    """Where an item stands in an order of its own kind; what has no order stays where it is."""
    return (type(item).__name__, item if isinstance(item, int | float | str) else 0)


def _members(shape: Shape, well: Well) -> set[Any]:
    return {item for item in _items(shape, well) if hashable(item)}


def _pairs(shape: Shape, well: Well) -> dict[Any, Any]:
    key, value = shape.parts
    keys = _items(Shape("list", (Shape("str") if key == ANY else key,)), well)
    return {item: draw(value, well) for item in keys if hashable(item)}


def _record(shape: Shape, well: Well) -> Record:
    values = (draw(part, well) for part in shape.parts)
    return Record(shape.title, tuple(zip(shape.names, values, strict=True)))


def _anything(_: Shape, well: Well) -> object:
    """Where nothing is known: what most arguments are."""
    return draw(Shape(well.chance.choice(("int", "int", "str"))), well)


_DRAWS: dict[str, Callable[[Shape, Well], object]] = {
    "int": _integer,
    "natural": _natural,
    "float": _float,
    "str": _text,
    "bool": lambda _, well: well.likely(0.5),
    "None": lambda _, __: None,
    "bytes": lambda shape, well: _text(shape, well).encode(),
    "complex": lambda shape, well: complex(_float(shape, well), _float(shape, well)),
    "list": _items,
    "set": _members,
    "frozenset": lambda shape, well: frozenset(_members(shape, well)),
    "tuple": lambda shape, well: tuple(draw(part, well) for part in shape.parts),
    "dict": _pairs,
    "record": _record,
    "either": lambda shape, well: draw(well.chance.choice(shape.parts), well),
}
