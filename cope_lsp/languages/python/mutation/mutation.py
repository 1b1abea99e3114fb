"""One fault as a value, and the nodes that are made for it."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault: `text` in place of `node`; `kind` names the sort of fault."""

    kind: str
    node: ast.expr | ast.stmt
    text: str


def changed(node: Node, **fields: object) -> Node:
    """A copy of a node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def written(node: ast.AST) -> str:
    """Source of an expression that can stand anywhere, or of a statement."""
    text = ast.unparse(node)
    return text if isinstance(node, ast.stmt | ast.Constant | ast.Name) else f"({text})"
