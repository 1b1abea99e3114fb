"""What kind of value an argument takes, by its annotation."""

from __future__ import annotations

import ast
import re

from cope_lsp.languages.inputs.shapes import ANY, SCALARS, Shape, merged, of_value
from cope_lsp.languages.python import snippets

_CONTAINERS = {
    "list": (r"list|sequence|iterable|collection|iterator|mutablesequence|deque|array", 1),
    "set": (r"set|abstractset|mutableset", 1),
    "frozenset": (r"frozenset", 1),
    "dict": (r"dict|mapping|mutablemapping|defaultdict|counter|ordereddict", 2),
}
"""Names of annotations by the built-in that is made for them, and how many kinds of parts it has."""

_NAMED = {
    "none": Shape("None"),
    "real": Shape("float"),
    "number": Shape("float"),
    # Who writes `Any` means that the kinds may be mixed.
    "any": Shape("either", tuple(map(Shape, ("int", "str", "float", "list", "None")))),
}


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
