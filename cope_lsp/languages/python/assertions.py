"""Tests that a model wrote for a function, read into examples: asserts, unittest's methods, doctests."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.languages.python import asserted, doctests, snippets
from cope_lsp.languages.python.inline_examples import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cope_lsp.languages.running import Example
    from cope_lsp.languages.target import Target

MOST = 40
"""Assertions of one text beyond this many are left out."""

LONGEST = 40_000
"""Characters of one text that are looked at."""

LINES = 16
"""Most lines over which one assertion may run."""

ROWS = 20
"""Rows of one parametrisation or loop."""

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*\n(.*?)(?:^[ \t]*(?:```|~~~)|\Z)", re.DOTALL | re.MULTILINE)
_OPENING = re.compile(r"(?:assert\b|self\.assert|with\b|for\b|[A-Za-z_]\w*\s*=[^=])")

_ALONE = re.compile(r"^assert[ \t]*\n[ \t]+(?=\S)", re.MULTILINE)
"""An `assert` that stands alone on its line."""

_BLANK = re.compile(r"_{2,}")
"""A gap that a model left to be filled in."""

_ASSIGNS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Import, ast.ImportFrom)


def assertions(text: str, target: Target) -> tuple[Example, ...]:
    """What the text says the target must do, nothing twice; at most `MOST`.

    The text may be a reply with fences and prose, or go on where a prompt ended with `assert`. An
    assertion that does not parse is left out, and so is one that does not call the target.
    """
    blocks = _FENCE.findall(text[:LONGEST]) or [text[:LONGEST]]
    found: dict[Example, None] = {}
    for block in blocks:
        for example in _of_block(block, target):
            if not any(map(_is_blank, snippets.read(f"{example.call}, {example.expected or None}"))):
                found.setdefault(example)
            if len(found) == MOST:
                return tuple(found)
    return tuple(found)


def _of_block(block: str, target: Target) -> Iterator[Example]:
    if ">>>" in block:
        reader = Reader(target.name, target.parents[-1] if target.parents else "", "", frozenset())
        yield from doctests.read(textwrap.dedent(block), reader)
    block = _ALONE.sub("assert ", block)
    whole = snippets.statements(textwrap.dedent(block))
    parts = [whole] if whole else list(_pieces(block, target))
    yield from _of_body([each for part in parts for each in _local(part, target)], (), target)


def _pieces(block: str, target: Target) -> Iterator[list[ast.stmt]]:
    """The statements that parse, of a text that does not as a whole; what opens it may lack its `assert`."""
    lines = block.splitlines()
    start = 0
    while start < len(lines):
        line = lines[start].strip()
        if start == 0 or not any(lines[:start]):
            line = f"assert {line}" if line.startswith(target.name) else line
        if not _OPENING.match(line):
            start += 1
            continue
        length, statements = _parsing([line, *lines[start + 1 : start + LINES]], lines[start])
        yield statements
        start += length


def _parsing(lines: list[str], first: str) -> tuple[int, list[ast.stmt]]:
    """The fewest lines from the first on that parse, and their statements; one line and none otherwise."""
    margin = first[: len(first) - len(first.lstrip())]
    text = lines[0]
    for length in range(1, len(lines) + 1):
        if length > 1:
            following = lines[length - 1].removeprefix(margin)
            if _OPENING.match(following) and not text.rstrip().endswith(":"):
                break
            text = f"{text}\n{following}"
        statements = snippets.statements(text)
        if statements:
            return length, statements
    return 1, []


def _local(statements: list[ast.stmt], target: Target) -> list[ast.stmt]:
    """The statements with the target under its own name: not `candidate`, nor a module's attribute."""
    return [_OwnName(target).visit(statement) for statement in statements]


class _OwnName(ast.NodeTransformer):
    def __init__(self, target: Target) -> None:
        self.target = target

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self.target.name, node.ctx) if node.id == "candidate" else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=ast.Name(), attr=self.target.name) if not self.target.parents:
                node.func = ast.Name(self.target.name, ast.Load())
            case _:
                pass
        return node


def _of_body(body: Sequence[ast.stmt], setup: tuple[str, ...], target: Target) -> Iterator[Example]:
    """The assertions of statements that run one after the other; what they assign is their setup."""
    for statement in body:
        if isinstance(statement, _ASSIGNS):
            setup = (*setup, ast.unparse(statement))
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            for row in _parametrised(statement) or [()]:
                yield from _of_body(statement.body, (*setup, *row), target)
        elif isinstance(statement, ast.ClassDef | ast.If | ast.Try):
            yield from _of_body(statement.body, setup, target)
        elif isinstance(statement, ast.For):
            for row in _rows(ast.unparse(statement.target), statement.iter):
                yield from _of_body(statement.body, (*setup, *row), target)
        else:
            for example in _of_statement(statement, target):
                yield replace(example, setup=_needed(setup, f"{example.call}, ({example.expected or None})"))


def _of_statement(statement: ast.stmt, target: Target) -> Iterator[Example]:
    match statement:
        case ast.Assert(test=test):
            yield from asserted.of_test(test, target)
        case ast.Expr(value=ast.Compare() as test):
            yield from asserted.of_test(test, target)
        case ast.Expr(value=ast.Tuple(elts=[ast.Compare() as test, ast.Constant(value=str())])):
            yield from asserted.of_test(test, target)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="assertRaises" | "raises")) as call):
            if len(call.args) > 1:
                made = ast.Call(call.args[1], call.args[2:], call.keywords)
                yield from asserted.raising(made, call.args[0], target)
        case ast.Expr(value=ast.Call() as call):
            yield from asserted.of_method(call, target)
        case ast.With(
            items=[ast.withitem(context_expr=ast.Call(func=ast.Attribute(attr=name), args=[kind, *_]))],
            body=[ast.Expr(value=call) | ast.Assign(value=call)],
        ) if name in ("raises", "assertRaises", "assertRaisesRegex"):
            yield from asserted.raising(call, kind, target)
        case _:
            return


def _is_blank(name: str) -> bool:
    return _BLANK.fullmatch(name) is not None


def _parametrised(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[tuple[str, ...]]:
    """The rows of `@pytest.mark.parametrize("x, wanted", [...])` as assignments."""
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(
                func=ast.Attribute(attr="parametrize"), args=[ast.Constant(value=str(names)), rows, *_]
            ):
                return _rows(names, rows)
            case _:
                continue
    return []


def _rows(names: str, rows: ast.expr) -> list[tuple[str, ...]]:
    items = rows.elts if isinstance(rows, ast.List | ast.Tuple) else []
    return [(f"{names} = {ast.unparse(item)}",) for item in items[:ROWS]]


def _needed(setup: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The lines of a setup that an expression depends on."""
    if not setup:
        return ()
    wanted, kept = snippets.read(text), list[str]()
    for line in reversed(setup):
        if snippets.bound(line) & wanted:
            kept.append(line)
            wanted |= snippets.read(line)
    return tuple(reversed(kept))
