"""The `Syntax` port for any language that is described by a `Grammar`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar import contract, imports, powers, surroundings, targets, test_index
from cope_lsp.languages.grammar.complete import complete
from cope_lsp.languages.grammar.grammar import reader
from cope_lsp.languages.grammar.instructions import instruction_at
from cope_lsp.languages.target import Head
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.running import Example
    from cope_lsp.languages.target import Instruction, Surroundings, Target
    from cope_lsp.languages.text import Patch, Source, TextChange


@dataclass(frozen=True, slots=True)
class GrammarSyntax:
    """The port; see there for each function."""

    grammar: Grammar

    @property
    def parser_name(self) -> tuple[str, str]:
        """What gives tree-sitter's grammar, and what finds the parts of a text that it must not see."""
        load, unread = self.grammar.load, self.grammar.unread
        return f"{load.__module__}:{load.__qualname__}", f"{unread.__module__}:{unread.__qualname__}"

    def parse(self, text: bytes) -> Source:
        """Parse from nothing."""
        return trees.parse(reader(self.grammar), text)

    def reparse(self, previous: Source, text: bytes, changes: tuple[TextChange, ...]) -> Source:
        """Parse the next version, reusing the previous tree."""
        return trees.reparse(reader(self.grammar), previous, text, changes)

    def target_at(self, source: Source, span: Span) -> Target | None:
        """The innermost definition that holds `span`."""
        return targets.target_at(self.grammar, source, span)

    def target_named(self, source: Source, qualname: str) -> Target | None:
        """The definition of that qualified name."""
        return targets.target_named(self.grammar, source, qualname)

    def targets(self, source: Source) -> tuple[Target, ...]:
        """All definitions, outermost first."""
        return targets.targets(self.grammar, source)

    def twin(self, before: Source, target: Target, after: Source) -> Target | None:
        """The same definition in the next version, also where several share its name."""
        return targets.twin(self.grammar, before, target, after)

    def instruction_at(self, source: Source, span: Span) -> Instruction | None:
        """The `cope:` comment inside or right above `span`."""
        return instruction_at(self.grammar, source, span)

    def examples(self, source: Source, target: Target) -> tuple[Example, ...]:
        """What the target's documentation says it must do."""
        return self.grammar.documented(source, target)

    def assertions(self, text: str, target: Target) -> tuple[Example, ...]:  # noqa: ARG002 -- the port's signature
        """None: these languages' self-made tests are not read."""
        return ()

    def with_example(self, source: Source, target: Target, call: str, shown: str) -> bytes | None:  # noqa: ARG002 -- the port's signature
        """None: an example has no place in these languages' documentation."""
        return None

    def surroundings(self, source: Source, target: Target, path: str) -> Surroundings:
        """What a reader of the target looks at."""
        return surroundings.surroundings(self.grammar, source, target, path)

    def definition(self, source: Source, name: str) -> str:
        """The definition of a name as another file sees it."""
        return surroundings.definition(self.grammar, source, name)

    def test_text(self, source: Source, case: str) -> str:
        """The text of a test of this file by its runner's id."""
        return test_index.text_of(self.grammar, source, case)

    def complete(self, source: Source, target: Target, reply: str, head: Head = Head.FIXED) -> Patch:
        """Put a model's reply into the file in place of `target`."""
        return complete(self.grammar, source, target, reply, head)

    def breaches(
        self, before: Source, target: Target, after: Source, head: Head = Head.FIXED
    ) -> tuple[str, ...]:
        """How the text `after` breaks the contract."""
        return contract.breaches(self.grammar, before, target, after, head)

    def editable(self, source: Source, target: Target) -> tuple[Span, ...]:
        """Where an edit of the target may touch the file: import block, `cope:` comment, target."""
        marker = instruction_at(self.grammar, source, Span(target.span.start, target.span.start))
        start = target.span.start
        if marker is not None and marker.span.end <= start:
            start = marker.span.start
        block = imports.block(self.grammar, source)
        whole = Span(start, target.span.end)
        return (whole,) if block.end > start else (block, whole)

    def powers(self, before: Source, after: Source) -> tuple[str, ...]:
        """What the new text can do that the old could not."""
        return powers.powers(self.grammar, before, after)
