"""What Ruby's `require` makes known, and which files of the project may define a name.

Neither is written anywhere: names follow files by convention, `shop/line_item` and `Shop::LineItem`.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.target import Imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.text import Source

_REQUIRE = re.compile(r"""^\s*require(_relative)?[ (]+["']([^"']+)["']""")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LOADED = ("lib", "app/models", "app/services", "app/lib", "")
_NAMED_OTHERWISE = {
    "bigdecimal": {"BigDecimal", "to_d"},
    "csv": {"to_csv", "parse_csv"},
    "date": {"DateTime"},
    "json": {"to_json"},
    "open-uri": {"URI", "open"},
    "ostruct": {"OpenStruct"},
    "optparse": {"OptionParser"},
    "securerandom": {"SecureRandom"},
    "socket": {"TCPSocket", "UDPSocket", "UNIXSocket", "TCPServer", "UDPServer", "UNIXServer", "Addrinfo"},
    "set": {"SortedSet", "to_set"},
    "stringio": {"StringIO"},
    "strscan": {"StringScanner"},
    "time": {"parse", "iso8601", "strptime"},
}


def bound(statement: str) -> frozenset[str]:
    """The names that a file of such a path defines by convention; `*` for what extends other classes."""
    found = _REQUIRE.match(statement)
    if found is None or "core_ext" in statement:
        return frozenset({"*"})
    path = found[2].removesuffix(".rb")
    names = {name for part in re.split(r"[/.]", path) if part for name in _spellings(part)}
    return frozenset(names | _NAMED_OTHERWISE.get(path, set()))


def imported(source: Source, names: frozenset[str], path: str) -> tuple[Imported, ...]:
    """Where the constants of a file may be defined: in what it requires, else where their names lead."""
    folder = PurePosixPath(path).parent
    required = tuple(_required(source, folder))
    return tuple(
        Imported(name, name, _places(name, required, folder)) for name in sorted(names) if name[:1].isupper()
    )


def _places(name: str, required: tuple[str, ...], folder: PurePosixPath) -> tuple[str, ...]:
    """Files of the constant's own name first."""
    file = f"{_HUMP.sub('_', name).lower()}.rb"
    own = [each for each in required if PurePosixPath(each).name == file]
    near = [(PurePosixPath(each) / file).as_posix() for each in (folder, folder / folder.name, *_LOADED)]
    return tuple(dict.fromkeys([*own, *near, *required]))


def _required(source: Source, folder: PurePosixPath) -> Iterator[str]:
    for node in source.tree.root_node.children:
        found = _REQUIRE.match(trees.node_text(node)) if node.type == "call" else None
        if found is None:
            continue
        file = found[2].removesuffix(".rb") + ".rb"
        if found[1]:
            yield _plain(folder / file)
        else:
            yield f"lib/{file}"


def _plain(path: PurePosixPath) -> str:
    """The path without `..`."""
    parts = list[str]()
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", ".."):
            parts.append(part)
    return "/".join(parts)


def _spellings(part: str) -> tuple[str, ...]:
    """How a part of a path may be spelled as a constant: `line_item`, `LineItem`, `LINEITEM`."""
    words = re.split(r"[_-]", part)
    return part, "".join(word[:1].upper() + word[1:] for word in words), "".join(words).upper()
