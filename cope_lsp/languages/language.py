"""A programming language: its conventions, and the ports that it implements."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cope_lsp.languages.documenting import Documenting
    from cope_lsp.languages.formatting import Formatting
    from cope_lsp.languages.running import Running
    from cope_lsp.languages.syntax import Syntax
    from cope_lsp.languages.testing import Testing


class Rooted(StrEnum):
    """Which of several nested folders with a marker is the project.

    OUTERMOST where packages stand in workspaces that hold what they share.
    """

    NEAREST = "nearest"
    OUTERMOST = "outermost"


@dataclass(frozen=True, slots=True)
class Language:
    """One programming language: its conventions, its syntax, and how it runs.

    `declarations` are suffixes of files that only declare, where nothing is offered; `test_setup` are
    names of files that prepare the tests of their folder and of those below; `test_files` are patterns of
    names of files that may hold tests. `reads_tests`: assertions that a model writes can be read.
    """

    id: str
    suffixes: tuple[str, ...]
    root_markers: tuple[str, ...]
    line_comment: str
    syntax: Syntax
    running: Running
    name: str = ""
    declarations: tuple[str, ...] = ()
    test_setup: tuple[str, ...] = ()
    formatting: Formatting | None = None
    documenting: Documenting | None = None
    testing: Testing | None = None
    test_files: tuple[str, ...] = ()
    rooted: Rooted = Rooted.NEAREST
    reads_tests: bool = False
