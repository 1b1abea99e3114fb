"""A suite of tests as a value, and its text."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.languages.python import imports, tree
from cope_lsp.languages.python.snippets import statements

if TYPE_CHECKING:
    from collections.abc import Iterable

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of a test with the comments above it; `checks`: it claims something."""

    text: str
    checks: bool


@dataclass(frozen=True, slots=True)
class Test:
    """A test function or method: `head` are its decorators and its `def`."""

    __test__ = False

    name: str
    head: str
    steps: tuple[Step, ...]

    @property
    def text(self) -> str:
        """The whole definition."""
        return "\n".join((self.head, *(step.text for step in self.steps)))


@dataclass(frozen=True, slots=True)
class Group:
    """A class of tests; `shared` are its other members, such as `setUp`."""

    name: str
    head: str
    shared: tuple[str, ...]
    tests: tuple[Test, ...]
    runner: str

    @property
    def text(self) -> str:
        """The whole class."""
        return f"{self.head}\n" + "\n\n".join((*self.shared, *(test.text for test in self.tests)))


@dataclass(frozen=True, slots=True)
class Helper:
    """A definition or assignment that tests use, by the names it binds."""

    names: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Suite:
    """All of a test file that counts: what it imports, helpers, tests."""

    imported: tuple[imports.Item, ...]
    helpers: tuple[Helper, ...]
    tests: tuple[Test | Group, ...]


def needed(suite: Suite) -> Suite:
    """The suite without the helpers and imports that its tests do not use."""
    used = _names(each.text for each in suite.tests)
    kept: list[Helper] = []
    left = list(suite.helpers)
    while fresh := [helper for helper in left if helper.names & used]:
        kept += fresh
        left = [helper for helper in left if helper not in fresh]
        used |= _names(helper.text for helper in fresh)
    helpers = tuple(helper for helper in suite.helpers if helper in kept)
    imported = tuple(item for item in suite.imported if item.bound in used or item.module == "__future__")
    return replace(suite, imported=imported, helpers=helpers)


def body(suite: Suite) -> str:
    """The text without the imports: values first, then definitions two blank lines apart."""
    values = [helper.text for helper in suite.helpers if not _defines(helper)]
    definitions = [helper.text for helper in suite.helpers if _defines(helper)]
    first = ["\n".join(values)] if values else []
    return "\n\n\n".join([*first, *definitions, *(each.text for each in suite.tests)]) + "\n"


def written(suite: Suite) -> str:
    """The text of a file that holds the suite alone."""
    head = imports.add(tree.parse(b""), imports.render(suite.imported)).decode().rstrip()
    return f"{head}\n\n\n{body(suite)}" if head else body(suite)


def names_in(text: str) -> set[str]:
    """Identifiers in a piece of code at any indentation; parameters count, since fixtures come by them."""
    found: set[str] = set()
    for node in (node for statement in statements(textwrap.dedent(text)) for node in ast.walk(statement)):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name):
                found.add(name)
            case ast.Constant(value=str(name)) if name.isidentifier():
                found.add(name)
            case _:
                pass
    return found


def _names(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in names_in(text)}


def _defines(helper: Helper) -> bool:
    return any(isinstance(node, Definition) for node in statements(helper.text))
