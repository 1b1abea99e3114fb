"""A code request as a value: what is to be written where, and all that was known when it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Problem
    from cope_lsp.languages.language import Language
    from cope_lsp.languages.running import Example, TestCase
    from cope_lsp.languages.target import Instruction, Target
    from cope_lsp.languages.text import Span
    from cope_lsp.workspace.snapshot import Document, Snapshot


class RequestKind(StrEnum):
    """What the user asks for."""

    IMPLEMENT = "implement"
    EDIT = "edit"
    FIX = "fix"
    TESTS = "tests"
    DOCUMENT = "document"
    EXPLAIN = "explain"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Another server's finding, as it reached us: which tool, which rule, where (bytes), what it says."""

    source: str
    code: str
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be asked at a place.

    Cheap to make, nothing is read from disk and no model is touched.
    """

    kind: RequestKind
    target: Target
    title: str
    instruction: Instruction | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """An offer taken up: on one version of one document of one project."""

    kind: RequestKind
    language: Language
    document: Document
    snapshot: Snapshot
    target: Target
    instruction: str = ""
    marker: Span | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """A request with all that judges it; `problem` is what the cascade sees."""

    request: Request
    problem: Problem
    examples: tuple[Example, ...] = ()
    tests: tuple[TestCase, ...] = ()
    sent_files: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Hunk:
    """One replacement: `old` is the text that must still stand at `span` of the request's document."""

    span: Span
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A minimal change to one document, with the whole text that results.

    `flags` name what the new code can do that the old could not (network, process, eval, …;
    security part 3.2). Where another file than the request's is edited, `made_for` is its text, open or
    on disk, and `creates` says that there is no such file yet (then `made_for` is empty, and one hunk
    holds it all).
    """

    uri: str
    version: int | None
    hunks: tuple[Hunk, ...]
    new_text: str
    flags: tuple[str, ...] = ()
    made_for: str | None = None
    creates: bool = False
