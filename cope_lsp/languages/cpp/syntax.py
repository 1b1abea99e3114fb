"""The `Syntax` port of C++: a reply's includes that its file has by another path are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.cpp.headers import bound
from cope_lsp.languages.grammar.grammar import matches
from cope_lsp.languages.grammar.syntax import GrammarSyntax
from cope_lsp.languages.target import Head

if TYPE_CHECKING:
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Patch, Source

_QUOTED = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"[^\n]*\n?', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CppSyntax(GrammarSyntax):
    """The port; see there for each function."""

    def complete(self, source: Source, target: Target, reply: str, head: Head = Head.FIXED) -> Patch:
        """Put a model's reply into the file in place of `target`."""
        there = {PurePosixPath(path).name for path in _QUOTED.findall(source.text.decode("utf-8", "replace"))}
        own = self._declared(source)

        def kept(include: re.Match[str]) -> str:
            repeated = PurePosixPath(include[1]).name in there or bound(include[0]) & own
            return "" if repeated else include[0]

        return GrammarSyntax.complete(self, source, target, _QUOTED.sub(kept, reply), head)

    def _declared(self, source: Source) -> frozenset[str]:
        """What the file itself declares: the header that is called like it is the file."""
        found = matches(self.grammar, "references", source.tree.root_node)
        return frozenset(
            trees.node_text(each.nodes["declared"]) for each in found if "declared" in each.nodes
        )
