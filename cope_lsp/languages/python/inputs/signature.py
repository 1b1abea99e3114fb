"""The parameters of a function, and how an object is made whose method is called."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cope_lsp.languages.python import snippets

if TYPE_CHECKING:
    from cope_lsp.languages.target import Target

Definition = ast.FunctionDef | ast.AsyncFunctionDef


class Way(StrEnum):
    """How an argument reaches its parameter; SEVERAL is `*args`."""

    POSITION = "position"
    KEYWORD = "keyword"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `required` if a call must give it."""

    name: str
    annotation: ast.expr | None
    way: Way
    required: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """What a call looks like.

    `callee` is the text before the parenthesis. A method's is its name: it is called on an object of
    `owner`, made with the parameters `making` (None: the text does not say how).
    """

    callee: str
    parameters: tuple[Parameter, ...]
    owner: str = ""
    making: tuple[Parameter, ...] | None = None


def signature_of(text: bytes, target: Target) -> Signature | None:
    """The target's signature; None where it does not parse."""
    source = text[target.span.start : target.signature.end].decode(errors="replace")
    tree = snippets.statements(textwrap.dedent(f"{target.indent}{source.rstrip().removesuffix(':')}: ..."))
    function = tree[0] if tree else None
    if not isinstance(function, Definition):
        return None
    if not target.parents:
        return Signature(target.name, _parameters(function.args, 0))
    owner = _class(text, target.parents)
    if owner is None:
        return None
    marks = {ast.unparse(mark) for mark in function.decorator_list}
    path = ".".join(target.parents)
    if marks & {"staticmethod", "classmethod"}:
        return Signature(f"{path}.{target.name}", _parameters(function.args, len(marks & {"classmethod"})))
    return Signature(target.name, _parameters(function.args, 1), path, _making(owner))


def _parameters(given: ast.arguments, skipped: int) -> tuple[Parameter, ...]:
    positional = [*given.posonlyargs, *given.args]
    needed = len(positional) - len(given.defaults)
    found = [
        Parameter(each.arg, each.annotation, Way.POSITION, place < needed)
        for place, each in enumerate(positional)
    ][skipped:]
    if given.vararg is not None:
        found.append(Parameter(given.vararg.arg, given.vararg.annotation, Way.SEVERAL, required=False))
    for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        found.append(Parameter(each.arg, each.annotation, Way.KEYWORD, default is None))
    return tuple(found)


def _class(text: bytes, path: tuple[str, ...]) -> ast.ClassDef | None:
    """The class of that path; None also where the text does not parse, or a function is on the way."""
    body: list[ast.stmt] = snippets.statements(text.decode(errors="replace"))
    found = None
    for name in path:
        found = next((each for each in body if isinstance(each, ast.ClassDef) and each.name == name), None)
        if found is None:
            return None
        body = found.body
    return found


def _making(owner: ast.ClassDef) -> tuple[Parameter, ...] | None:
    """What its constructor takes, as far as the class itself says."""
    for each in owner.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            return _parameters(each.args, 1)
    if any("dataclass" in ast.unparse(mark) for mark in owner.decorator_list):
        return tuple(
            Parameter(each.target.id, each.annotation, Way.POSITION, each.value is None)
            for each in owner.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        )
    return None if owner.bases else ()
