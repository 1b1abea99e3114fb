"""The `Running` port for a language that is judged by its own tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cope_lsp.languages.grammar import mutants, powers
from cope_lsp.languages.toolchain.results import results
from cope_lsp.languages.toolchain.steps import invocation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.running import Environment, Example, Invocation, TestCase, Verdict, Work
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source
    from cope_lsp.languages.toolchain.results import Result
    from cope_lsp.languages.toolchain.steps import Recipe


class Tools(Protocol):
    """What each language says for itself of its tools."""

    def environment(self, root: Path, preferred: Path | None) -> Environment:
        """The project's toolchain, found without executing anything of the project."""
        ...

    def tests_for(
        self, root: Path, target_path: str, target: Target, files: Mapping[str, bytes]
    ) -> tuple[TestCase, ...]:
        """Tests that reach the target, likeliest first."""
        ...

    def checks(self, root: Path, target_path: str) -> tuple[TestCase, ...]:
        """What compilers and checkers of the project can say of a candidate before any test runs."""
        ...

    def recipe(self, environment: Environment, work: Work) -> Recipe:
        """The steps that try the work's cases: build once, then each case in a process of its own."""
        ...

    def read(self, work: Work, seen: Mapping[str, Result]) -> tuple[Verdict, ...]:
        """One verdict a case, in the order examples, tests, calls, assertions."""
        ...

    def inputs(
        self,
        source: Source,
        target: Target,
        examples: tuple[Example, ...],
        seed: int,
        texts: tuple[bytes, ...],
    ) -> tuple[str, ...]:
        """Calls of the target on generated inputs; none where the language's tests carry the evidence."""
        ...


@dataclass(frozen=True, slots=True)
class ToolRunning:
    """The port; see there for each function."""

    grammar: Grammar
    tools: Tools

    def environment(self, root: Path, preferred: Path | None) -> Environment:
        """The project's own toolchain."""
        return self.tools.environment(root, preferred)

    def tests_for(
        self, root: Path, target_path: str, target: Target, files: Mapping[str, bytes]
    ) -> tuple[TestCase, ...]:
        """Tests that reach the target."""
        return self.tools.tests_for(root, target_path, target, files)

    def checks(self, root: Path, target_path: str) -> tuple[TestCase, ...]:
        """What compilers and checkers can say."""
        return self.tools.checks(root, target_path)

    def invoke(self, environment: Environment, work: Work) -> Invocation:
        """The driver with the work's recipe."""
        return invocation(self.tools.recipe(environment, work), work)

    def verdicts(self, work: Work, records: bytes, nonce: str) -> tuple[Verdict, ...]:
        """One verdict a case, from authentic records alone."""
        return self.tools.read(work, results(records, nonce))

    def inputs(
        self,
        source: Source,
        target: Target,
        examples: tuple[Example, ...],
        seed: int,
        texts: tuple[bytes, ...] = (),
    ) -> tuple[str, ...]:
        """Calls of the target on generated inputs."""
        return self.tools.inputs(source, target, examples, seed, texts)

    def hollow(self, text: bytes, target: Target) -> bytes:
        """The file's text with a body that fails and says so."""
        return mutants.hollow(self.grammar, text, target)

    def unwritten(self, text: bytes, target: Target) -> bytes:
        """Likewise: whatever a stub gives back must not be taken for an answer."""
        return mutants.hollow(self.grammar, text, target)

    def mutants(self, text: bytes, target: Target, most: int, seed: int) -> tuple[bytes, ...]:
        """Texts with one token exchanged."""
        return mutants.mutants(self.grammar, text, target, most, seed)

    def reaches(self, before: bytes, after: bytes) -> tuple[str, ...]:
        """Ways to end the process or forge its report that `after` adds."""
        return powers.reaches(self.grammar, before, after)
