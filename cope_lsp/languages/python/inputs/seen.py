"""Calls of the target that someone wrote: in examples, in tests, elsewhere in the project's texts."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.languages.python import snippets
from cope_lsp.languages.python.assertions import assertions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cope_lsp.languages.running import Example
    from cope_lsp.languages.target import Target

LARGEST = 200_000
"""Characters of a text that is searched for calls."""

LONGEST = 600
"""Characters of one call; longer ones are left out."""

MOST = 60
_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Raw:
    """An argument that is no literal, as source text."""

    text: str


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call; `keyword` is empty where it is given by position."""

    keyword: str
    value: Any


@dataclass(frozen=True, slots=True)
class Seen:
    """A call that stands on its own: what is called, and its arguments."""

    callee: str
    arguments: tuple[Argument, ...]


def seen_calls(
    target: Target, examples: Iterable[Example], texts: Iterable[bytes], known: frozenset[str]
) -> tuple[Seen, ...]:
    """At most `MOST`, nothing twice: those of the examples first; `known` are names of the file."""
    found: dict[str, Seen] = {}
    for call in _everywhere(target, examples, texts):
        text = ast.unparse(call)
        fits = len(text) <= LONGEST and snippets.read(text) <= known | _BUILTINS
        seen = _seen(call) if fits and text not in found else None
        if seen is not None:
            found[text] = seen
        if len(found) == MOST:
            break
    return tuple(found.values())


def source(value: object) -> str:
    """The text of a value; the same for equal values, whatever the order in which a set was made."""
    match value:
        case Raw(text=text):
            return text
        case list() | tuple() | set() | frozenset() | dict():
            return _contained(value)
        case _:
            return repr(value)


def _contained(value: Any) -> str:  # noqa: ANN401 -- a container of anything
    if isinstance(value, dict):
        pairs = cast("dict[Any, Any]", value)
        return f"{{{', '.join(f'{source(key)}: {source(item)}' for key, item in pairs.items())}}}"
    inner = [source(item) for item in value]
    if isinstance(value, list):
        return f"[{', '.join(inner)}]"
    if isinstance(value, tuple):
        return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
    shown = f"{{{', '.join(sorted(inner))}}}" if inner else "set()"
    return shown if isinstance(value, set) else f"frozenset({shown if inner else ''})"


def _everywhere(target: Target, examples: Iterable[Example], texts: Iterable[bytes]) -> Iterator[ast.Call]:
    for example in examples:
        yield from _of_example(example, target)
    for each in texts:
        text = each.decode(errors="replace")
        if target.name not in text or len(text) > LARGEST:
            continue
        for example in assertions(text, target):
            yield from _of_example(example, target)
        for statement in snippets.statements(text):
            yield from _of_tree(statement, target)


def _of_example(example: Example, target: Target) -> Iterator[ast.Call]:
    """The target's calls in it, with what its setup assigned put in the names' place."""
    bound: dict[str, ast.expr] = {}
    for line in example.setup:
        match snippets.statements(line):
            case [ast.Assign(targets=[ast.Name(id=name)], value=value)] if name not in bound:
                bound[name] = _Replaced(bound).visit(value)
            case [ast.Import() | ast.ImportFrom()]:
                continue
            case _:
                return
    tree = snippets.expression(example.call)
    if tree is not None:
        yield from _of_tree(_Replaced(bound).visit(tree), target)


class _Replaced(ast.NodeTransformer):
    def __init__(self, bound: dict[str, ast.expr]) -> None:
        self.bound = bound

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.bound.get(node.id, node)


def _of_tree(tree: ast.AST, target: Target) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=target.name)) if not target.parents:
                yield node
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr=target.name)) if not target.parents:
                yield ast.Call(ast.Name(target.name), node.args, node.keywords)
            case ast.Call(func=ast.Attribute(attr=target.name)) if target.parents:
                yield node
            case _:
                pass


def _seen(call: ast.Call) -> Seen | None:
    if any(isinstance(each, ast.Starred) for each in call.args):
        return None
    arguments = [Argument("", _value(each)) for each in call.args]
    for each in call.keywords:
        if each.arg is None:
            return None
        arguments.append(Argument(each.arg, _value(each.value)))
    return Seen(ast.unparse(call.func), tuple(arguments))


def _value(node: ast.expr) -> object:
    """The value of a literal; other expressions stay text."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return Raw(ast.unparse(node))
