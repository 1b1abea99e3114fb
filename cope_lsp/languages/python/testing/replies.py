"""A model's reply becomes a suite that stands alone, with the target imported from the project."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.python import names, reply
from cope_lsp.languages.python.imports import Item
from cope_lsp.languages.python.snippets import statements
from cope_lsp.languages.python.testing.reading import read
from cope_lsp.languages.python.testing.suite import Group, Suite, Test, needed, written
from cope_lsp.languages.text import Patch

if TYPE_CHECKING:
    from cope_lsp.languages.testing import Tested

MOST_TESTS = 16
"""Tests of one reply beyond this many are left out."""

LONGEST = 40_000
_CUTS = 60


def suite(text: str, tested: Tested) -> Patch:
    """The text of a test file from a reply's tests, or why there is none."""
    if len(text) > LONGEST:
        return Patch(None, f"the reply is longer than {LONGEST // 1000} kB")
    found = next(filter(None, (_parsed(code, tested.target.name) for code in reply.codes(text))), None)
    if found is None:
        return Patch(None, "the reply holds no test that parses")
    found = _bounded(_distinct(_without_copy(found, tested)))
    if tested.runner != "pytest":
        found = _for_unittest(found, tested.target.name)
    found = needed(replace(found, imported=_imported(found, tested)))
    if not found.tests:
        return Patch(None, "the reply holds no test that this project's test runner could run")
    if not any(_leads_to(item, tested) for item in found.imported):
        return Patch(None, f"no test in the reply calls {tested.target.name}")
    return Patch(written(found))


def _leads_to(item: Item, tested: Tested) -> bool:
    """Whether an import is of the target, its class, or its module."""
    module = module_name(tested)
    whole = f"{item.module}.{item.name}".strip(".")
    return whole in {module, f"{module}.{tested.target.qualname.partition('.')[0]}"}


def module_name(tested: Tested) -> str:
    """What tests import the target's file as: what the test file calls it already, else by its path."""
    parts = PurePosixPath(tested.path).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    parts = parts[1:] if parts[:1] == ("src",) and len(parts) > 1 else parts
    dotted = {".".join(parts[start:]) for start in range(len(parts))}
    used = [node for node in statements(tested.existing) if isinstance(node, ast.ImportFrom)]
    known = (node.module for node in used if node.level == 0 and node.module in dotted)
    return next((module for module in known if module), ".".join(parts))


def _parsed(code: str, name: str) -> Suite | None:
    """The suite in a code; of one that was cut off, what stands before the cut."""
    lines = code.rstrip().split("\n")
    for _ in range(_CUTS):
        try:
            found = read("\n".join(lines) + "\n", name)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            lines = lines[:-1]
            continue
        return found if found.tests else None
    return None


def _without_copy(suite: Suite, tested: Tested) -> Suite:
    """Without the target, its class, or anything else of its file that the reply repeats."""
    own = set(names.defined(tested.source.tree.root_node))
    return replace(suite, helpers=tuple(each for each in suite.helpers if not each.names & own))


def _distinct(suite: Suite) -> Suite:
    """Every name once, every test's content once, every check of a test once."""
    taken: set[str] = set()
    contents: set[str] = set()
    tests: list[Test | Group] = []
    for each in suite.tests:
        if isinstance(each, Group):
            inner = tuple(_checked_once(test) for test in {test.name: test for test in each.tests}.values())
            tests += [replace(each, tests=inner)] if inner and each.name not in taken else []
            taken.add(each.name)
            continue
        content = "\n".join(step.text for step in each.steps)
        if content in contents:
            continue
        contents.add(content)
        name = _free(each.name, taken)
        taken.add(name)
        tests.append(_checked_once(renamed(each, name)))
    return replace(suite, tests=tuple(tests))


def renamed(test: Test, name: str) -> Test:
    """The test under another name."""
    head = test.head.replace(f"def {test.name}(", f"def {name}(", 1)
    return replace(test, name=name, head=head)


def _checked_once(test: Test) -> Test:
    seen: set[str] = set()
    steps = [step for step in test.steps if not step.checks or not (step.text in seen or seen.add(step.text))]
    return replace(test, steps=tuple(steps))


def _free(name: str, taken: set[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _bounded(suite: Suite) -> Suite:
    left = MOST_TESTS
    tests: list[Test | Group] = []
    for each in suite.tests:
        if isinstance(each, Group):
            tests += [replace(each, tests=each.tests[:left])] if left else []
            left -= len(each.tests[:left])
        elif left:
            tests.append(each)
            left -= 1
    return replace(suite, tests=tuple(tests))


def _for_unittest(suite: Suite, name: str) -> Suite:
    """Tests that unittest finds too: plain functions become methods, and what needs a fixture goes."""
    plain = [each for each in suite.tests if isinstance(each, Test) and f"def {each.name}()" in each.head]
    groups = [each for each in suite.tests if isinstance(each, Group) and each.runner == "unittest"]
    methods = tuple(_method(test) for test in plain)
    title = "".join(part.capitalize() for part in name.split("_"))
    own = [Group(f"Test{title}", f"class Test{title}(unittest.TestCase):", (), methods, "unittest")]
    imported = (*suite.imported, Item("unittest", "", ""))
    return replace(suite, tests=(*groups, *(own if methods else [])), imported=imported)


def _method(test: Test) -> Test:
    head = textwrap.indent(test.head.replace(f"def {test.name}()", f"def {test.name}(self)"), "    ")
    steps = tuple(replace(step, text=textwrap.indent(step.text, "    ")) for step in test.steps)
    return Test(test.name, head, steps)


def _imported(suite: Suite, tested: Tested) -> tuple[Item, ...]:
    """The imports, with what the target's file defines taken from there, whatever the reply calls it."""
    module = module_name(tested)
    own = set(names.defined(tested.source.tree.root_node))
    top = tested.target.qualname.partition(".")[0]
    from_file = [Item(module, item.name, item.alias) for item in suite.imported if item.name in own]
    others = [item for item in suite.imported if item.name not in own and not _is_guess(item, suite, own)]
    bound = {item.bound for item in (*from_file, *others)}
    used = [Item(module, name, "") for name in sorted(own) if name not in bound]
    needed_here = [item for item in used if item.name == top or item.name in _free_names(suite)]
    tools = [Item(name, "", "") for name in ("pytest", "unittest") if name not in bound]
    return tuple(dict.fromkeys((*others, *tools, *sorted((*from_file, *needed_here), key=_by_case))))


def _by_case(item: Item) -> tuple[bool, bool, str]:
    """Constants, classes, functions: the order that import sorters keep."""
    return not item.name.isupper(), not item.name[:1].isupper(), item.name


def _is_guess(item: Item, suite: Suite, own: set[str]) -> bool:
    """Whether an import is of a file that the reply made up: one it takes the target from, or a star."""
    made_up = {each.module for each in suite.imported if each.name in own}
    return item.name == "*" or (item.module in made_up and bool(item.name))


def _free_names(suite: Suite) -> set[str]:
    texts = [each.text for each in (*suite.tests, *suite.helpers)]
    found: set[str] = set()
    for text in texts:
        for statement in statements(textwrap.dedent(text)):
            found |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return found
