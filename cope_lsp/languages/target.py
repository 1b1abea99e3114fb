"""What may be written, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cope_lsp.languages.text import Span


@dataclass(frozen=True, slots=True)
class Target:
    """A function or method that may be written, found in one version of a text.

    `span` covers the whole definition with decorators; `signature` from `def` (or `async def`) to
    the colon; `body` the block after it, docstring included. `indent` is the white space before
    `def`; `body_indent` that of its block. `stub`: the body does nothing yet (`...`, `pass`, `raise
    NotImplementedError`, TODO). `offerable` is False where writing a body makes no sense (Protocol,
    abstract, overload, `.pyi`).
    """

    name: str
    qualname: str
    span: Span
    signature: Span
    body: Span
    docstring: Span | None
    indent: str
    body_indent: str
    parents: tuple[str, ...]
    is_async: bool
    stub: bool
    offerable: bool
    parses: bool


class Head(StrEnum):
    """What becomes of a definition's decorators, signature and docstring when its body is written.

    FIXED: they stay word for word. FREE: the reply's are taken where it gives them, because the
    instruction asks for that.
    """

    FIXED = "fixed"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Instruction:
    """A `cope:` comment: its text without the marker, and the lines to remove once it is done."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Imported:
    """A name the target uses that another file of the project may define.

    `symbol` is its name there (empty: the whole module); `paths` are where it may live, relative to
    the root, likeliest first; the last part may be a pattern (`shop/*.go`).
    """

    name: str
    symbol: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a reader of the target looks at.

    `scope` is the enclosing class or function in outline: header, fields, siblings' signatures.
    `definitions` are those of the same file that the target uses, in the file's order.
    """

    imports: str
    scope: str
    definitions: tuple[str, ...]
    imported: tuple[Imported, ...]
