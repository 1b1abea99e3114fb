"""Test code read as a suite; what only runs something when it is imported is left out."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.languages.python import imports, tree
from cope_lsp.languages.python.snippets import parsed
from cope_lsp.languages.python.testing.suite import Definition, Group, Helper, Step, Suite, Test

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_RAISING = ("raises", "warns", "assertRaises", "assertRaisesRegex", "assertWarns", "assertLogs")


def read(code: str, name: str) -> Suite:
    """The suite in a module's code; bare asserts become a test of `name`. Raises: SyntaxError, ValueError."""
    module = parsed(code)
    if _is_crowded(module):
        code = ast.unparse(module) + "\n"
        module = parsed(code)
    lines = code.split("\n")
    helpers: list[Helper] = []
    tests: list[Test | Group] = []
    bare: list[Step] = []
    for node, text in _pieces(lines, module.body, 0):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name.startswith("test"):
                tests.append(_test(lines, node))
            case ast.ClassDef() if runner := _runner(node):
                tests.append(_group(lines, node, runner))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                helpers.append(Helper(frozenset({node.name}), text))
            case ast.Assign() | ast.AnnAssign():
                helpers.append(Helper(frozenset(_bound(node)), text))
            case ast.Assert():
                bare.append(Step(_indented(text), checks=True))
            case _:
                pass
    if bare:
        tests.append(Test(f"test_{name}", f"def test_{name}():", tuple(bare)))
    source = tree.parse(code.encode())
    return Suite(tuple(imports.items(source)), tuple(helpers), tuple(tests))


def _is_crowded(module: ast.Module) -> bool:
    """Whether two statements share a line, so that lines cannot tell them apart."""
    for node in ast.walk(module):
        if isinstance(node, Definition) and node.body[0].lineno == node.lineno:
            return True
        if isinstance(node, ast.Module | Definition) and not _on_own_lines(node.body):
            return True
    return False


def _on_own_lines(block: Sequence[ast.stmt]) -> bool:
    return all(one.end_lineno != other.lineno for one, other in pairwise(block))


def _pieces(lines: list[str], block: Sequence[ast.stmt], start: int) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement with the text of its lines, and of the comments right above it."""
    for node in block:
        first = min([node.lineno, *(each.lineno for each in _decorators(node))]) - 1
        above = first
        while above > start and lines[above - 1].strip().startswith("#"):
            above -= 1
        start = node.end_lineno or node.lineno
        yield node, "\n".join(lines[above:start])


def _decorators(node: ast.stmt) -> list[ast.expr]:
    return node.decorator_list if isinstance(node, Definition) else []


def _runner(node: ast.ClassDef) -> str:
    """Which runner collects a class; empty: none does."""
    if any(ast.unparse(base).endswith("TestCase") for base in node.bases):
        return "unittest"
    return "pytest" if node.name.startswith("Test") else ""


def _test(lines: list[str], node: Function) -> Test:
    """A test, its steps one statement each; a docstring stays with the head."""
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
    block = node.body
    documented = isinstance(block[0], ast.Expr) and isinstance(block[0].value, ast.Constant)
    rest = block[1:] if documented and len(block) > 1 else block
    end = (block[0].end_lineno or 0) if documented and len(block) > 1 else _first_line(rest[0])
    while lines[end - 1].strip().startswith("#"):
        end -= 1
    head = "\n".join(lines[first:end]).rstrip()
    steps = tuple(Step(text, _checks(step)) for step, text in _pieces(lines, rest, end))
    return Test(node.name, head, steps)


def _first_line(node: ast.stmt) -> int:
    """The lines above a statement, by their number."""
    return min([node.lineno, *(each.lineno for each in _decorators(node))]) - 1


def _group(lines: list[str], node: ast.ClassDef, runner: str) -> Group:
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
    members = list(_pieces(lines, node.body, node.lineno))
    tests = [each for each in node.body if isinstance(each, Function) and each.name.startswith("test")]
    shared = tuple(text for each, text in members if each not in tests)
    head = "\n".join(lines[first : _first_line(node.body[0])])
    while head.rpartition("\n")[2].strip().startswith("#"):
        head = head.rpartition("\n")[0]
    return Group(node.name, head.rstrip(), shared, tuple(_test(lines, each) for each in tests), runner)


def _checks(step: ast.stmt) -> bool:
    """Whether a statement claims something: an assert, a unittest assertion, or a block that holds one."""
    match step:
        case ast.Assert():
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name.startswith("assert")
        case ast.With(items=items, body=body):
            called = [ast.unparse(item.context_expr).partition("(")[0].rpartition(".")[2] for item in items]
            return any(name in _RAISING for name in called) or any(map(_checks, body))
        case ast.For(body=body) | ast.While(body=body) | ast.If(body=body) | ast.Try(body=body):
            return any(map(_checks, body))
        case _:
            return False


def _bound(node: ast.Assign | ast.AnnAssign) -> set[str]:
    return {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line.strip() else line for line in text.split("\n"))
