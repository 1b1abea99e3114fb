"""Doctests of a docstring: what each shows, and what must have run before it."""

from __future__ import annotations

import doctest
import re
from typing import TYPE_CHECKING

from cope_lsp.languages.python import snippets
from cope_lsp.languages.python.inline_examples import of_line
from cope_lsp.languages.running import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.python.inline_examples import Reader


def read(text: str, reader: Reader) -> Iterator[Example]:
    """The examples, in order; those with `+SKIP` left out.

    Statements without a result are the setup of what follows, and so are results that may have changed
    it. `>>> f(1) == 2` without a result means what it says.
    """
    before: list[str] = []
    bound: set[str] = set()
    for each in _parsed(text):
        options = _options(each)
        if "SKIP" in options:
            continue
        source = re.sub(r"\s*#\s*doctest:.*$", "", each.source.rstrip("\n"), flags=re.MULTILINE)
        setup = tuple(before)
        found = [_example(each, source, setup, options)] if each.want else [*of_line(source, setup, reader)]
        yield from found
        if not each.exc_msg and (not found or snippets.read(source) & bound):
            before.append(source)
        bound |= snippets.bound(source)


def _example(each: doctest.Example, source: str, setup: tuple[str, ...], options: tuple[str, ...]) -> Example:
    if not each.exc_msg:
        return Example(source, each.want.rstrip("\n"), setup, options=options)
    kind, _, message = each.exc_msg.strip().partition(":")
    raises = kind.split("\n", 1)[0].strip().rpartition(".")[2]
    return Example(source, message.strip(), setup, raises=raises, options=options)


def _options(each: doctest.Example) -> tuple[str, ...]:
    names = sorted(doctest.OPTIONFLAGS_BY_NAME.items())
    return tuple(name for name, flag in names if each.options.get(flag))


def _parsed(text: str) -> list[doctest.Example]:
    """All examples; where one paragraph is malformed, those of the others."""
    parser = doctest.DocTestParser()
    try:
        return parser.get_examples(text)
    except ValueError:
        pass
    found: list[doctest.Example] = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        try:
            found += parser.get_examples(paragraph)
        except ValueError:
            continue
    return found
