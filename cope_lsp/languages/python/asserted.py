"""One assertion as an example: which side is the call, and what it must give."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeGuard

from cope_lsp.languages.running import Example

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cope_lsp.languages.target import Target

LONGEST = 2000
"""Characters of one assertion; what is longer is no test but noise."""

TOLERANCE = "1e-06"


def of_test(test: ast.expr, target: Target) -> Iterator[Example]:
    """What `assert test` demands of the target; nothing where it does not call it."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for part in test.values:
            yield from of_test(part, target)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _truth(test.operand, target, "False")
    elif isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq | ast.Is):
        yield from _equal(test.left, test.comparators[0], target)
    else:
        yield from _truth(test, target, "True")


def of_method(call: ast.Call, target: Target) -> Iterator[Example]:
    """The same for `self.assertEqual(f(1), 2)` and its like."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    read = _METHODS.get(name)
    if read is not None and len(call.args) >= read[0]:
        yield from read[1](call.args, target)


def raising(call: ast.expr, kind: ast.expr, target: Target) -> Iterator[Example]:
    """A call that must raise."""
    names = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    if calls(call, target) and len(names) == 1:
        yield from _bounded(ast.unparse(call), "", ast.unparse(names[0]).rpartition(".")[2])


def calls(node: ast.AST, target: Target) -> bool:
    """Whether the target is called somewhere in it; a method by its name, `__init__` by its class."""
    owner = target.parents[-1] if target.parents else ""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and inner.attr == target.name and owner:
            return True
        if isinstance(inner, ast.Name) and inner.id == owner and target.name.startswith("__"):
            return True
        if not owner and isinstance(inner, ast.Call) and ast.unparse(inner.func) == target.name:
            return True
    return False


def _equal(left: ast.expr, right: ast.expr, target: Target) -> Iterator[Example]:
    if not calls(left, target):
        left, right = right, left
    if not calls(left, target):
        return
    if calls(right, target):
        if ast.unparse(left) != ast.unparse(right):
            yield from _bounded(f"{ast.unparse(left)} == {ast.unparse(right)}", "True")
    elif _is_approximate(right):
        yield from _near([left, right.args[0]], target)
    else:
        yield from _bounded(ast.unparse(left), ast.unparse(right))


def _is_approximate(value: ast.expr) -> TypeGuard[ast.Call]:
    """`approx(2.5)`, also `pytest.approx(2.5)`."""
    return (
        isinstance(value, ast.Call)
        and ast.unparse(value.func).rpartition(".")[2] == "approx"
        and len(value.args) > 0
    )


def _near(sides: list[ast.expr], target: Target) -> Iterator[Example]:
    left, right = sides[:2]
    if calls(left, target) != calls(right, target):
        yield from _bounded(f"abs({ast.unparse(left)} - ({ast.unparse(right)})) <= {TOLERANCE}", "True")


def _truth(test: ast.expr, target: Target, wanted: str) -> Iterator[Example]:
    if not calls(test, target):
        return
    text = ast.unparse(test)
    yield from _bounded(text if isinstance(test, ast.Compare) else f"bool({text})", wanted)


def _bounded(call: str, expected: str, raises: str = "") -> Iterator[Example]:
    if len(call) + len(expected) <= LONGEST:
        yield Example(call, expected, raises=raises, form="==")


def _operator(symbol: type[ast.cmpop]) -> Callable[[list[ast.expr], Target], Iterator[Example]]:
    def read(sides: list[ast.expr], target: Target) -> Iterator[Example]:
        yield from of_test(ast.Compare(sides[0], [symbol()], [sides[1]]), target)

    return read


_EQUALS = (
    *("assertEqual", "assertEquals", "assertListEqual", "assertDictEqual", "assertTupleEqual"),
    *("assertSetEqual", "assertSequenceEqual", "assertMultiLineEqual", "assertIs"),
)

_METHODS: dict[str, tuple[int, Callable[[list[ast.expr], Target], Iterator[Example]]]] = {
    **dict.fromkeys(_EQUALS, (2, lambda sides, target: _equal(sides[0], sides[1], target))),
    "assertAlmostEqual": (2, _near),
    "assertAlmostEquals": (2, _near),
    "assertTrue": (1, lambda sides, target: _truth(sides[0], target, "True")),
    "assertFalse": (1, lambda sides, target: _truth(sides[0], target, "False")),
    "assertIsNone": (1, lambda sides, target: _equal(sides[0], ast.Constant(None), target)),
    "assertNotEqual": (2, _operator(ast.NotEq)),
    "assertIn": (2, _operator(ast.In)),
    "assertNotIn": (2, _operator(ast.NotIn)),
    "assertGreater": (2, _operator(ast.Gt)),
    "assertLess": (2, _operator(ast.Lt)),
    "assertGreaterEqual": (2, _operator(ast.GtE)),
    "assertLessEqual": (2, _operator(ast.LtE)),
}
