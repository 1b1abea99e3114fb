"""Faults of a name: another variable of the function in its place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cope_lsp.languages.python.mutation.mutation import Mutation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.python.mutation.mutation import Function


def in_name(node: ast.AST, variables: tuple[str, ...]) -> Iterator[Mutation]:
    """A variable read where its neighbour should be: `variables` are the function's own, as they come up."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in variables:
        place = variables.index(node.id)
        others = (*variables[place + 1 : place + 2], *variables[max(0, place - 1) : place])
        yield from (Mutation("variable", node, other) for other in others[:1])


def variables_of(function: Function) -> tuple[str, ...]:
    """Parameters, then what the body binds, in order; without `self` and the like."""
    given = function.args
    parameters = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    stored = [
        node for statement in function.body for node in ast.walk(statement) if isinstance(node, ast.Name)
    ]
    stored = sorted(
        (node for node in stored if isinstance(node.ctx, ast.Store)),
        key=lambda node: (node.lineno, node.col_offset),
    )
    names = dict.fromkeys([*parameters, *(node.id for node in stored)])
    return tuple(name for name in names if name not in {"self", "cls", "_"})
