"""What a docstring claims that can be checked: its examples, and the parameters that it speaks of."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
from typing import TYPE_CHECKING

from cope_lsp.languages.python import snippets, tree
from cope_lsp.languages.python.examples import examples
from cope_lsp.languages.running import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

_FIELD = re.compile(
    r"^:(?:param|parameter|arg|argument|keyword)\s+(?:[^:]*\s)?\*{0,2}(\w+)\s*:", re.MULTILINE
)
_GOOGLE = re.compile(
    r"^(?:Args|Arguments|Parameters|Keyword Args):[ \t]*\n((?:[ \t]+\S.*\n?|[ \t]*\n)+)", re.MULTILINE
)
_NUMPY = re.compile(r"^Parameters[ \t]*\n-{3,}[ \t]*\n", re.MULTILINE)
_NUMPY_HEADING = re.compile(r"\n\S[^\n]*\n-{3,}")
_GOOGLE_NAME = re.compile(r"\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:")
_NUMPY_NAMES = re.compile(r"^\*{0,2}(\w+(?:\s*,\s*\*{0,2}\w+)*)\s*(?::.*)?$", re.MULTILINE)


def claims(source: Source, target: Target) -> tuple[Example, ...]:
    """The docstring's examples, and calls of the target shown with no result: those must print nothing."""
    return tuple(dict.fromkeys((*examples(source, target), *_without_result(source, target))))


def strangers(source: Source, target: Target) -> tuple[str, ...]:
    """Names that the docstring describes as parameters, and that are none."""
    own = _parameters(source, target)
    text = _docstring(source, target)
    return (
        tuple(dict.fromkeys(name for name in _described(text) if name not in own)) if own is not None else ()
    )


def _without_result(source: Source, target: Target) -> Iterator[Example]:
    before: list[str] = []
    try:
        shown = doctest.DocTestParser().get_examples(_docstring(source, target))
    except ValueError:
        return
    for each in shown:
        code = each.source.rstrip("\n")
        is_call = snippets.expression(code) is not None and target.name in snippets.read(code)
        if not each.want and is_call and not each.options.get(doctest.SKIP):
            yield Example(code, "", tuple(before))
        if not each.exc_msg:
            before.append(code)


def _docstring(source: Source, target: Target) -> str:
    literal = tree.read(source, target.docstring) if target.docstring is not None else ""
    return inspect.cleandoc(snippets.literal(literal) or "") + "\n"


def _parameters(source: Source, target: Target) -> set[str] | None:
    """The names of the target's parameters; None where the signature cannot be read."""
    found = snippets.statements(f"{tree.read(source, target.signature)} ...")
    definition = found[0] if found else None
    if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    return {node.arg for node in ast.walk(definition.args) if isinstance(node, ast.arg)}


def _described(text: str) -> Iterator[str]:
    """Names in Sphinx fields, in Google's `Args:` and under numpy's underlined `Parameters`."""
    yield from _FIELD.findall(text)
    for section in _GOOGLE.findall(text):
        lines = [line for line in section.split("\n") if line.strip()]
        depth = min(len(line) - len(line.lstrip()) for line in lines)
        outer = (line.strip() for line in lines if len(line) - len(line.lstrip()) == depth)
        yield from (match[1] for line in outer if (match := _GOOGLE_NAME.match(line)))
    for section in _NUMPY.split(text)[1:]:
        for names in _NUMPY_NAMES.findall(_NUMPY_HEADING.split(section)[0]):
            yield from re.findall(r"\w+", names)
