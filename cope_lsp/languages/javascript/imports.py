"""Imports in both manners, `import` and `require`: what they make known, and which files they name."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.target import Imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.text import Source

SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
"""Suffixes that an import may leave out, likeliest first."""

_COMPILED = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_QUOTED = r"""(?P<quote>["'])(?P<module>[^"'\n]+)(?P=quote)"""
IMPORT = re.compile(
    rf"^import\s+(?P<kind>type\s+)?(?:(?P<names>[^\"';]+?)\s*\bfrom\s*)?{_QUOTED}[ \t]*;?", re.MULTILINE
)
REQUIRE = re.compile(
    r"^(?:const|let|var)\s+(?P<names>[\w$]+|\{[^};]*\})\s*=\s*require"
    rf"\(\s*{_QUOTED}\s*\)(?P<member>\.\w+)?[ \t]*;?",
    re.MULTILINE,
)
NAMESPACE, DEFAULT = "*", "default"


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a statement makes known, and what it is in the module: `*` for the whole, `default`."""

    local: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One import: its names (none: for its effects alone), the module, whether it brings types only."""

    module: str
    names: tuple[Name, ...]
    types: bool = False
    required: bool = False


def statements(text: str) -> Iterator[tuple[re.Match[str], Statement]]:
    """Imports that begin at the margin, where they stand."""
    for match in IMPORT.finditer(text):
        names = tuple(_imported(match["names"] or ""))
        yield match, Statement(match["module"], names, types=bool(match["kind"]))
    for match in REQUIRE.finditer(text):
        yield match, Statement(match["module"], tuple(_required(match)), required=True)


def bound(statement: str) -> frozenset[str]:
    """The names that an import makes known."""
    return frozenset(name.local for _, found in statements(statement) for name in found.names)


def imported(source: Source, names: frozenset[str], path: str) -> tuple[Imported, ...]:
    """Names from modules of the project: those that are named by a path."""
    text = source.text.decode("utf-8", "replace")
    return tuple(
        Imported(name.local, "" if name.symbol in (NAMESPACE, DEFAULT) else name.symbol, files)
        for _, found in statements(text)
        if (files := module_files(found.module, path))
        for name in found.names
        if name.local in names
    )


def module_files(module: str, path: str) -> tuple[str, ...]:
    """Where a module named by a path may live, likeliest first; none for packages."""
    if not module.startswith("."):
        return ()
    at = posixpath.normpath(posixpath.join(posixpath.dirname(path), module))
    if at.startswith(".."):
        return ()
    stem, suffix = posixpath.splitext(at)
    if suffix in SUFFIXES:
        return (*(f"{stem}{other}" for other in _COMPILED.get(suffix, ())), at)
    return (*(f"{at}{each}" for each in SUFFIXES), *(f"{at}/index{each}" for each in SUFFIXES))


def _imported(clause: str) -> Iterator[Name]:
    """`a, { b as c, type d }` or `* as e`."""
    braces = re.search(r"\{(.*)\}", clause, re.DOTALL)
    outside = clause.replace(braces[0], "") if braces else clause
    for part in outside.split(","):
        word = part.strip()
        if word.startswith("*"):
            yield Name(word.rpartition(" ")[2], NAMESPACE)
        elif word:
            yield Name(word, DEFAULT)
    yield from _listed(braces[1] if braces else "", r"\s+as\s+")


def _required(match: re.Match[str]) -> Iterator[Name]:
    """`a` or `{ b: c, d }`."""
    names = match["names"]
    if names.startswith("{"):
        yield from _listed(names.strip("{}"), r"\s*:\s*")
    else:
        yield Name(names, match["member"].removeprefix(".") if match["member"] else NAMESPACE)


def _listed(inside: str, between: str) -> Iterator[Name]:
    for part in inside.split(","):
        word = re.sub(r"^type\s+", "", part.strip())
        symbol, *local = re.split(between, word, maxsplit=1)
        if symbol:
            yield Name(local[0].strip() if local else symbol, symbol)
