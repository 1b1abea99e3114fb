"""Mutants of a target: the file's text with one small fault in the target's body."""

from __future__ import annotations

import ast
import random
import re
import warnings
from collections import Counter
from typing import TYPE_CHECKING

from cope_lsp.languages.python import tree
from cope_lsp.languages.python.mutation.expressions import in_expression
from cope_lsp.languages.python.mutation.mutation import Function
from cope_lsp.languages.python.mutation.names import in_name, variables_of
from cope_lsp.languages.python.mutation.statements import first_bound, in_flow, in_statement
from cope_lsp.languages.python.mutation.swaps import LOGGERS
from cope_lsp.languages.python.mutation.termination import may_hang, steering_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.python.mutation.mutation import Mutation
    from cope_lsp.languages.python.mutation.termination import Loops
    from cope_lsp.languages.target import Target

_WRAP = "if 1:\n"
"""Put before an indented definition, so that it parses as it stands."""


def mutants(text: bytes, target: Target, most: int, seed: int) -> tuple[bytes, ...]:
    """At most `most` texts of the file, each with one fault in the target, spread over kinds and lines.

    Each parses, and its tree differs from the original's and from every other's. The same seed gives the
    same mutants. None where the target does not parse.
    """
    start, end = tree.line_start(text, target.span.start), target.span.end
    wrap = _WRAP if target.indent else ""
    piece = wrap + text[start:end].decode("utf-8", "replace")
    module = _parse(piece)
    function = _function(module) if module is not None else None
    if module is None or function is None:
        return ()
    seen = {ast.dump(module)}
    found: list[bytes] = []
    for mutation in _spread(list(_mutations(function)), seed):
        if len(found) == most:
            break
        mutated = _spliced(piece, mutation)
        changed = _parse(mutated)
        shape = ast.dump(changed) if changed is not None else ""
        if shape and shape not in seen:
            seen.add(shape)
            found.append(text[:start] + mutated.removeprefix(wrap).encode() + text[end:])
    return tuple(found)


def _function(module: ast.Module) -> Function | None:
    """The definition that the piece is."""
    statement = module.body[0] if module.body else None
    inner = statement.body[0] if isinstance(statement, ast.If) else statement
    return inner if isinstance(inner, Function) else None


def _mutations(function: Function) -> Iterator[Mutation]:
    """All faults of a function's body but those that may loop for ever."""
    variables, bound = variables_of(function), first_bound(function)
    steering = steering_of(function)
    for statement in function.body:
        for node, loops in _walk(statement, ()):
            found = (
                *in_expression(node),
                *in_name(node, variables),
                *in_flow(node, loops, function),
                *in_statement(node, bound),
            )
            yield from (each for each in found if not may_hang(each.kind, node, loops, steering))


def _walk(node: ast.AST, loops: Loops) -> Iterator[tuple[ast.AST, Loops]]:
    """Nodes that may be changed, each with the loops around it.

    Left out: docstrings, logging, heads of inner definitions, annotations, messages of exceptions, and
    f-strings, whose parts have no true places before Python 3.12.
    """
    if isinstance(node, ast.JoinedStr) or _only_tells(node):
        return
    yield node, loops
    if isinstance(node, Function | ast.Lambda):
        loops = ()
    inside = (*loops, node) if isinstance(node, ast.For | ast.AsyncFor | ast.While) else loops
    left_out = _left_out(node)
    for child in ast.iter_child_nodes(node):
        if not any(child is each for each in left_out):
            yield from _walk(child, inside)


def _only_tells(node: ast.AST) -> bool:
    """Whether a statement is a docstring, or only writes to a log."""
    root = node.value if isinstance(node, ast.Expr) else None
    if isinstance(root, ast.Constant):
        return True
    while isinstance(root, ast.Attribute | ast.Call | ast.Await):
        root = root.func if isinstance(root, ast.Call) else root.value
    return isinstance(root, ast.Name) and root.id in LOGGERS


def _left_out(node: ast.AST) -> tuple[ast.AST | None, ...]:
    match node:
        case ast.Raise():
            return node.exc, node.cause
        case ast.Assert():
            return (node.msg,)
        case ast.AnnAssign():
            return (node.annotation,)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return node.args, node.returns, *node.decorator_list
        case _:
            return ()


def _spread(found: list[Mutation], seed: int) -> Iterator[Mutation]:
    """In a random order that takes every kind and every line in turn."""
    random.Random(seed).shuffle(found)  # noqa: S311 -- a reproducible choice, no secret
    kinds, lines = Counter[str](), Counter[int]()
    while found:
        best = min(found, key=lambda each: (kinds[each.kind] + lines[each.node.lineno], kinds[each.kind]))
        found.remove(best)
        kinds[best.kind] += 1
        lines[best.node.lineno] += 1
        yield best


def _spliced(piece: str, mutation: Mutation) -> str:
    """The piece with the fault in it; columns of the tree count bytes."""
    data, node = piece.encode(), mutation.node
    starts = [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n", data))]
    begin = starts[node.lineno - 1] + node.col_offset
    end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or node.col_offset)
    return (data[:begin] + mutation.text.encode() + data[end:]).decode()


def _parse(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
