"""What a docstring says a function must do: doctests, and the other forms in which people write examples."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from cope_lsp.languages.python import doctests, inline_examples, names, snippets, tree

if TYPE_CHECKING:
    from cope_lsp.languages.running import Example
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

MOST_EXAMPLES = 64
"""Examples beyond this many are left out."""


def examples(source: Source, target: Target) -> tuple[Example, ...]:
    """What the target's docstring says it must do, doctests first, nothing twice."""
    if target.docstring is None:
        return ()
    text = _text(tree.read(source, target.docstring))
    reader = inline_examples.Reader(
        name=target.name,
        owner=target.parents[-1] if target.parents else "",
        signature=tree.read(source, target.signature),
        known=frozenset(names.defined(source.tree.root_node)),
    )
    found = [*doctests.read(text, reader), *inline_examples.read(text, reader)]
    return tuple(dict.fromkeys(found))[:MOST_EXAMPLES]


def _text(literal: str) -> str:
    """The docstring's value, dedented; the text between the quotes where it is no valid literal."""
    value = snippets.literal(literal)
    if value is None:
        value = re.sub(r"^\w*(\"\"\"|'''|\"|')|(\"\"\"|'''|\"|')$", "", literal)
    lines = value.expandtabs(4).replace("\r\n", "\n").split("\n")
    return "\n".join([lines[0].strip(), *textwrap.dedent("\n".join(lines[1:])).split("\n")])
