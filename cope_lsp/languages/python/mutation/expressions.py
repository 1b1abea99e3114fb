"""Faults in what an expression computes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.languages.python.mutation.mutation import Mutation, changed, written
from cope_lsp.languages.python.mutation.swaps import (
    ARITHMETIC,
    BOUNDARY,
    CHANGES_TEXT,
    OPPOSITE,
    OPTIONAL,
    ORDERLESS,
    RENAMED,
    WITHOUT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


def in_expression(node: ast.AST) -> Iterator[Mutation]:
    """The faults of one node; those of its parts are their own."""
    yield from _in_operation(node)
    match node:
        case ast.Constant():
            yield from _constants(node)
        case ast.Call():
            yield from _calls(node)
        case ast.Subscript(slice=ast.Slice() as part):
            yield from _slices(node, part)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _filters(node)
        case _:
            pass


def _in_operation(node: ast.AST) -> Iterator[Mutation]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BinOp():
            yield from _arithmetic(node)
        case ast.BoolOp():
            yield from _connectives(node)
        case ast.UnaryOp(operand=operand) if not isinstance(operand, ast.Constant):
            yield Mutation("condition", node, written(operand))
        case _:
            pass


def _comparisons(node: ast.Compare) -> Iterator[Mutation]:
    for number, op in enumerate(node.ops):
        for kind, swaps in (("boundary", BOUNDARY), ("comparison", OPPOSITE)):
            swap = swaps.get(type(op))
            if swap is not None:
                ops = [*node.ops[:number], swap(), *node.ops[number + 1 :]]
                yield Mutation(kind, node, written(changed(node, ops=ops)))


def _constants(node: ast.Constant) -> Iterator[Mutation]:
    match node.value:
        case bool(value):
            yield Mutation("constant", node, repr(not value))
        case int(value):
            yield Mutation("constant", node, str(value + 1))
            yield Mutation("constant", node, str(value - 1) if value else "(-1)")
        case float(value):
            yield Mutation("constant", node, repr(value + 1.0))
        case str(value):
            yield Mutation("text", node, "''" if value else "'x'")
        case _:
            pass


def _arithmetic(node: ast.BinOp) -> Iterator[Mutation]:
    if _is_sequence(node.left) or _is_sequence(node.right):
        if isinstance(node.op, ast.Add):
            yield Mutation("operand", node, written(changed(node, left=node.right, right=node.left)))
        return
    swap = ARITHMETIC.get(type(node.op))
    if swap is not None:
        yield Mutation("arithmetic", node, written(changed(node, op=swap())))
        yield Mutation("operand", node, written(node.left))


def _is_sequence(node: ast.expr) -> bool:
    """Whether an operand shows that this is no arithmetic."""
    literal = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    return literal or isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp)


def _connectives(node: ast.BoolOp) -> Iterator[Mutation]:
    swap = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield Mutation("connective", node, written(changed(node, op=swap)))
    for number in range(len(node.values)):
        rest = [*node.values[:number], *node.values[number + 1 :]]
        less = rest[0] if len(rest) == 1 else changed(node, values=rest)
        yield Mutation("operand", node, written(less))


def _calls(node: ast.Call) -> Iterator[Mutation]:
    name = _called(node)
    plain = [each for each in node.args if not isinstance(each, ast.Starred)]
    arguments = plain if len(plain) == len(node.args) else []
    if name in RENAMED:
        yield Mutation("name", node.func, _renamed(node.func, RENAMED[name]))
    if name in WITHOUT and len(arguments) == 1 and isinstance(node.func, ast.Name):
        yield Mutation("call", node, f"({WITHOUT[name].format(ast.unparse(arguments[0]))})")
    if name in CHANGES_TEXT and not node.args and isinstance(node.func, ast.Attribute):
        yield Mutation("call", node, written(node.func.value))
    if name == "range":
        yield from _ranges(node, arguments)
    elif name not in ORDERLESS:
        yield from _exchanged(node, arguments)
    for keyword in node.keywords:
        if keyword.arg in OPTIONAL:
            rest = [each for each in node.keywords if each is not keyword]
            yield Mutation("arguments", node, written(changed(node, keywords=rest)))


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _renamed(function: ast.expr, name: str) -> str:
    return ast.unparse(changed(function, attr=name)) if isinstance(function, ast.Attribute) else name


def _exchanged(node: ast.Call, arguments: list[ast.expr]) -> Iterator[Mutation]:
    """The first two arguments in each other's place."""
    if len(arguments) > 1:
        swapped = [arguments[1], arguments[0], *arguments[2:]]
        yield Mutation("arguments", node, written(changed(node, args=swapped)))


def _ranges(node: ast.Call, arguments: list[ast.expr]) -> Iterator[Mutation]:
    """A range that ends, or begins, one too early or too late; a constant bound is changed as a constant."""
    for number, argument in enumerate(arguments[:2]):
        if not isinstance(argument, ast.Constant):
            for op in (ast.Add(), ast.Sub()):
                moved = ast.BinOp(argument, op, ast.Constant(1))
                args = [*arguments[:number], moved, *arguments[number + 1 :]]
                yield Mutation("range", node, written(changed(node, args=args)))


def _slices(node: ast.Subscript, part: ast.Slice) -> Iterator[Mutation]:
    """A slice with a bound off by one, or without its step."""
    one = ast.Constant(1)
    moved: list[ast.Slice] = []
    if part.lower is not None:
        moved.append(changed(part, lower=ast.BinOp(part.lower, ast.Add(), one)))
    elif part.step is None:
        moved.append(changed(part, lower=one))
    if part.upper is not None:
        moved.append(changed(part, upper=ast.BinOp(part.upper, ast.Sub(), one)))
    elif part.step is None:
        moved.append(changed(part, upper=ast.UnaryOp(ast.USub(), one)))
    if part.step is not None:
        moved.append(changed(part, step=None))
    for each in moved:
        yield Mutation("slice", node, ast.unparse(changed(node, slice=each)))


def _filters(node: Comprehension) -> Iterator[Mutation]:
    """A comprehension without, or with the opposite of, one of its conditions."""
    for number, clause in enumerate(node.generators):
        for index, test in enumerate(clause.ifs):
            rest = [*clause.ifs[:index], *clause.ifs[index + 1 :]]
            for ifs in (rest, [*rest, ast.UnaryOp(ast.Not(), test)]):
                clauses = [
                    *node.generators[:number],
                    changed(clause, ifs=ifs),
                    *node.generators[number + 1 :],
                ]
                yield Mutation("filter", node, ast.unparse(changed(node, generators=clauses)))
