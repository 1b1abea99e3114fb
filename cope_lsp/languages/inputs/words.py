"""What kind of value an argument takes, by the words about it: a guess where nothing better is known."""

from __future__ import annotations

import re

from cope_lsp.languages.inputs.shapes import ANY, Shape

_NAMES = {
    "natural": r"n|k|m|i|j|count|index|idx|size|length|limit|year|age|steps?|times|base|digits?|capacity"
    r"|width|height|depth",
    "int": r"num|number|start|end",
    "float": r"threshold|ratio|rate|price|amount|weight|radius|delta|epsilon",
    "str": r"s|st|str|string|text|txt|word|sentence|message|msg|line|name|brackets|date|path|key|ch|char"
    r"|letter|prefix|suffix|substring|pattern|test_str|test_string|file_name|planet\w*|password|phrase|title"
    r"|s\d",
    "list": r"l|lst|li|ls|arr|array|nums|numbers|list\w*|items|values|xs|ys|seq|data|elements|scores"
    r"|operands?|arr\d|lst\d|game|guess|test_list|nums\d",
    "dict": r"d|dic|dict|dictionary|mapping|counts|test_dict|options|config",
    "bool": r"flag|is_\w+|has_\w+|reverse|inclusive|strict|negative",
}
_LETTERS = r"[abcxyzwhp]"
"""Names that mostly are numbers, if nothing else is said."""

_TEXTS = r"words|strings|names|strs|lines|texts|planets|bags|test_tup\w*"
_GRIDS = r"grid|matrix|board|table|rows|lists|list_of_lists|intervals|pairs|tuples?_list|edges|points"

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
    (r"\bstrings?\b|\bwords?\b|\btext\b|sentence|\bcharacter", Shape("str")),
    (r"\bfloat|decimal|real number|floating", Shape("float")),
    (r"\bintegers?\b|\bnumbers?\b|\bint\b", Shape("int")),
    (r"boolean|\bbool\b", Shape("bool")),
)


def of_words(name: str, docstring: str) -> Shape:
    """A guess: from the words right before an argument, from its name, from the opening, from any words."""
    for text in _before(name, docstring):
        shape = _of_phrase(text, end=r"s?[ ,]*$")
        if shape != ANY:
            return shape
    opening = re.split(r"\n\s*\n|(?<=\.)\s", docstring.strip(), maxsplit=1)[0]
    letter = Shape("int") if re.fullmatch(_LETTERS, name) else ANY
    guesses = (_of_name(name.lower()), _of_phrase(opening), letter, _of_phrase(docstring))
    return next((guess for guess in guesses if guess != ANY), ANY)


def counted(shape: Shape, name: str) -> Shape:
    """An integer that by its name counts something is a natural number."""
    return Shape("natural") if shape.kind == "int" and re.fullmatch(_NAMES["natural"], name) else shape


def _before(name: str, docstring: str) -> list[str]:
    """The few words before each mention of the argument, which say what it is (`a list of numbers xs`)."""
    if name in ("a", "i"):
        return []
    return re.findall(rf"((?:[\w-]+[ ,]+){{1,4}})['\"`]?{re.escape(name)}['\"`]?(?!\w)", docstring)


def _of_phrase(text: str, end: str = "") -> Shape:
    """The kind of value that a text names first; what must follow is in `end`."""
    found = [
        (match.start(), order, shape)
        for order, (phrase, shape) in enumerate(_PHRASES)
        for match in re.finditer(f"(?:{phrase}){end}", text, re.IGNORECASE)
    ]
    return min(found, key=lambda each: each[:2])[2] if found else ANY


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
