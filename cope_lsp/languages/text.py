"""Texts and their trees. Offsets are bytes of the UTF-8 text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Tree


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of bytes."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Whether `other` lies inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Source:
    """One version of a file as bytes with its tree; `reparse` makes the next one from it incrementally.

    `given_up`: parsing took too long, and the tree is that of a broken text without any content.
    """

    text: bytes
    tree: Tree
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class TextChange:
    """Bytes `start:old_end` of the previous text became `start:new_end` of the next."""

    start: int
    old_end: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Patch:
    """A reply turned into text: the file's new text, or why it could not be (`problem`)."""

    text: str | None
    problem: str = ""
