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

__all__ = ["kept", "merged", "place", "split", "suite", "tests", "without"]


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
