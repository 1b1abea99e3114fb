"""At most `CALLS` calls of a target: as written, at the boundaries, varied from those written, and drawn.

The same text, examples and seed give the same calls. Nothing here is larger than what was seen by more than
a little, so that a slow candidate is told from a wrong one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from cope_lsp.languages.python import snippets
from cope_lsp.languages.python.inputs.drawing import boundaries, draw
from cope_lsp.languages.python.inputs.seen import LONGEST, Argument, Raw, Seen, seen_calls, source
from cope_lsp.languages.python.inputs.shapes import (
    Shape,
    filled,
    merged,
    of_annotation,
    of_value,
    of_words,
    opening_of,
)
from cope_lsp.languages.python.inputs.signature import Parameter, Signature, Way, signature_of
from cope_lsp.languages.python.inputs.varying import varied
from cope_lsp.languages.python.inputs.well import Well, well_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cope_lsp.languages.language import Example, Target

CALLS = 32
AS_WRITTEN = 6
AT_BOUNDARIES = 12
"""The first calls are as written, and up to this many in all are at the boundaries."""

VARIED = 26
"""Up to this many in all are varied from those written; the rest is drawn."""

TRIES = 8
DRAWN_ANEW = 0.15
OPTIONAL = 0.3
AS_SEEN = 0.7
RELATED = 0.4


@dataclass(frozen=True, slots=True)
class Source:
    """What calls are made from: signature, a shape for each parameter, calls that were seen, chance."""

    signature: Signature
    shapes: tuple[Shape, ...]
    making: tuple[Shape, ...]
    seen: tuple[Seen, ...]
    well: Well


def calls(
    text: bytes, target: Target, examples: tuple[Example, ...], seed: int, texts: Iterable[bytes] = ()
) -> tuple[str, ...]:
    """The calls; `texts` are other files that may call the target. None where it cannot be called so."""
    signature = signature_of(text, target)
    known = frozenset(snippets.bound(text.decode(errors="replace"))) | {target.name, *target.parents}
    seen = seen_calls(target, examples, (*texts, text), known)
    found = dict.fromkeys(_text(each) for each in seen[:AS_WRITTEN])
    if signature is None:
        return tuple(dict.fromkeys([*found, *map(_text, seen)]))[:CALLS]
    docstring = (
        "" if target.docstring is None else text[target.docstring.start : target.docstring.end].decode()
    )
    from_ = _source(signature, seen, docstring, seed)
    _fill(found, AT_BOUNDARIES, _at_boundaries(from_))
    if seen:
        _fill(found, VARIED, _repeated(from_, _varied))
    _fill(found, CALLS, _repeated(from_, _drawn))
    return tuple(found)


def _fill(found: dict[str, None], most: int, made: Iterable[Seen | None]) -> None:
    for each in made:
        if len(found) >= most:
            return
        text = _text(each) if each is not None else ""
        if text and len(text) <= LONGEST:
            found.setdefault(text)


def _text(call: Seen) -> str:
    named = ((f"{each.keyword}=" if each.keyword else "", each.value) for each in call.arguments)
    shown = (f"{name}{source(value)}" for name, value in named)
    return f"{call.callee}({', '.join(shown)})"


def _source(signature: Signature, seen: tuple[Seen, ...], docstring: str, seed: int) -> Source:
    parameters = signature.parameters
    values = [list[object]() for _ in parameters]
    for call in seen:
        for number, each in enumerate(call.arguments):
            place = _parameter_of(number, each, parameters)
            if place >= 0 and not isinstance(each.value, Raw):
                values[place].append(each.value)
    opening = opening_of(docstring) if len(parameters) == 1 else ""
    shapes = tuple(
        _shape(parameter, like, docstring, opening)
        for parameter, like in zip(parameters, values, strict=True)
    )
    making = tuple(_shape(parameter, [], "", "") for parameter in signature.making or ())
    well = well_of([value for like in values for value in like], docstring, seed)
    return Source(signature, shapes, making, seen, well)


def _shape(parameter: Parameter, like: list[object], docstring: str, opening: str) -> Shape:
    known = merged([of_annotation(parameter.annotation), *map(of_value, like)])
    return filled(known, of_words(parameter.name, docstring, opening))


def _parameter_of(number: int, argument: Argument, parameters: tuple[Parameter, ...]) -> int:
    """Index of the parameter that takes an argument; -1 where none does."""
    if argument.keyword:
        return next((n for n, each in enumerate(parameters) if each.name == argument.keyword), -1)
    for place, each in enumerate(parameters):
        if each.way is Way.SEVERAL or (place == number and each.way is Way.POSITION):
            return place
    return -1


def _at_boundaries(from_: Source) -> Iterator[Seen | None]:
    """One argument at a boundary, the others as in a call that was seen or drawn."""
    chance = from_.well.chance
    for step in range(3):
        for place, shape in enumerate(from_.shapes):
            edges = boundaries(shape, from_.well)
            if step < len(edges):
                base = chance.choice(from_.seen) if from_.seen else _drawn(from_)
                yield None if base is None else _with(base, place, edges[step], from_)


def _with(base: Seen, place: int, value: object, from_: Source) -> Seen:
    parameters = from_.signature.parameters
    changed = tuple(
        Argument(each.keyword, value) if _parameter_of(number, each, parameters) == place else each
        for number, each in enumerate(base.arguments)
    )
    return Seen(base.callee, changed)


def _varied(from_: Source) -> Seen | None:
    """A call that was seen, with one argument changed, sometimes more."""
    chance = from_.well.chance
    base = chance.choice(from_.seen)
    if not base.arguments:
        return None
    chosen = {chance.randrange(len(base.arguments)) for _ in range(chance.choice((1, 1, 2)))}
    return Seen(
        base.callee,
        tuple(
            Argument(each.keyword, _changed(number, each, from_)) if number in chosen else each
            for number, each in enumerate(base.arguments)
        ),
    )


def _changed(number: int, argument: Argument, from_: Source) -> object:
    if isinstance(argument.value, Raw):
        return argument.value
    place = _parameter_of(number, argument, from_.signature.parameters)
    if place >= 0 and from_.well.likely(DRAWN_ANEW):
        return draw(from_.shapes[place], from_.well)
    value = varied(argument.value, from_.well)
    return varied(value, from_.well) if from_.well.likely(OPTIONAL) else value


def _drawn(from_: Source) -> Seen | None:
    """A call made from nothing but shapes; on an object like one that was seen, or a new one."""
    callee = _callee(from_)
    if callee is None:
        return None
    return Seen(callee, tuple(_arguments(from_.signature.parameters, from_.shapes, from_.well)))


def _callee(from_: Source) -> str | None:
    signature, well = from_.signature, from_.well
    if not signature.owner:
        return signature.callee
    if from_.seen and well.likely(AS_SEEN):
        return well.chance.choice(from_.seen).callee
    if signature.making is None:
        return None
    made = Seen(signature.owner, tuple(_arguments(signature.making, from_.making, well)))
    return f"{_text(made)}.{signature.callee}"


def _arguments(
    parameters: tuple[Parameter, ...], shapes: tuple[Shape, ...], well: Well
) -> Iterator[Argument]:
    by_position, given_before = True, list[object]()
    for parameter, shape in zip(parameters, shapes, strict=True):
        if parameter.way is Way.SEVERAL:
            most = well.chance.randint(0, 4) if by_position else 0
            yield from (Argument("", draw(shape, well)) for _ in range(most))
            continue
        given = parameter.required or well.likely(OPTIONAL)
        if parameter.way is Way.POSITION:
            by_position = by_position and given
        if given:
            keyword = "" if parameter.way is Way.POSITION and by_position else parameter.name
            value = _related(given_before, shape, well) if well.likely(RELATED) else draw(shape, well)
            given_before.append(value)
            yield Argument(keyword, value)


def _related(before: list[object], shape: Shape, well: Well) -> object:
    """A value that has to do with an earlier argument: much like it, or one of its items, or its length."""
    value = draw(shape, well)
    for other in reversed(before):
        if type(other) is type(value):
            return varied(other, well)
        if isinstance(other, list | str) and other:
            items = list(cast("Iterable[object]", other))
            pool = [*items, len(items), len(items) - 1]
            fitting = [each for each in pool if type(each) is type(value)]
            return well.chance.choice(fitting) if fitting else value
    return value


def _repeated(from_: Source, make: Callable[[Source], Seen | None]) -> Iterator[Seen | None]:
    return (make(from_) for _ in range(CALLS * TRIES))
