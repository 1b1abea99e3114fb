"""Which faults could keep a `while` loop from ending.

A mutant that hangs costs its whole time and tells little, so what a loop's end hangs on is left alone.
"""

from __future__ import annotations

import ast
from typing import TypeAlias

Loops: TypeAlias = tuple[ast.For | ast.AsyncFor | ast.While, ...]
"""The loops around a node, outermost first."""

_HARMLESS = ("return", "loop")


def may_hang(kind: str, node: ast.AST, loops: Loops) -> bool:
    """Whether a fault of that kind at `node` could keep one of the loops around it going."""
    whiles = [loop for loop in loops if isinstance(loop, ast.While)]
    if kind in _HARMLESS:
        return False
    for loop in whiles:
        if _holds(loop.test, node):
            return kind != "boundary" or _closes_in(loop, node)
    return any(_steers(loop, statement, node) for loop in whiles for statement in ast.walk(loop))


def _closes_in(loop: ast.While, comparison: ast.AST) -> bool:
    """Whether both sides move towards each other, as in a binary search: where they meet, they may stay."""
    moved = {name for statement in loop.body for name in _changed(statement)}
    return len(_names(comparison) & moved) > 1


def _steers(loop: ast.While, statement: ast.AST, node: ast.AST) -> bool:
    """Whether `node` lies in a statement that moves the loop to its end."""
    endless = isinstance(loop.test, ast.Constant)
    match statement:
        case ast.If(body=body) if endless and _leaves(body):
            return _holds(statement, node)
        case ast.Assign() | ast.AugAssign() | ast.Expr() | ast.Delete():
            moves = endless or bool(_guards(loop) & _changed(statement))
            return moves and _holds(statement, node)
        case _:
            return False


def _guards(loop: ast.While) -> set[str]:
    """Names that the loop's condition hangs on, also by way of what they are set to inside."""
    found = _names(loop.test)
    statements = [node for node in ast.walk(loop) if isinstance(node, ast.Assign | ast.AugAssign)]
    while True:
        more = {name for each in statements if _changed(each) & found for name in _names(each.value)}
        if more <= found:
            return found
        found |= more


def _leaves(body: list[ast.stmt]) -> bool:
    inner = (node for statement in body for node in ast.walk(statement))
    return any(isinstance(node, ast.Break | ast.Return | ast.Raise) for node in inner)


def _changed(statement: ast.AST) -> set[str]:
    """Names that a statement binds, or whose object it may change by a method or an item."""
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript):
            found |= _names(node.value)
    return found


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _holds(outer: ast.AST, inner: ast.AST) -> bool:
    return any(each is inner for each in ast.walk(outer))
