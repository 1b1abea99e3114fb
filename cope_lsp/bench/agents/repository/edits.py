"""Edits of a repository that is held in memory: a new text for a file, or why there is none."""

from __future__ import annotations

import ast
import posixpath
import textwrap
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.languages.python import snippets
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.python.test_index import is_test_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cope_lsp.bench.agents.repository.actions import Action, Swap

    Files: TypeAlias = Mapping[str, str]
    """A repository's texts by path."""

_Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was done, in words that an agent can act on."""

    why: str


def placed(files: Files, path: str) -> str | Refused:
    """The path of a file of the repository as it is kept."""
    plain = posixpath.normpath(path)
    if plain.startswith(("/", "~", "..")) or "\\" in plain:
        return Refused(f"{path} is outside the repository.")
    if plain not in files:
        return Refused(f"There is no file {path}. The files are: {', '.join(files)}.")
    return plain


def edited(files: Files, action: Action) -> tuple[str, str] | Refused:
    """The path that an edit is for, and its file's new text."""
    path = placed(files, action.argument)
    if isinstance(path, Refused):
        return path
    if not path.endswith(".py") or is_test_file(path) or PurePosixPath(path).name == "conftest.py":
        return Refused(f"{path} must stay as it is: correct the code, not its tests.")
    before = files[path]
    after = _swapped(before, action.swaps) if action.swaps else _defined(before, action.code)
    if isinstance(after, Refused):
        return after
    return _checked(path, before, after)


def program(text: str) -> str:
    """What a text is apart from its layout and its comments."""
    return ast.dump(snippets.parsed(text))


def _checked(path: str, before: str, after: str) -> tuple[str, str] | Refused:
    if problem := _problem(after):
        return Refused(f"With that {path} would not parse: {problem}.")
    if after == before:
        return Refused("That changes nothing.")
    if reached := PYTHON.running.reaches(before.encode(), after.encode()):
        return Refused(f"The code must not reach into what runs the tests: {', '.join(reached)}.")
    return path, after


def _problem(text: str) -> str:
    """Why a text is no Python that can be worked with; empty where it is."""
    try:
        program(text)
    except SyntaxError as error:
        return f"{error.msg}, line {error.lineno}"
    except (ValueError, MemoryError, RecursionError) as error:
        return type(error).__name__
    return ""


def _swapped(text: str, swaps: tuple[Swap, ...]) -> str | Refused:
    for swap in swaps:
        if not swap.old.strip():
            return Refused("The SEARCH part is empty.")
        if (count := text.count(swap.old)) != 1:
            where = "not in the file" if not count else f"in the file {count} times"
            return Refused(f"The SEARCH part is {where}; give whole lines, exactly as they are.")
        text = text.replace(swap.old, swap.new)
    return text


def _defined(text: str, code: str) -> str | Refused:
    """The text with one definition in its namesake's place; other code is taken for the whole file."""
    code = textwrap.dedent(code).strip("\n") + "\n"
    if problem := _problem(code):
        return Refused(f"The block does not parse: {problem}.")
    written = snippets.parsed(code).body
    if len(written) == 1 and isinstance(written[0], _Definition):
        return _replaced(text, code, written[0].name)
    lost = {each.name for each in _top(text)} - {each.name for each in _top(code)}
    if lost:
        return Refused(
            f"That would lose {', '.join(sorted(lost))}. Give one whole function, or the whole file."
        )
    return code


def _replaced(text: str, code: str, name: str) -> str | Refused:
    found = [
        node
        for node in ast.walk(snippets.parsed(text))
        if isinstance(node, _Definition) and node.name == name
    ]
    if len(found) != 1:
        return Refused(f"The file defines {name} {len(found)} times, so it is not clear what to replace.")
    node = found[0]
    lines = text.splitlines(keepends=True)
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
    body = textwrap.indent(code, " " * node.col_offset)
    return "".join([*lines[:first], body, *lines[node.end_lineno :]])


def _top(text: str) -> Iterator[_Definition]:
    return (node for node in snippets.parsed(text).body if isinstance(node, _Definition))
