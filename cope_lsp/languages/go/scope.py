"""Where names that a Go file uses may be defined: in its folder, in packages that it imports."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.target import Imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from cope_lsp.languages.text import Source

_IMPORT = re.compile(r'(?:(\w+)\s+)?"([^"]+)"')
_FILES = "*.go"
PREDECLARED = frozenset(
    (
        *(
            "any",
            "bool",
            "byte",
            "comparable",
            "complex64",
            "complex128",
            "error",
            "float32",
            "float64",
            "int",
        ),
        *("int8", "int16", "int32", "int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64"),
        *("uintptr", "true", "false", "iota", "nil", "append", "cap", "clear", "close", "complex", "copy"),
        *(
            "delete",
            "imag",
            "len",
            "make",
            "max",
            "min",
            "new",
            "panic",
            "print",
            "println",
            "real",
            "recover",
        ),
        "_",
    )
)


def imported(source: Source, names: frozenset[str], path: str) -> tuple[Imported, ...]:
    """What the file does not declare itself: its package's, then what stands after an import's name."""
    folder = PurePosixPath(path).parent
    packages = dict(_packages(source.tree.root_node))
    own = names - PREDECLARED - packages.keys()
    beside = [Imported(name, name, ((folder / _FILES).as_posix(),)) for name in sorted(own)]
    through = [
        Imported(f"{package}.{name}", name, packages[package])
        for package, name in sorted(_qualified(source.tree.root_node))
        if package in packages and name in names
    ]
    return (*through, *beside)


def _packages(root: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Imported packages with the folders of the project that may hold them, the longest path first.

    An import's path begins with the module's name, which only `go.mod` knows.
    """
    for declaration in root.children:
        if declaration.type == "import_declaration":
            for alias, path in _IMPORT.findall(trees.node_text(declaration).removeprefix("import")):
                parts = path.split("/")
                folders = (PurePosixPath(*parts[start:]) for start in range(1, len(parts)))
                yield alias or parts[-1], tuple((folder / _FILES).as_posix() for folder in folders)


def _qualified(root: Node) -> Iterator[tuple[str, str]]:
    """What stands before and after each dot."""
    waiting = [root]
    seen = set[tuple[str, str]]()
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type in ("selector_expression", "qualified_type"):
            before, after = node.children[0], node.children[-1]
            pair = (trees.node_text(before), trees.node_text(after))
            if before.child_count == 0 and pair not in seen:
                seen.add(pair)
                yield pair
