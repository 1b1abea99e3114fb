"""Which faults could keep a `while` loop from ending.

A mutant that hangs costs its whole time and tells little, so what a loop's end hangs on is left alone.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Loops: TypeAlias = tuple[ast.For | ast.AsyncFor | ast.While, ...]
"""The loops around a node, outermost first."""

_HARMLESS = ("return", "loop")


@dataclass(frozen=True, slots=True)
class Steering:
    """What one `while` loop's end hangs on: its test, and the statements inside that move it there.

    Nodes are known by their identity; `bounded` are those of the test where a bound may be off by one.
    """

    nodes: frozenset[int]
    bounded: frozenset[int]


def steering_of(function: ast.AST) -> Mapping[int, Steering]:
    """What steers each `while` loop of a function, by the loop's identity."""
    return {id(node): _steering(node) for node in ast.walk(function) if isinstance(node, ast.While)}


def may_hang(kind: str, node: ast.AST, loops: Loops, steering: Mapping[int, Steering]) -> bool:
    """Whether a fault of that kind at `node` could keep one of the loops around it going."""
    if kind in _HARMLESS:
        return False
    around = [steering[id(loop)] for loop in loops if isinstance(loop, ast.While)]
    harmless = {id(node)} if kind == "boundary" else set[int]()
    return any(id(node) in loop.nodes - (loop.bounded & harmless) for loop in around)


def _steering(loop: ast.While) -> Steering:
    guards, endless = _guards(loop), isinstance(loop.test, ast.Constant)
    nodes = set(_identities(loop.test))
    for statement in _inside(loop):
        if _moves(statement, guards, endless=endless):
            nodes |= set(_identities(statement))
    moved = {name for statement in loop.body for name in _changed(statement)}
    bounded = {
        id(node)
        for node in ast.walk(loop.test)
        if isinstance(node, ast.Compare) and len(_names(node) & moved) <= 1
    }
    return Steering(frozenset(nodes), frozenset(bounded))


def _moves(statement: ast.AST, guards: set[str], *, endless: bool) -> bool:
    """Whether a statement moves the loop to its end."""
    match statement:
        case ast.If(body=body):
            return endless and _leaves(body)
        case ast.Assign() | ast.AugAssign() | ast.Expr() | ast.Delete():
            return endless or bool(guards & _changed(statement))
        case _:
            return False


def _guards(loop: ast.While) -> set[str]:
    """Names that the loop's condition hangs on, also by way of what they are set to inside."""
    found = _names(loop.test)
    assigned = [
        (_changed(node), _names(node.value))
        for node in _inside(loop)
        if isinstance(node, ast.Assign | ast.AugAssign)
    ]
    while True:
        more = {name for changed, names in assigned if changed & found for name in names}
        if more <= found:
            return found
        found |= more


def _inside(loop: ast.While) -> Iterator[ast.AST]:
    return (node for statement in loop.body for node in ast.walk(statement))


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


def _identities(node: ast.AST) -> Iterator[int]:
    return (id(each) for each in ast.walk(node))
