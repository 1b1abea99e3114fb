"""Examples outside doctest blocks: `f(x) == y`, `f(x) -> y`, `f(x) ➞ y`, `Input: x` over `Output: y`.

Strict: both sides must parse, the call must be the target's, every name in it must be known.
"""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.python import snippets
from cope_lsp.languages.running import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNS = ("==>", "==", "-->", "->", "=>", "➞", "→", "⇒")
_WORDS = ("should return", "must return", "returns", "return", "gives", "yields", "evaluates to", "equals")
_ARROW = re.compile("|".join([*map(re.escape, _SIGNS), *(rf"\s{word}\s" for word in _WORDS)]))
_INPUT = re.compile(r"^[ \t]*Input:[ \t]*(\S.*?)[ \t]*\n\s*Output:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_LOOSE = {"true": "True", "false": "False", "null": "None", "none": "None"}
_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Reader:
    """What an inline example may speak of.

    The target's name, the class it is in (empty: none), its signature, and the names its file defines.
    """

    name: str
    owner: str
    signature: str
    known: frozenset[str]


def read(text: str, reader: Reader) -> Iterator[Example]:
    """The examples of a docstring outside its doctest blocks; assignments right above one are its setup."""
    setup: list[str] = []
    in_doctest = False
    for raw in text.split("\n"):
        line = raw.strip()
        in_doctest = line.startswith((">>>", "...")) or (in_doctest and bool(line))
        if in_doctest:
            continue
        bare = _bare(line)
        if snippets.is_assignment(bare):
            setup.append(bare)
            continue
        if not line:
            setup = []
        yield from of_line(bare, tuple(setup), reader)
    if not reader.owner:
        yield from _inputs(text, reader)


def of_line(line: str, setup: tuple[str, ...], reader: Reader) -> Iterator[Example]:
    """The example of a line, which may open with words (`For example, f(1) == 2`)."""
    names = "|".join(re.escape(name) for name in [reader.name, reader.owner, *_bound(setup)] if name)
    starts = [0, *(match.start() for match in re.finditer(rf"(?<![\w.])(?:{names})\b", line))]
    found = (_split(line[start:], setup, reader) for start in starts)
    yield from [example for example in found if example is not None][:1]


def _bare(line: str) -> str:
    """The line without bullets, numbering, backticks, `assert`, and a full stop at its end."""
    line = re.sub(r"^(?:[-*•]|\d+[.)])\s+", "", line).replace("`", "")
    line = re.sub(r"^assert\s+", "", line)
    return re.sub(r"(?<=[\])\w\"'}])[.,;]$", "", line)


def _split(line: str, setup: tuple[str, ...], reader: Reader) -> Example | None:
    for arrow in _ARROW.finditer(line):
        call, expected = line[: arrow.start()].strip().removesuffix("#").strip(), line[arrow.end() :].strip()
        expected = _LOOSE.get(expected, expected)
        if _is_call(call, setup, reader) and _is_value(expected, setup, reader):
            return Example(call, snippets.segment(expected), setup, form=arrow[0].strip())
    return None


def _inputs(text: str, reader: Reader) -> Iterator[Example]:
    """`Input: a = 1, b = 2` (or only values) over `Output: 3`."""
    for match in _INPUT.finditer(text):
        call = f"{reader.name}({match[1]})"
        node = snippets.expression(call)
        keywords = [each.arg or "" for each in node.keywords] if isinstance(node, ast.Call) else []
        fits = all(re.search(rf"\b{name}\b", reader.signature) for name in keywords if name)
        if fits and _is_call(call, (), reader) and _is_value(match[2], (), reader):
            yield Example(snippets.segment(call), snippets.segment(match[2]), form="Output")


def _is_call(text: str, setup: tuple[str, ...], reader: Reader) -> bool:
    """Whether the text calls the target, and everything it names is known."""
    node = snippets.expression(text)
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        is_target = node.func.attr == reader.name
    else:
        is_target = isinstance(node.func, ast.Name) and node.func.id == reader.name and not reader.owner
    return is_target and snippets.read(text) <= {*_bound(setup), *reader.known, *_BUILTINS}


def _is_value(text: str, setup: tuple[str, ...], reader: Reader) -> bool:
    """Whether the text is a value and no description of one: `int` is a type, `result` nobody's name."""
    if snippets.expression(text) is None:
        return False
    constructors = snippets.called(text) & _BUILTINS
    return snippets.read(text) <= {*_bound(setup), *reader.known, *constructors}


def _bound(setup: tuple[str, ...]) -> set[str]:
    return set[str]().union(*(snippets.bound(line) for line in setup))
