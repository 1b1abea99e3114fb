"""What calls are made from: the signature, a shape for each parameter, calls that were seen, chance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.inputs.relating import are_in_step
from cope_lsp.languages.inputs.shapes import filled, fits, merged, of_value
from cope_lsp.languages.inputs.well import Well, well_of
from cope_lsp.languages.inputs.words import counted, of_words
from cope_lsp.languages.python.inputs.annotations import of_annotation
from cope_lsp.languages.python.inputs.seen import Raw
from cope_lsp.languages.python.inputs.signature import Way

if TYPE_CHECKING:
    from cope_lsp.languages.inputs.shapes import Shape
    from cope_lsp.languages.python.inputs.seen import Argument, Seen
    from cope_lsp.languages.python.inputs.signature import Parameter, Signature

_IN_STEP = re.compile(r"(?:same|equal) (?:length|size)", re.IGNORECASE)

RARE = 0.25
"""Kinds of an argument that are rarer among the calls that were seen are taken for mistakes."""


@dataclass(frozen=True, slots=True)
class Material:
    """`making` are the shapes for the constructor's parameters; `in_step`: lists are of one length."""

    signature: Signature
    shapes: tuple[Shape, ...]
    making: tuple[Shape, ...]
    seen: tuple[Seen, ...]
    in_step: bool
    well: Well


def material_of(signature: Signature, seen: tuple[Seen, ...], docstring: str, seed: int) -> Material:
    """The material; calls that were seen but do not fit the annotations, or are odd, are left out."""
    parameters = signature.parameters
    usual = _usual(tuple(call for call in seen if _fits(call, parameters)) or seen, parameters)
    values = _values(usual, parameters)
    shapes = tuple(
        _shape(parameter, like, docstring) for parameter, like in zip(parameters, values, strict=True)
    )
    making = tuple(_shape(parameter, [], "") for parameter in signature.making or ())
    arguments = [[each.value for each in call.arguments] for call in usual]
    well = well_of([value for like in values for value in like], docstring, seed)
    in_step = are_in_step(arguments) or _IN_STEP.search(docstring) is not None
    return Material(signature, shapes, making, usual, in_step, well)


def parameter_of(number: int, argument: Argument, parameters: tuple[Parameter, ...]) -> int:
    """Index of the parameter that takes an argument; -1 where none does."""
    if argument.keyword:
        return next((n for n, each in enumerate(parameters) if each.name == argument.keyword), -1)
    for place, each in enumerate(parameters):
        if each.way is Way.SEVERAL or (place == number and each.way is Way.POSITION):
            return place
    return -1


def _fits(call: Seen, parameters: tuple[Parameter, ...]) -> bool:
    """Whether each argument is of its parameter's annotation."""
    for number, argument in enumerate(call.arguments):
        place = parameter_of(number, argument, parameters)
        if place < 0:
            return False
        wanted = of_annotation(parameters[place].annotation)
        if not isinstance(argument.value, Raw) and not fits(argument.value, wanted):
            return False
    return True


def _usual(seen: tuple[Seen, ...], parameters: tuple[Parameter, ...]) -> tuple[Seen, ...]:
    """The calls without those of which an argument is of a rare kind; self-made tests are wrong at times."""
    kinds = [[_kind(value) for value in like] for like in _values(seen, parameters)]

    def is_usual(call: Seen) -> bool:
        for number, argument in enumerate(call.arguments):
            place = parameter_of(number, argument, parameters)
            like = kinds[place] if place >= 0 else []
            if like and like.count(_kind(argument.value)) < RARE * len(like):
                return isinstance(argument.value, Raw)
        return True

    return tuple(filter(is_usual, seen))


def _kind(value: object) -> str:
    return type(value).__name__


def _values(seen: tuple[Seen, ...], parameters: tuple[Parameter, ...]) -> list[list[object]]:
    """The literals that were seen for each parameter."""
    values = [list[object]() for _ in parameters]
    for call in seen:
        for number, argument in enumerate(call.arguments):
            place = parameter_of(number, argument, parameters)
            if place >= 0 and not isinstance(argument.value, Raw):
                values[place].append(argument.value)
    return values


def _shape(parameter: Parameter, like: list[object], docstring: str) -> Shape:
    """The annotation's shape with what was seen; by the words where both leave it open."""
    known = merged([of_annotation(parameter.annotation), *map(of_value, like)])
    shape = filled(known, of_words(parameter.name, docstring))
    negative = any(isinstance(each, int) and each < 0 for each in like)
    return shape if negative else counted(shape, parameter.name)
