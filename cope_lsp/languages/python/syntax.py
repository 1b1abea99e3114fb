"""The `Syntax` port for Python; this module itself is the implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages.python import imports
from cope_lsp.languages.python.assertions import assertions
from cope_lsp.languages.python.complete import complete
from cope_lsp.languages.python.contract import breaches
from cope_lsp.languages.python.example_lines import with_example
from cope_lsp.languages.python.examples import examples
from cope_lsp.languages.python.instructions import instruction_at
from cope_lsp.languages.python.powers import powers
from cope_lsp.languages.python.surroundings import definition, surroundings, test_text
from cope_lsp.languages.python.targets import target_at, target_named, targets, twin
from cope_lsp.languages.python.tree import parse, parser_name, reparse
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

__all__ = [
    "assertions",
    "breaches",
    "complete",
    "definition",
    "editable",
    "examples",
    "instruction_at",
    "parse",
    "parser_name",
    "powers",
    "reparse",
    "surroundings",
    "target_at",
    "target_named",
    "targets",
    "test_text",
    "twin",
    "with_example",
]


def editable(source: Source, target: Target) -> tuple[Span, ...]:
    """Where an edit of the target may touch the file: import block, `cope:` comment, target."""
    marker = instruction_at(source, Span(target.span.start, target.span.start))
    start = target.span.start
    if marker is not None and marker.span.end <= start:
        start = marker.span.start
    block = imports.block(source)
    whole = Span(start, target.span.end)
    return (whole,) if block.end > start else (block, whole)
