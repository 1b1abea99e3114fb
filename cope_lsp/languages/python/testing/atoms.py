"""Each check of a suite in a test of its own, so that one false claim does not take true ones with it."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.languages.python.snippets import statements
from cope_lsp.languages.python.testing.suite import Group, Step, Suite, Test, names_in, needed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

_MARK = "__check_"


def split(suite: Suite) -> Suite:
    """The suite with every test split into its checks; `of` finds the way back by the names."""
    return _mapped(suite, lambda test, _: tuple(_split(test)))


def kept(suite: Suite, names: Collection[str]) -> Suite:
    """The suite with the checks alone whose split tests are named, as `test` or `Class.test`."""
    return needed(_mapped(suite, lambda test, owner: tuple(_kept(test, owner, names))))


def without(suite: Suite, names: Collection[str]) -> Suite:
    """The suite without the tests of these names, `test` or `Class.test`."""
    return needed(_mapped(suite, lambda test, owner: () if f"{owner}{test.name}" in names else (test,)))


def _mapped(suite: Suite, change: Callable[[Test, str], tuple[Test, ...]]) -> Suite:
    """The suite with each test changed into others, given its owner as a prefix; empty classes go."""
    tests: list[Test | Group] = []
    for each in suite.tests:
        if isinstance(each, Group):
            inner = tuple(test for one in each.tests for test in change(one, f"{each.name}."))
            tests += [replace(each, tests=inner)] if inner else []
        else:
            tests += change(each, "")
    return replace(suite, tests=tuple(tests))


def _checks(test: Test) -> list[int]:
    return [number for number, step in enumerate(test.steps) if step.checks]


def _split(test: Test) -> Iterator[Test]:
    for number in _checks(test):
        name = f"{test.name}{_MARK}{number}"
        head = re.sub(rf"\bdef {test.name}\b", f"def {name}", test.head)
        steps = (*(step for step in test.steps[:number] if not step.checks), test.steps[number])
        yield Test(name, head, steps)


def _kept(test: Test, owner: str, names: Collection[str]) -> Iterator[Test]:
    wanted = [number for number in _checks(test) if f"{owner}{test.name}{_MARK}{number}" in names]
    if not wanted:
        return
    steps = [
        step
        for number, step in enumerate(test.steps[: wanted[-1] + 1])
        if number in wanted or not step.checks
    ]
    yield replace(test, steps=tuple(_used(steps)))


def _used(steps: list[Step]) -> list[Step]:
    """Without assignments whose names no later step reads."""
    used: list[Step] = []
    for step in reversed(steps):
        bound = _assigned(step.text)
        if step.checks or not bound or any(bound & names_in(later.text) for later in used):
            used.insert(0, step)
    return used


def _assigned(text: str) -> set[str]:
    """The names that an assignment of plain names binds; none for any other statement."""
    found = statements(textwrap.dedent(text))
    node = found[0] if len(found) == 1 else None
    if not isinstance(node, ast.Assign):
        return set()
    bound = [each for target in node.targets for each in _flat(target)]
    names = {each.id for each in bound if isinstance(each, ast.Name)}
    return names if len(names) == len(bound) else set()


def _flat(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, ast.Tuple | ast.List) else [target]
