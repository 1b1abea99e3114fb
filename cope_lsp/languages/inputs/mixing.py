"""Calls by position, as source text: as written, varied from those, drawn, at the boundaries.

The same material and seed give the same calls. Nothing here is larger than what was seen by more than a
little, so that a slow candidate is told from a wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.languages.inputs.drawing import boundaries, draw
from cope_lsp.languages.inputs.relating import are_in_step, in_step, linked, related
from cope_lsp.languages.inputs.shapes import fits
from cope_lsp.languages.inputs.varying import varied
from cope_lsp.languages.inputs.well import Well, well_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from cope_lsp.languages.inputs.shapes import Shape

CALLS = 32
AS_WRITTEN = 6
VARIED = 20
"""The first calls are as written, then up to this many in all are varied from those, then others drawn."""

AT_BOUNDARIES = 6
LONGEST = 600
"""Characters of one call; longer ones are left out."""

TRIES = 8
DRAWN_ANEW = 0.15
TWICE = 0.3
RELATED = 0.6
LINKED = 0.3
"""Share of varied calls in which one argument meets another: where many a comparison errs."""

_IN_STEP = re.compile(r"(?:same|equal) (?:length|size)", re.IGNORECASE)

Arguments: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What calls are made from: a shape for each parameter, arguments that were seen, words about both.

    `write` gives the text of a call, empty where a value has no text of the parameter's type.
    """

    shapes: tuple[Shape, ...]
    seen: tuple[Arguments, ...]
    words: str
    write: Callable[[Arguments], str]


def mixed(material: Material, seed: int) -> tuple[str, ...]:
    """At most `CALLS` calls, none twice; the boundaries last, since it is there that a function may hang."""
    if not material.shapes:
        return tuple(filter(None, [material.write(())]))
    values = [value for each in material.seen for value in each]
    well = well_of(values, material.words, seed)
    stepping = are_in_step([list(each) for each in material.seen]) or bool(_IN_STEP.search(material.words))

    def write(given: Arguments) -> str:
        return material.write(tuple(in_step(given)) if stepping else given)

    found, edges = dict[str, None](), dict[str, None]()
    _fill(found, AS_WRITTEN, map(material.write, material.seen), ())
    _fill(edges, AT_BOUNDARIES, map(write, _at_boundaries(material, well)), found)
    if material.seen:
        _fill(found, VARIED, (write(_varied(material, well)) for _ in range(CALLS * TRIES)), edges)
    drawn = (write(_drawn(material, well)) for _ in range(CALLS * TRIES))
    _fill(found, CALLS - len(edges), drawn, edges)
    return (*found, *edges)


def _fill(found: dict[str, None], most: int, made: Iterable[str], others: Collection[str]) -> None:
    """Add calls that are neither there nor among the others, up to a number in all."""
    for text in made:
        if len(found) >= most:
            return
        if text and text not in others and len(text) <= LONGEST:
            found.setdefault(text)


def _at_boundaries(material: Material, well: Well) -> Iterator[Arguments]:
    """One argument at a boundary, the others as in a call that was seen or drawn."""
    for step in range(3):
        for place, shape in enumerate(material.shapes):
            edges = boundaries(shape, well)
            if place > 0 and edges[:1] == ("",):
                edges = edges[1:]  # an empty text beside another is mostly outside of what was meant
            if step < len(edges):
                base = well.chance.choice(material.seen) if material.seen else _drawn(material, well)
                yield (*base[:place], edges[step], *base[place + 1 :])


def _varied(material: Material, well: Well) -> Arguments:
    """Arguments that were seen, with one changed, sometimes two."""
    base = list(well.chance.choice(material.seen))
    for place in {well.chance.randrange(len(base)) for _ in range(well.chance.choice((1, 1, 2)))}:
        base[place] = _changed(base[place], material.shapes[place], well)
    return tuple(linked(base, well)) if well.likely(LINKED) else tuple(base)


def _changed(value: object, shape: Shape, well: Well) -> object:
    if well.likely(DRAWN_ANEW):
        return draw(shape, well)
    changed = varied(value, well)
    changed = varied(changed, well) if well.likely(TWICE) else changed
    return changed if fits(changed, shape) else draw(shape, well)


def _drawn(material: Material, well: Well) -> Arguments:
    """Arguments made from nothing but shapes, at times such that have to do with each other."""
    given = list[object]()
    for shape in material.shapes:
        value = related(given, shape, well) if well.likely(RELATED) else draw(shape, well)
        given.append(value if fits(value, shape) else draw(shape, well))
    return tuple(given)
