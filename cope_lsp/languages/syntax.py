"""The port for reading and rewriting a language's text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cope_lsp.languages.target import Head

if TYPE_CHECKING:
    from cope_lsp.languages.running import Example
    from cope_lsp.languages.target import Instruction, Surroundings, Target
    from cope_lsp.languages.text import Patch, Source, Span, TextChange


class Syntax(Protocol):
    """Reading and rewriting a language's text."""

    @property
    def parser_name(self) -> tuple[str, str]:
        """By `module:name`, what gives tree-sitter's grammar and what finds what it must not see."""
        ...

    def parse(self, text: bytes) -> Source:
        """Parse from nothing."""
        ...

    def reparse(self, previous: Source, text: bytes, changes: tuple[TextChange, ...]) -> Source:
        """Parse the next version, reusing the previous tree."""
        ...

    def target_at(self, source: Source, span: Span) -> Target | None:
        """The innermost definition that holds `span`."""
        ...

    def target_named(self, source: Source, qualname: str) -> Target | None:
        """The definition of that qualified name."""
        ...

    def targets(self, source: Source) -> tuple[Target, ...]:
        """All definitions, outermost first."""
        ...

    def twin(self, before: Source, target: Target, after: Source) -> Target | None:
        """The same definition in the next version, also where several share its name."""
        ...

    def instruction_at(self, source: Source, span: Span) -> Instruction | None:
        """The `cope:` comment inside or right above `span`."""
        ...

    def examples(self, source: Source, target: Target) -> tuple[Example, ...]:
        """What the target's docstring says it must do."""
        ...

    def assertions(self, text: str, target: Target) -> tuple[Example, ...]:
        """The tests of a target that a model wrote, fenced or not; what cannot be read gives nothing."""
        ...

    def with_example(self, source: Source, target: Target, call: str, shown: str) -> bytes | None:
        """The file's text with one more example in the target's documentation; None where it has no place."""
        ...

    def surroundings(self, source: Source, target: Target, path: str) -> Surroundings:
        """What a reader of the target looks at; `path` is the file's, relative to the project's root."""
        ...

    def definition(self, source: Source, name: str) -> str:
        """The definition of a name as another file sees it: signatures and docstrings. Empty: none."""
        ...

    def test_text(self, source: Source, case: str) -> str:
        """The text of a test of this file by its runner's id, at the margin. Empty: it is not found."""
        ...

    def complete(self, source: Source, target: Target, reply: str, head: Head = Head.FIXED) -> Patch:
        """Put a model's reply into the file in place of `target`.

        Fences, prose, a repeated signature, indentation, imports; the `cope:` comment goes.
        """
        ...

    def breaches(
        self, before: Source, target: Target, after: Source, head: Head = Head.FIXED
    ) -> tuple[str, ...]:
        """How the text `after` breaks the contract.

        Syntax, changed signature, lost symbols, placeholders. Empty: none.
        """
        ...

    def editable(self, source: Source, target: Target) -> tuple[Span, ...]:
        """Where an edit of the target may touch the file.

        The target with its `cope:` comment, and the import block; ordered, without overlap.
        """
        ...

    def powers(self, before: Source, after: Source) -> tuple[str, ...]:
        """What the new text can do that the old could not: network, process, eval, … (security part 3.2)."""
        ...
