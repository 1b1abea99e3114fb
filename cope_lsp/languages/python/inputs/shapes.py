"""What kind of value an argument takes: from values seen, from an annotation, or from words about it."""

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

_NAMES = {
    "int": r"n|k|m|i|j|q|num|number|count|index|idx|size|length|start|end|limit|year|age|steps?|times|base"
    r"|digits?",
    "float": r"threshold|ratio|rate|price|amount|weight|radius|delta|epsilon",
    "str": r"s|st|str|string|text|txt|word|sentence|message|msg|line|name|brackets|date|path|key|ch|char"
    r"|letter|prefix|suffix|substring|pattern|test_str|test_string|file_name|planet\w*|password|phrase|title"
    r"|s\d",
    "list": r"l|lst|li|ls|arr|array|nums|numbers|list\w*|items|values|xs|ys|seq|data|elements|scores"
    r"|operands?|arr\d|lst\d|game|guess|test_list|nums\d",
    "dict": r"d|dic|dict|dictionary|mapping|counts|test_dict|options|config",
    "bool": r"flag|is_\w+|has_\w+|reverse|inclusive|strict|negative",
}
_TEXTS = r"words|strings|names|strs|lines|texts|planets|bags|test_tup\w*"
_GRIDS = r"grid|matrix|board|table|rows|lists|list_of_lists|intervals|pairs|tuples?_list|edges|points"

_NAMED = {
    "none": Shape("None"),
    "real": Shape("float"),
    "number": Shape("float"),
    # Who writes `Any` means that the kinds may be mixed.
    "any": Shape("either", tuple(map(Shape, ("int", "str", "float", "list", "bool", "None")))),
}

_INTEGERS = Shape("list", (Shape("int"),))
_PAIR = Shape("tuple", (Shape("int"), Shape("int")))
_LIST = r"(?:list|array|matrix|vector|sequence)"

_PHRASES: tuple[tuple[str, Shape], ...] = (
    (rf"{_LIST} of (?:lists|arrays|rows)|grid|matrix", Shape("list", (_INTEGERS,))),
    (rf"{_LIST} of (?:[\w-]+ )?(?:strings?|words|names|characters)", Shape("list", (Shape("str"),))),
    (rf"{_LIST} of (?:[\w-]+ )?(?:floats?|decimals|real)", Shape("list", (Shape("float"),))),
    (rf"{_LIST} of (?:tuples|pairs)", Shape("list", (_PAIR,))),
    (rf"{_LIST}(?: of (?:[\w-]+ )?(?:integers|numbers|ints))?\b", _INTEGERS),
    (r"dictionary|\bdict\b|\bmapping\b", Shape("dict", (Shape("str"), Shape("int")))),
    (r"\btuple|\binterval", _PAIR),
    (r"string|\bword|\btext\b|sentence|\bcharacter", Shape("str")),
    (r"\bfloat|decimal|real number|floating", Shape("float")),
    (r"integer|\bnumber\b|\bint\b", Shape("int")),
    (r"boolean|\bbool\b", Shape("bool")),
)


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


def of_words(name: str, docstring: str, opening: str = "") -> Shape:
    """A guess from the words near an argument's name, from the name itself, last from an `opening`."""
    for text in _near(name, docstring):
        if (shape := _of_phrase(text)) != ANY:
            return shape
    shape = _of_name(name.lower())
    return _of_phrase(opening) if shape == ANY else shape


def opening_of(docstring: str) -> str:
    """Its first sentence."""
    return re.split(r"\n\s*\n|(?<=\.)\s", docstring.strip(), maxsplit=1)[0]


def filled(shape: Shape, guess: Shape) -> Shape:
    """A shape of which parts are unknown, with those of a guess of the same kind."""
    if shape == ANY:
        return guess
    if len(shape.parts) == len(guess.parts) and shape.kind == guess.kind:
        return Shape(shape.kind, tuple(filled(*pair) for pair in zip(shape.parts, guess.parts, strict=True)))
    if shape == Shape("list", (ANY,)):
        return Shape("list", (Shape("int"),))
    return shape


def _near(name: str, docstring: str) -> list[str]:
    """The few words before each mention of the argument, which say what it is (`a list of numbers xs`)."""
    if name in ("a", "i"):
        return []
    before = rf"((?:[\w-]+[ ,]+){{1,4}})['\"`]?{re.escape(name)}['\"`]?(?!\w)"
    return re.findall(before, docstring)


def _of_phrase(text: str) -> Shape:
    """The kind of value whose name comes last in a text, since it is nearest to the argument."""
    found = [
        (match.end(), -order, shape)
        for order, (phrase, shape) in enumerate(_PHRASES)
        for match in re.finditer(phrase, text, re.IGNORECASE)
    ]
    return max(found, key=lambda each: each[:2])[2] if found else ANY


def _of_name(name: str) -> Shape:
    if re.fullmatch(_TEXTS, name):
        return Shape("list", (Shape("str"),))
    if re.fullmatch(_GRIDS, name):
        return Shape("list", (Shape("list", (Shape("int"),)),))
    for kind, pattern in _NAMES.items():
        if re.fullmatch(pattern, name):
            inner = {"list": (Shape("int"),), "dict": (Shape("str"), Shape("int"))}.get(kind, ())
            return Shape(kind, inner)
    return ANY


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
