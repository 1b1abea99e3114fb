"""Where tests of a file stand, and a suite put into a file that is there."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.python import imports, names, tree
from cope_lsp.languages.python.snippets import statements
from cope_lsp.languages.python.testing.reading import read
from cope_lsp.languages.python.testing.suite import Group, Suite, body
from cope_lsp.languages.running import TestCase
from cope_lsp.languages.text import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

_FOLDERS = ("tests", "test")


def place(path: str, tests: tuple[TestCase, ...], exists: Callable[[str], bool]) -> str:
    """The test file for a source file: one that tests it already, one that is named so, else a new one.

    `exists` says whether there is a file or folder of that path; all paths are relative to the root.
    """
    source = PurePosixPath(path)
    stem = source.stem if source.stem != "__init__" else source.parent.name or "init"
    known = list(dict.fromkeys(test.path for test in tests))
    named = [each for each in known if stem in PurePosixPath(each).stem]
    places = _places(source, stem)
    return next(iter([*named, *filter(exists, places), *known]), "") or _new(source, places, exists)


def _places(source: PurePosixPath, stem: str) -> list[str]:
    """Where a test file of that name might be, likeliest first."""
    inner = [part for part in source.parent.parts if part != "src"]
    nested = [inner[start:] for start in range(len(inner) + 1)]
    found: list[PurePosixPath] = []
    for name in (f"test_{stem}.py", f"{stem}_test.py"):
        for folder in _FOLDERS:
            found += [PurePosixPath(folder, "unit", *parts, name) for parts in nested]
            found += [PurePosixPath(folder, *parts, name) for parts in nested]
            found.append(source.parent / folder / name)
        found.append(source.parent / name)
    return list(dict.fromkeys(each.as_posix() for each in found))


def _new(source: PurePosixPath, places: list[str], exists: Callable[[str], bool]) -> str:
    """The first place whose folder is there; else beside a file of the root, or in `tests`."""
    paths = [PurePosixPath(each) for each in places]
    there = [each for each in paths if each.parent != source.parent and exists(each.parent.as_posix())]
    if there:
        return there[0].as_posix()
    in_root = source.parent == PurePosixPath()
    return paths[0].name if in_root else PurePosixPath(_FOLDERS[0], paths[0].name).as_posix()


def tests(suite: str, path: str) -> tuple[TestCase, ...]:
    """The tests in a suite's text as the runner names them."""
    found: list[TestCase] = []
    for each in read(suite, "").tests:
        if isinstance(each, Group):
            found += [TestCase(f"{path}::{each.name}::{one.name}", path, each.runner) for one in each.tests]
        else:
            found.append(TestCase(f"{path}::{each.name}", path, "pytest"))
    return tuple(found)


def merged(existing: str, suite: str) -> Patch:
    """The text of a test file with a suite added to it; what it had stays, names that are taken change."""
    if not existing.strip():
        return Patch(suite)
    eol = "\r\n" if "\r\n" in existing else "\n"
    text = existing.replace("\r\n", "\n")
    before = tree.parse(text.encode())
    added = _renamed(read(suite, ""), set(names.defined(before.tree.root_node)))
    bound = {item.bound: item for item in imports.items(before)}
    new = [item for item in added.imported if bound.get(item.bound) != item]
    clash = next((item.bound for item in new if item.bound in bound), "")
    if clash:
        return Patch(None, f"the test file uses the name {clash} for something else")
    cut = _main_block(text)
    head, tail = text[:cut].rstrip(), text[cut:]
    whole = f"{head}\n\n\n{body(added)}" + (f"\n\n{tail}" if tail.strip() else "")
    return Patch(_importing(whole, new).replace("\n", eol))


def _importing(text: str, new: list[imports.Item]) -> str:
    """The text with more imports, in a line that takes from the same module where there is one."""
    left: list[imports.Item] = []
    for item in new:
        line = re.compile(rf"^(from {re.escape(item.module)} import [\w, ]+)$", re.MULTILINE)
        joins = bool(item.name) and line.search(text) is not None
        text = line.sub(rf"\g<1>, {_named(item)}", text, count=1) if joins else text
        left += [] if joins else [item]
    return imports.add(tree.parse(text.encode()), imports.render(left)).decode()


def _named(item: imports.Item) -> str:
    return f"{item.name} as {item.alias}" if item.alias else item.name


def _main_block(text: str) -> int:
    """Where `if __name__ == "__main__":` begins, at the end of the file; else the file's end."""
    found = statements(text)
    last = found[-1] if found else None
    if isinstance(last, ast.If) and "__name__" in ast.unparse(last.test):
        return sum(len(line) + 1 for line in text.split("\n")[: last.lineno - 1])
    return len(text)


def _renamed(suite: Suite, taken: set[str]) -> Suite:
    """The suite with another name for what the file calls so already."""
    own = {each.name for each in suite.tests} | {name for each in suite.helpers for name in each.names}
    renames = {name: _free(name, taken | own) for name in own & taken}
    if not renames:
        return suite
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, renames))})\b")

    def change(text: str) -> str:
        return pattern.sub(lambda match: renames[match[0]], text)

    changed = read(change(body(suite)), "")
    return replace(changed, imported=suite.imported)


def _free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
