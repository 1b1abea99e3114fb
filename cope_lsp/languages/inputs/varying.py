"""A value a little changed, type by type and recursively in containers, as in EvalPlus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.inputs.drawing import draw, hashable
from cope_lsp.languages.inputs.shapes import Record, of_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.languages.inputs.well import Well

LARGEST = 40
"""Items or characters beyond which a value only shrinks."""

_NUMBER = re.compile(r"\d{1,4}")
_PAIRS = ("()", "[]", "{}", "<>")


def varied(value: object, well: Well) -> object:
    """The value with one change; the type stays."""
    vary = _VARIES.get(type(value))
    return value if vary is None else vary(value, well)


def _integer(value: int, well: Well) -> int:
    few = well.chance.randint(2, 10)
    changed = well.chance.choice((value + 1, value - 1, value + few, value - few, value * 2, value // 2))
    stays = value >= 0 and well.likely(0.8)
    return max(changed, well.least, 0 if stays else changed)


def _float(value: float, well: Well) -> float:
    step = well.chance.choice((0.1, -0.1, 1.0, -1.0, 0.5, value, -value / 2))
    return max(round(value + step, 4), float(well.least))


def _text(value: str, well: Well) -> str:
    if len(value) > LARGEST:
        return value[: len(value) // 2].strip()
    separator = next((mark for mark in (", ", " ", ",", "-", "/", "_") if mark in value.strip()), "")
    if separator and well.likely(0.6):
        return _worded(value, separator, well)
    pair = next((pair for pair in _PAIRS if pair[0] in value or pair[1] in value), "")
    if pair and well.likely(0.6):
        other = well.chance.choice(well.texts or (value,))
        return well.chance.choice((f"{pair[0]}{value}{pair[1]}", value + other, value + pair, pair + value))
    return well.chance.choice(_LETTERINGS)(value, well.chance.randrange(len(value) + 1), well)


def _worded(value: str, separator: str, well: Well) -> str:
    """A text of several words, changed word by word, so that what has a form keeps it."""
    words: list[str] = value.split(separator)
    place = well.chance.randrange(len(words))
    if _NUMBER.search(value) and well.likely(0.6):
        number = well.chance.choice(_NUMBER.findall(value))
        return value.replace(number, str(_integer(int(number), well)), 1)
    pool = [word for text in well.texts for word in text.split(separator)] or words
    changes = (
        [*words[:place], *words[place + 1 :]],
        [*words[:place], words[place], *words[place:]],
        [*words[:place], well.chance.choice(pool), *words[place + 1 :]],
        [*words, well.chance.choice(pool)],
        well.chance.sample(words, len(words)),
    )
    return separator.join(well.chance.choice(changes))


_LETTERINGS: tuple[Callable[[str, int, Well], str], ...] = (
    lambda value, place, well: f"{value[:place]}{well.chance.choice(well.alphabet)}{value[place:]}",
    lambda value, place, well: f"{value[:place]}{well.chance.choice(well.alphabet)}{value[place + 1 :]}",
    lambda value, place, _: value[:place] + value[place + 1 :],
    lambda value, place, _: value[:place] + value[place : place + 2] + value[place:],
    lambda value, _, __: value[::-1],
    lambda value, _, __: value.swapcase(),
    lambda value, _, well: value + well.chance.choice(well.texts or ("b",)),
    lambda value, _, well: "".join(well.chance.sample(value, len(value))),
)


def _list(value: list[Any], well: Well) -> list[Any]:
    chance = well.chance
    if not value:
        return [draw(of_value(value).parts[0], well)]
    if len(value) > LARGEST:
        return value[: len(value) // 2]
    place = chance.randrange(len(value))
    before, item, after = value[:place], value[place], value[place + 1 :]
    changes: list[Callable[[], list[Any]]] = [
        lambda: [*before, varied(item, well), *after],
        lambda: [*before, varied(item, well), *after],
        lambda: [*before, *after],
        lambda: [*before, item, item, *after],
        lambda: [*value, varied(chance.choice(value), well)],
        lambda: value[::-1],
        lambda: chance.sample(value, len(value)),
        lambda: [varied(each, well) for each in value],
        lambda: value + value[: place + 1],
    ]
    return chance.choice(changes)()


def _tuple(value: tuple[Any, ...], well: Well) -> tuple[Any, ...]:
    place = well.chance.randrange(len(value) or 1)
    return tuple(varied(item, well) if number == place else item for number, item in enumerate(value))


def _dict(value: dict[Any, Any], well: Well) -> dict[Any, Any]:
    if not value:
        return {}
    key = well.chance.choice(list(value))
    rest = {other: item for other, item in value.items() if other != key}
    changes: tuple[dict[Any, Any], ...] = (
        rest,
        {**value, key: varied(value[key], well)},
        {**rest, varied(key, well): value[key]},
        {**value, varied(key, well): varied(value[key], well)},
    )
    return well.chance.choice(changes)


def _members(value: set[Any] | frozenset[Any], well: Well) -> set[Any]:
    return {item for item in _list(sorted(value, key=repr), well) if hashable(item)}


def _record(value: Record, well: Well) -> Record:
    place = well.chance.randrange(len(value.fields) or 1)
    changed = (
        (name, varied(part, well) if number == place else part)
        for number, (name, part) in enumerate(value.fields)
    )
    return Record(value.title, tuple(changed))


_VARIES: dict[type, Callable[[Any, Well], object]] = {
    bool: lambda value, _: not value,
    int: _integer,
    float: _float,
    str: _text,
    bytes: lambda value, well: _text(value.decode("latin-1"), well).encode("latin-1", "replace"),
    list: _list,
    tuple: _tuple,
    dict: _dict,
    set: _members,
    Record: _record,
    frozenset: lambda value, well: frozenset(_members(value, well)),
}
