"""Arguments that have to do with each other, as those of a real call do."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cope_lsp.languages.inputs.drawing import draw
from cope_lsp.languages.inputs.varying import varied

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cope_lsp.languages.inputs.shapes import Shape
    from cope_lsp.languages.inputs.well import Well

PAIRED = 0.7
"""How often a list is as long as the one before it."""


def related(before: Sequence[object], shape: Shape, well: Well) -> object:
    """A value of the shape that is like an earlier argument, part of one, or counts what is in one."""
    value = draw(shape, well)
    numbers = [each for each in before if isinstance(each, int | float)]
    if shape.kind in ("int", "natural") and len(numbers) > 1 and well.likely(PAIRED):
        number = int(well.chance.choice((numbers[-1] + numbers[-2], numbers[-2] - numbers[-1])))
        return max(number, well.least) if shape.kind == "int" else abs(number)
    for other in reversed(before):
        if isinstance(other, str) and isinstance(value, str):
            return _like_text(other, well)
        if shape.kind == "list" and isinstance(other, list):
            return _like_list(cast("list[object]", other), shape, well)
        if type(other) is type(value):
            return varied(cast("object", other), well)
        if isinstance(other, list | str) and other:
            pool = [each for each in _within(cast("list[object] | str", other)) if type(each) is type(value)]
            return well.chance.choice(pool) if pool else value
    return value


def linked(arguments: Sequence[object], well: Well) -> list[object]:
    """The arguments with one that is now what another is, holds or counts; as they are where nothing fits."""
    for place in well.chance.sample(range(len(arguments)), len(arguments)):
        others = [each for number, each in enumerate(arguments) if number != place]
        parts = [part for other in others for part in _meeting(other)]
        fitting = [part for part in parts if type(part) is type(arguments[place])]
        if fitting:
            return [*arguments[:place], well.chance.choice(fitting), *arguments[place + 1 :]]
    return list(arguments)


def in_step(arguments: Sequence[object]) -> list[object]:
    """The arguments with all lists cut to the length of the shortest."""
    lists = [cast("list[object]", each) for each in arguments if isinstance(each, list)]
    least = min(map(len, lists), default=0)
    return [cast("list[object]", each)[:least] if isinstance(each, list) else each for each in arguments]


def are_in_step(calls: Iterable[Sequence[object]]) -> bool:
    """Whether in each of these calls several lists are of one length."""
    lengths = [[len(cast("list[object]", each)) for each in call if isinstance(each, list)] for call in calls]
    return bool(lengths) and all(len(each) > 1 and len(set(each)) == 1 for each in lengths)


def _like_text(other: str, well: Well) -> str:
    """The same text changed, a part of it, or its letters in another order."""
    start = well.chance.randrange(len(other) or 1)
    part = other[start : start + well.chance.randint(1, 4)]
    mixed = "".join(well.chance.sample(other, len(other)))
    named = well.chance.choice(well.texts) if well.texts else part
    return well.chance.choice((part, named, named, mixed, other, str(varied(other, well))))


def _like_list(other: list[object], shape: Shape, well: Well) -> list[object]:
    """The same list changed, or one of the same length."""
    if shape.parts and well.likely(PAIRED):
        new = [draw(shape.parts[0], well) for _ in other]
        return [well.chance.choice(pair) for pair in zip(other, new, strict=True)]
    changed = varied(other, well)
    return cast("list[object]", changed)


def _meeting(other: object) -> list[object]:
    """What a comparison may have to tell from an argument: itself, the ends of what it holds, its size."""
    if not isinstance(other, list | str):
        return [other]
    items = cast("list[object] | str", other)
    numbers = [each for each in items if isinstance(each, int | float)]
    return [max(numbers), max(numbers), min(numbers), *_within(items)] if numbers else _within(items)


def _within(other: list[object] | str) -> list[object]:
    """Items of a container and numbers that it gives: its length, its sum, its greatest."""
    items: list[object] = list(other)
    numbers = [each for each in items if type(each) in (int, float)]
    told: list[object] = [len(items), len(items) - 1]
    if numbers and len(numbers) == len(items):
        values = cast("list[float]", numbers)
        told += [sum(values), max(values), sum(values) - 1]
    return [*items, *told]
