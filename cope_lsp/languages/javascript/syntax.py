"""Reading and rewriting as any grammar says, but a reply's imports are put into the file's manner first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import matches
from cope_lsp.languages.grammar.syntax import GrammarSyntax
from cope_lsp.languages.javascript.imports import DEFAULT, NAMESPACE, Name, statements
from cope_lsp.languages.target import Head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.javascript.imports import Statement
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Patch, Source

_MODULE = re.compile(r"^\s*(?:import\b(?!\s*\()|export\b)", re.MULTILINE)
_COMMON = re.compile(r"\brequire\(|\bmodule\.exports\b|\bexports\.\w+\s*=")


@dataclass(frozen=True, slots=True)
class ModuleSyntax(GrammarSyntax):
    """The port; see there for each function."""

    def complete(self, source: Source, target: Target, reply: str, head: Head = Head.FIXED) -> Patch:
        """Put a reply into the file; what it imports in the manner of the file, and no name twice."""
        return GrammarSyntax.complete(self, source, target, self._at_home(source, reply), head)

    def _at_home(self, source: Source, reply: str) -> str:
        """The reply with each import as the file would write it, without names that the file has."""
        text = reply.replace("\r\n", "\n")
        found = sorted(statements(text), key=lambda each: each[0].start(), reverse=True)
        if not found:
            return reply
        known, own = set(self._known(source)), source.text.decode("utf-8", "replace")
        for match, statement in found:
            new = [name for name in statement.names if name.local not in known]
            written = "" if statement.names and not new else _written(statement, new, own, match[0])
            text = text[: match.start()] + written + text[match.end() :]
        return text

    def _known(self, source: Source) -> Iterator[str]:
        """Names that the file declares or imports."""
        for match in matches(self.grammar, "references", source.tree.root_node):
            if "import" in match.nodes:
                yield from self.grammar.bound(trees.node_text(match.nodes["import"]))
            elif "declared" in match.nodes:
                declaration = match.nodes["declaration"]
                if declaration.parent is None or declaration.parent.type == "program":
                    yield trees.node_text(match.nodes["declared"])


def _written(statement: Statement, names: list[Name], file: str, as_it_was: str) -> str:
    """A statement in the manner of a file: `import` in modules, `require` elsewhere."""
    common = _COMMON.search(file) is not None and _MODULE.search(file) is None
    if common == statement.required and len(names) == len(statement.names):
        return as_it_was
    end = ";" if as_it_was.rstrip().endswith(";") else ""
    if common:
        return "\n".join(f"{line}{end}" for line in _requires(statement.module, names))
    return (
        f"import {'type ' if statement.types else ''}{_clause(names)} from {_quoted(statement.module)}{end}"
    )


def _requires(module: str, names: list[Name]) -> Iterator[str]:
    whole = [name.local for name in names if name.symbol in (NAMESPACE, DEFAULT)]
    listed = [_as(name, ": ") for name in names if name.symbol not in (NAMESPACE, DEFAULT)]
    yield from (f"const {name} = require({_quoted(module)})" for name in whole)
    if listed:
        yield f"const {{ {', '.join(listed)} }} = require({_quoted(module)})"


def _clause(names: list[Name]) -> str:
    """What stands between `import` and `from`; what `require` gives as a whole is a module's default."""
    whole = [name.local for name in names if name.symbol in (NAMESPACE, DEFAULT)]
    listed = [_as(name, " as ") for name in names if name.symbol not in (NAMESPACE, DEFAULT)]
    return ", ".join([*whole, *([f"{{ {', '.join(listed)} }}"] if listed else [])])


def _as(name: Name, between: str) -> str:
    return name.local if name.local == name.symbol else f"{name.symbol}{between}{name.local}"


def _quoted(module: str) -> str:
    return f'"{module}"'
