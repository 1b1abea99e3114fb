"""Faults in which way is gone: branches, loops, returns, and statements that are not there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cope_lsp.languages.python.mutation.mutation import Function, Mutation, changed, written
from cope_lsp.languages.python.mutation.swaps import ARITHMETIC, DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cope_lsp.languages.python.mutation.termination import Loops


def in_flow(node: ast.AST, loops: Loops, function: Function) -> Iterator[Mutation]:
    """A way not taken, or taken when it should not be."""
    match node:
        case ast.If(test=test):
            yield Mutation("branch", test, "(False)")
            yield from _negated(test)
        case ast.IfExp(test=test):
            yield from _negated(test)
        case ast.While(test=test):
            yield Mutation("loop", test, "(False)")
        case ast.For(iter=each):
            yield Mutation("loop", each, "()")
        case ast.Return(value=ast.expr() as value):
            yield from (Mutation("return", node, f"return {other}") for other in _defaults(value, function))
        case ast.Break() | ast.Continue() if loops and not isinstance(loops[-1], ast.While):
            yield Mutation("jump", node, "continue" if isinstance(node, ast.Break) else "break")
        case _:
            pass


def _negated(test: ast.expr) -> Iterator[Mutation]:
    """A condition's opposite, where no operator in it can be turned round for that."""
    turned = (isinstance(test, ast.Compare) and len(test.ops) == 1) or isinstance(test, ast.UnaryOp)
    if not turned:
        yield Mutation("condition", test, f"(not ({ast.unparse(test)}))")


def _defaults(value: ast.expr, function: Function) -> tuple[str, ...]:
    """What a function of that return type might give without thinking."""
    kind = function.returns.value if isinstance(function.returns, ast.Subscript) else function.returns
    name = kind.id.lower() if isinstance(kind, ast.Name) else ""
    text = ast.unparse(value)
    return tuple(each for each in DEFAULTS.get(name, ("None",)) if each != text)[:1]


def in_statement(node: ast.AST, bound: Mapping[str, int]) -> Iterator[Mutation]:
    """A statement that is not there, or that sets what it should add to; `bound` is `first_bound`."""
    match node:
        case ast.AugAssign():
            swap = ARITHMETIC.get(type(node.op))
            if swap is not None:
                yield Mutation("arithmetic", node, written(changed(node, op=swap())))
            yield Mutation("statement", node, f"{ast.unparse(node.target)} = {ast.unparse(node.value)}")
            yield Mutation("statement", node, "pass")
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield Mutation("statement", node, "pass")
        case ast.Delete() | ast.Raise():
            yield Mutation("statement", node, "pass")
        case ast.Assign(targets=[target]) if _has_value(target, bound):
            yield Mutation("statement", node, "pass")
        case _:
            pass


def first_bound(function: Function) -> dict[str, int]:
    """The line where each name of a function gets its first value; 0 for parameters."""
    given = function.args
    found = {each.arg: 0 for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
    added = {id(node.target) for node in ast.walk(function) if isinstance(node, ast.AugAssign)}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in added:
            found[node.id] = min(node.lineno, found.get(node.id, node.lineno))
    return found


def _has_value(target: ast.expr, bound: Mapping[str, int]) -> bool:
    """Whether a target has a value before this assignment; without one, any test would notice."""
    if isinstance(target, ast.Name):
        return bound[target.id] < target.lineno
    return isinstance(target, ast.Subscript | ast.Attribute)
