"""The `Testing` port for Python; this module itself is the implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.python.testing import atoms
from cope_lsp.languages.python.testing.files import merged, place, tests
from cope_lsp.languages.python.testing.reading import read
from cope_lsp.languages.python.testing.replies import suite
from cope_lsp.languages.python.testing.suite import written

if TYPE_CHECKING:
    from collections.abc import Collection

    from cope_lsp.languages.target import Target

__all__ = ["is_test", "kept", "merged", "place", "split", "suite", "tests", "without"]

_SET_UP = {"setUp", "tearDown", "setUpClass", "tearDownClass", "setup_method", "teardown_method"}


def is_test(target: Target) -> bool:
    """By the names that pytest and unittest go by."""
    scope = target.parents[-1] if target.parents else ""
    return target.name.startswith("test") or scope.startswith("Test") or target.name in _SET_UP


def split(suite: str) -> str:
    """The suite with each check in a test of its own."""
    return written(atoms.split(read(suite, "")))


def kept(suite: str, names: Collection[str]) -> str:
    """The suite with only those checks whose tests in `split` are named; empty where none is left."""
    left = atoms.kept(read(suite, ""), names)
    return written(left) if left.tests else ""


def without(suite: str, names: Collection[str]) -> str:
    """The suite without the tests of these names; empty where none is left."""
    left = atoms.without(read(suite, ""), names)
    return written(left) if left.tests else ""
