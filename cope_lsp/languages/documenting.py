"""The port for a language's documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cope_lsp.languages.running import Example
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Patch, Source, Span


class Documenting(Protocol):
    """How a language documents a function in its own text; what is written there never changes the code."""

    def documented(self, source: Source, target: Target, reply: str, marker: Span | None = None) -> Patch:
        """The file's text with a reply's documentation of the target; the `cope:` comment `marker` goes."""
        ...

    def same_code(self, before: Source, target: Target, after: Source) -> bool:
        """Whether `after` differs in the target's documentation alone; comments count as code."""
        ...

    def claims(self, source: Source, target: Target) -> tuple[Example, ...]:
        """What the documentation shows, strictly read: also calls shown without a result."""
        ...

    def strangers(self, source: Source, target: Target) -> tuple[str, ...]:
        """Names that the documentation describes as parameters, and that are none."""
        ...

    def reply_format(self, source: Source, target: Target) -> str:
        """What a model is told of how to answer, with examples that can be run where there can be some."""
        ...

    def models(self, source: Source, target: Target) -> tuple[str, ...]:
        """Documentation of other functions of the file, for a writer to follow in style."""
        ...

    def gives_value(self, source: Source, target: Target) -> bool:
        """Whether the target gives something back, so that an example can show what it does."""
        ...
