"""The port for tests that a model wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cope_lsp.languages.running import TestCase
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Patch, Source


@dataclass(frozen=True, slots=True)
class Tested:
    """What tests are written for: a target of the file at `path`, relative to the project's root.

    `runner` runs them. `existing` is the text of the file that they will stand in; empty: a new one.
    """

    __test__ = False

    path: str
    source: Source
    target: Target
    runner: str
    existing: str = ""


class Testing(Protocol):
    """Test files of a language: read from replies, taken apart, put where the project keeps its tests.

    A suite is the text of a test file that stands alone.
    """

    def is_test(self, target: Target) -> bool:
        """Whether a definition is a test itself, or prepares some."""
        ...

    def place(self, path: str, tests: tuple[TestCase, ...], exists: Callable[[str], bool]) -> str:
        """Where tests of the file at `path` stand or would stand; `tests` are those that reach the target."""
        ...

    def suite(self, text: str, tested: Tested) -> Patch:
        """The suite in a reply, its imports set right, or why there is none."""
        ...

    def split(self, suite: str) -> str:
        """The suite with each check in a test of its own."""
        ...

    def kept(self, suite: str, names: Collection[str]) -> str:
        """The suite with only those checks whose tests in `split` are named; empty where none is left."""
        ...

    def without(self, suite: str, names: Collection[str]) -> str:
        """The suite without the tests of these names; empty where none is left."""
        ...

    def tests(self, suite: str, path: str) -> tuple[TestCase, ...]:
        """The suite's tests, were it the file at `path`."""
        ...

    def merged(self, existing: str, suite: str) -> Patch:
        """A test file's text with the suite added to it, or why that cannot be."""
        ...
