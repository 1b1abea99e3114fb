"""What Go demands of a file's imports: each is used, and what is used is imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages import trees

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from cope_lsp.languages.text import Source

_PATH = re.compile(r'["`]([^"`]+)["`]')

STANDARD = {
    path.rpartition("/")[2]: path
    for path in (
        *(
            "bufio",
            "bytes",
            "cmp",
            "context",
            "errors",
            "fmt",
            "io",
            "maps",
            "math",
            "os",
            "regexp",
            "slices",
        ),
        *("sort", "strconv", "strings", "sync", "time", "unicode", "container/heap", "container/list"),
        *(
            "math/big",
            "math/bits",
            "math/rand",
            "path/filepath",
            "sync/atomic",
            "unicode/utf8",
            "unicode/utf16",
        ),
        *("encoding/json", "encoding/base64", "encoding/hex", "encoding/binary", "encoding/csv"),
        *("crypto/sha256", "crypto/md5", "crypto/sha1", "hash/fnv", "net/url"),
    )
}
"""Packages that models use and forget to import, by name."""


def bound(statement: str) -> frozenset[str]:
    """The name of an imported package: its alias, or the last part of its path that is no version."""
    alias = re.match(r"import\s+([\w.]+)\s", statement)
    path = _PATH.search(statement)
    if alias or path is None:
        return frozenset({alias[1]} if alias else ())
    parts = [part for part in path[1].split("/") if not re.fullmatch(r"v\d+", part)]
    return frozenset({parts[-1].split(".")[0]} if parts else ())


def settled(before: Source, after: Source) -> bytes:
    """The text of `after` without imports that nothing uses any more, with those that are missing."""
    specs = list(_all(after.tree.root_node, "import_spec"))
    old = _mentioned(before.tree.root_node)
    now = _mentioned(after.tree.root_node)
    guessed_right = not _unknown(after, specs)
    unused = [spec for spec in specs if _is_unused(spec, now, old, guessed_right)]
    missing = sorted(STANDARD[name] for name in _unknown(after, specs) - old if name in STANDARD)
    text = after.text
    for start, end, new in sorted(_edits(after, unused, missing), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _is_unused(spec: Node, now: frozenset[str], old: frozenset[str], guessed_right: bool) -> bool:  # noqa: FBT001 -- a fact, no mode
    """Whether nothing mentions a package; where its name is only a guess, the guess must be good."""
    said = trees.node_text(spec)
    names = bound(f"import {said}")
    if names & {"_", ".", "C"} or names & now:
        return False
    path = _PATH.search(said)
    aliased = spec.child_by_field_name("name") is not None
    standard = path is not None and "." not in path[1].split("/")[0]
    return aliased or standard or guessed_right or bool(names & old)


def _unknown(source: Source, specs: Iterable[Node]) -> frozenset[str]:
    """Names before a dot that neither an import nor the file itself explains."""
    known = {name for spec in specs for name in bound(f"import {trees.node_text(spec)}")}
    used, declared = set[str](), set[str]()
    for node in _leaves(source.tree.root_node):
        parent, said = node.parent, trees.node_text(node)
        if node.type not in ("identifier", "package_identifier") or parent is None:
            continue
        if parent.type in ("selector_expression", "qualified_type") and parent.start_byte == node.start_byte:
            used.add(said)
        elif parent.type != "package_clause":
            declared.add(said)
    return frozenset(used - known - declared)


def _mentioned(root: Node) -> frozenset[str]:
    """Names outside of imports that may be a package's."""
    found = (node for node in _leaves(root) if node.type in ("identifier", "package_identifier"))
    return frozenset(
        trees.node_text(node) for node in found if node.parent is None or node.parent.type != "package_clause"
    )


def _edits(source: Source, unused: list[Node], missing: list[str]) -> Iterator[tuple[int, int, bytes]]:
    """Lines to take out, and where new ones go: into the first block, else below the package clause."""
    root, text = source.tree.root_node, source.text
    eol = trees.eol_at(text, 0)
    declarations = [*_all(root, "import_declaration")]
    for declaration in declarations:
        specs = [*_all(declaration, "import_spec")]
        gone = [spec for spec in specs if spec in unused]
        stays = len(gone) < len(specs) or (missing and declaration is _block(declarations))
        for node in gone if stays else [declaration] if gone else []:
            start, end = trees.line_start(text, node.start_byte), trees.next_line(text, node.end_byte)
            whole = not text[start : node.start_byte].strip()
            yield (start, end, b"") if whole else (node.start_byte, node.end_byte, b"")
    if missing:
        yield _addition(source, declarations, missing, eol)


def _addition(
    source: Source, declarations: list[Node], missing: list[str], eol: str
) -> tuple[int, int, bytes]:
    text, block = source.text, _block(declarations)
    if block is not None:
        place = trees.next_line(text, text.index(b"(", block.start_byte))
        lines = "".join(f'\t"{path}"{eol}' for path in missing)
        return place, place, lines.encode()
    lines = "".join(f'import "{path}"{eol}' for path in missing)
    if declarations:
        place = trees.next_line(text, declarations[-1].end_byte)
        return place, place, lines.encode()
    clause = next(_all(source.tree.root_node, "package_clause"), None)
    place = trees.next_line(text, clause.end_byte) if clause is not None else 0
    return place, place, f"{eol}{lines}".encode()


def _block(declarations: list[Node]) -> Node | None:
    """The first import with parentheses, over several lines."""
    blocks = (each for each in declarations if b"(" in (each.text or b"") and b"\n" in (each.text or b""))
    return next(blocks, None)


def _all(root: Node, kind: str) -> Iterator[Node]:
    """Nodes of a kind near the top of a file, in order."""
    for child in root.children:
        if child.type == kind:
            yield child
        elif child.type in ("import_declaration", "import_spec_list", "ERROR"):
            yield from _all(child, kind)


def _leaves(root: Node) -> Iterator[Node]:
    """What has no parts, outside of imports."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "import_declaration":
            continue
        if node.child_count:
            waiting += node.children
        else:
            yield node
