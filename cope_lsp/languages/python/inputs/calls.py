"""At most `CALLS` calls of a target: as written, varied from those, drawn, and at the boundaries.

The same text, examples and seed give the same calls. Nothing here is larger than what was seen by more than
a little, so that a slow candidate is told from a wrong one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.inputs.drawing import boundaries, draw
from cope_lsp.languages.inputs.relating import in_step, linked, related
from cope_lsp.languages.inputs.varying import varied
from cope_lsp.languages.python import snippets
from cope_lsp.languages.python.inputs.material import Material, material_of, parameter_of
from cope_lsp.languages.python.inputs.seen import LONGEST, Argument, Raw, Seen, seen_calls, source
from cope_lsp.languages.python.inputs.signature import Parameter, Way, signature_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from cope_lsp.languages.inputs.shapes import Shape
    from cope_lsp.languages.inputs.well import Well
    from cope_lsp.languages.running import Example
    from cope_lsp.languages.target import Target

CALLS = 32
AS_WRITTEN = 6
VARIED = 20
"""The first calls are as written, then up to this many in all are varied from those, then others drawn."""

AT_BOUNDARIES = 6
"""The last calls are at the boundaries."""

TRIES = 8
DRAWN_ANEW = 0.15
OPTIONAL = 0.3
AS_SEEN = 0.7
RELATED = 0.6
LINKED = 0.3
"""Share of varied calls in which one argument meets another: where many a comparison errs."""


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
    from_ = material_of(signature, seen, docstring, seed)
    edges: dict[str, None] = {}
    _fill(edges, AT_BOUNDARIES, _at_boundaries(from_), found)
    if from_.seen:
        _fill(found, VARIED, _repeated(from_, _varied), edges)
    _fill(found, CALLS - len(edges), _repeated(from_, _drawn), edges)
    # The boundaries come last, since it is there that a function may hang.
    return (*found, *edges)


def _fill(found: dict[str, None], most: int, made: Iterable[Seen | None], others: Collection[str]) -> None:
    """Add calls that are neither there nor among the others, up to a number in all."""
    for each in made:
        if len(found) >= most:
            return
        text = _text(each) if each is not None else ""
        if text and text not in others and len(text) <= LONGEST:
            found.setdefault(text)


def _text(call: Seen) -> str:
    named = ((f"{each.keyword}=" if each.keyword else "", each.value) for each in call.arguments)
    shown = (f"{name}{source(value)}" for name, value in named)
    return f"{call.callee}({', '.join(shown)})"


def _at_boundaries(from_: Material) -> Iterator[Seen | None]:
    """One argument at a boundary, the others as in a call that was seen or drawn."""
    chance = from_.well.chance
    for step in range(3):
        for place, shape in enumerate(from_.shapes):
            edges = boundaries(shape, from_.well)
            if place > 0 and edges[:1] == ("",):
                edges = edges[1:]  # an empty text beside another is mostly outside of what was meant
            if step < len(edges):
                base = chance.choice(from_.seen) if from_.seen else _drawn(from_)
                yield None if base is None else _with(base, place, edges[step], from_)


def _with(base: Seen, place: int, value: object, from_: Material) -> Seen:
    parameters = from_.signature.parameters
    values = [
        value if parameter_of(number, each, parameters) == place else each.value
        for number, each in enumerate(base.arguments)
    ]
    return _call(base.callee, base.arguments, values, from_)


def _varied(from_: Material) -> Seen | None:
    """A call that was seen, with one argument changed, sometimes more."""
    chance = from_.well.chance
    base = chance.choice(from_.seen)
    if not base.arguments:
        return None
    chosen = {chance.randrange(len(base.arguments)) for _ in range(chance.choice((1, 1, 2)))}
    values = [
        _changed(number, each, from_) if number in chosen else each.value
        for number, each in enumerate(base.arguments)
    ]
    values = linked(values, from_.well) if from_.well.likely(LINKED) else values
    return _call(base.callee, base.arguments, values, from_)


def _call(callee: str, arguments: tuple[Argument, ...], values: list[object], from_: Material) -> Seen:
    """The call with other values, in step where they have to be."""
    kept = in_step(values) if from_.in_step else values
    named = zip(arguments, kept, strict=True)
    return Seen(callee, tuple(Argument(each.keyword, value) for each, value in named))


def _changed(number: int, argument: Argument, from_: Material) -> object:
    if isinstance(argument.value, Raw):
        return argument.value
    place = parameter_of(number, argument, from_.signature.parameters)
    if place >= 0 and from_.well.likely(DRAWN_ANEW):
        return draw(from_.shapes[place], from_.well)
    value = varied(argument.value, from_.well)
    return varied(value, from_.well) if from_.well.likely(OPTIONAL) else value


def _drawn(from_: Material) -> Seen | None:
    """A call made from nothing but shapes; on an object like one that was seen, or a new one."""
    callee = _callee(from_)
    if callee is None:
        return None
    arguments = tuple(_arguments(from_.signature.parameters, from_.shapes, from_.well))
    return _call(callee, arguments, [each.value for each in arguments], from_)


def _callee(from_: Material) -> str | None:
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
            value = related(given_before, shape, well) if well.likely(RELATED) else draw(shape, well)
            given_before.append(value)
            yield Argument(keyword, value)


def _repeated(from_: Material, make: Callable[[Material], Seen | None]) -> Iterator[Seen | None]:
    return (make(from_) for _ in range(CALLS * TRIES))
