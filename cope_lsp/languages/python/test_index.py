"""Which tests reach a target: by imports and names in the test files' text, nothing is run.

A test reaches the target if it uses it by name (directly, through the module, a re-export, or for a
method its class), if it uses a function of the target's own module that calls the target, or if a
helper or fixture that it uses does. A guess is enough: the run itself shows which tests were right.
"""

from __future__ import annotations

import ast
import time
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.running import TestCase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cope_lsp.languages.target import Target

MOST = 40
SECONDS = 1.0
LARGEST = 1 << 20

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Names:
    """How the target can be named from outside.

    `modules`: dotted names its module, or a package that re-exports it, can be imported by; `exported`: the
    top-level names that lead to it there (itself, its class, functions that call it), each with its rank;
    `attribute`: the method's name, empty for a function.
    """

    modules: frozenset[str]
    exported: Mapping[str, int]
    attribute: str


@dataclass(frozen=True, slots=True)
class Bindings:
    """What a test file's imports call the target: names that are it, and names of modules that hold it."""

    names: Mapping[str, int]
    modules: frozenset[str]


def is_test_file(path: str) -> bool:
    """Whether pytest or unittest would look into a file of that name."""
    name = PurePosixPath(path).name
    return name.endswith(".py") and (name.startswith("test") or name.endswith("_test.py"))


def tests_for(
    root: Path, target_path: str, target: Target, files: Mapping[str, bytes]
) -> tuple[TestCase, ...]:
    """At most `MOST` tests, those that name the target first; looks no longer than `SECONDS`."""
    end = time.monotonic() + SECONDS
    names = _names(root, target_path, target, files)
    word = (names.attribute or target.name).encode()
    found: list[tuple[int, TestCase]] = []
    likeliest_first = sorted(files, key=lambda path: (word not in files[path], path))
    for path in likeliest_first:
        if time.monotonic() > end:
            break
        tree = _parse(files[path]) if is_test_file(path) else None
        if tree is not None:
            found += _in_file(path, tree, names)
    found.sort(key=lambda ranked: ranked[0])
    return tuple(case for _, case in found[:MOST])


def _names(root: Path, path: str, target: Target, files: Mapping[str, bytes]) -> Names:
    top, _, rest = target.qualname.partition(".")
    dotted = PurePosixPath(path).with_suffix("").parts
    dotted = dotted[:-1] if dotted[-1] == "__init__" else dotted
    modules = {".".join(dotted[start:]) for start in range(len(dotted))}
    exported = {top: 0}
    tree = _parse(_text(root, path, files))
    for function in tree.body if tree else ():
        if (
            isinstance(function, Definition | ast.ClassDef)
            and function.name != top
            and top in _used(function)
        ):
            exported.setdefault(function.name, 2)
    for depth in range(1, len(dotted)):
        package = dotted[: len(dotted) - depth]
        init = _parse(_text(root, "/".join((*package, "__init__.py")), files))
        if init is not None and _reexports(init, dotted[-1], exported):
            modules |= {".".join(package[start:]) for start in range(len(package))}
    return Names(frozenset(modules), exported, rest.rpartition(".")[2])


def _reexports(init: ast.Module, module: str, exported: dict[str, int]) -> bool:
    """Whether a package's `__init__` passes the target on; its new names are added to `exported`."""
    passes = False
    for node in init.body:
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            if alias.name == "*" and (node.module or "").endswith(module):
                passes = True
            elif alias.name in exported:
                exported.setdefault(alias.asname or alias.name, exported[alias.name])
                passes = True
    return passes


def _text(root: Path, path: str, files: Mapping[str, bytes]) -> bytes:
    if path in files:
        return files[path]
    full = root / path
    try:
        inside = full.resolve().is_relative_to(root.resolve())
        return full.read_bytes() if inside and full.stat().st_size <= LARGEST else b""
    except OSError:
        return b""


def _parse(text: bytes) -> ast.Module | None:
    if not text or len(text) > LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _in_file(path: str, tree: ast.Module, names: Names) -> Iterator[tuple[int, TestCase]]:
    bindings = _bindings(tree, names)
    if not bindings.names and not bindings.modules:
        return
    helpers = _helpers(tree, bindings, names)
    for node in tree.body:
        if isinstance(node, Definition) and node.name.startswith("test"):
            rank = _rank(node, bindings, names, helpers)
            if rank is not None:
                yield rank, TestCase(f"{path}::{node.name}", path, "pytest")
        elif isinstance(node, ast.ClassDef):
            yield from _in_class(path, node, bindings, names, helpers)


def _in_class(
    path: str,
    owner: ast.ClassDef,
    bindings: Bindings,
    names: Names,
    helpers: Mapping[str, int],
    outer: str = "",
) -> Iterator[tuple[int, TestCase]]:
    runner = "unittest" if any(ast.unparse(base).endswith("TestCase") for base in owner.bases) else "pytest"
    if runner == "pytest" and not owner.name.startswith("Test"):
        return
    methods = [node for node in owner.body if isinstance(node, Definition)]
    shared = [
        rank
        for node in owner.body
        if not (isinstance(node, Definition) and node.name.startswith("test"))
        and not isinstance(node, ast.ClassDef)
        and (rank := _rank(node, bindings, names, helpers)) is not None
    ]
    prefix = f"{outer}{owner.name}"
    for method in methods:
        if method.name.startswith("test"):
            own = _rank(method, bindings, names, helpers)
            ranks = [*shared, *([own] if own is not None else [])]
            if ranks:
                yield min(ranks), TestCase(f"{path}::{prefix}::{method.name}", path, runner)
    for node in owner.body:
        if isinstance(node, ast.ClassDef):
            yield from _in_class(path, node, bindings, names, helpers, f"{prefix}::")


def _bindings(tree: ast.Module, names: Names) -> Bindings:
    found: dict[str, int] = {}
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in names.modules:
                    modules.add(alias.asname or alias.name)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            for alias in node.names:
                whole = f"{source}.{alias.name}".strip(".")
                if whole in names.modules:
                    modules.add(alias.asname or alias.name)
                elif alias.name == "*" and source in names.modules:
                    found.update(names.exported)
                elif alias.name in names.exported and (source in names.modules or node.level):
                    found[alias.asname or alias.name] = names.exported[alias.name]
    return Bindings(found, frozenset(modules))


def _helpers(tree: ast.Module, bindings: Bindings, names: Names) -> dict[str, int]:
    """Names of functions, fixtures and values of the file that use the target."""
    found: dict[str, int] = {}
    for node in tree.body:
        rank = _rank(node, bindings, names, {})
        if rank is None:
            continue
        if isinstance(node, Definition | ast.ClassDef) and not node.name.startswith(("test", "Test")):
            found[node.name] = rank + 1
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update({name.id: rank + 1 for name in targets if isinstance(name, ast.Name)})
    return found


def _rank(node: ast.AST, bindings: Bindings, names: Names, helpers: Mapping[str, int]) -> int | None:
    """How near a piece of a test file is to the target: 0 names it; None has nothing to do with it."""
    used = _used(node)
    ranks = [rank for name, rank in bindings.names.items() if name in used]
    attributes = _attributes(node)
    for module in bindings.modules:
        if module.rpartition(".")[2] in used | attributes:
            ranks += [rank for name, rank in names.exported.items() if name in attributes]
    ranks += [rank for name, rank in helpers.items() if name in used]
    if names.attribute and not names.attribute.startswith("__"):
        if names.attribute in attributes:
            return min(ranks, default=1)
        ranks = [rank + 2 for rank in ranks]
    return min(ranks, default=None)


def _used(node: ast.AST) -> set[str]:
    """Names read in a piece of code; a function's parameters count, since fixtures come by them."""
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            found.add(inner.id)
        elif isinstance(inner, ast.arg):
            found.add(inner.arg)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value.isidentifier():
            found.add(inner.value)
    return found


def _attributes(node: ast.AST) -> set[str]:
    return {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}
