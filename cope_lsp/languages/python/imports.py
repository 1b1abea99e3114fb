"""A file's import block: what it binds, and how what a reply needs is put into it."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.python import lines, tree
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from cope_lsp.languages.text import Source

_KINDS = ("import_statement", "import_from_statement", "future_import_statement")


@dataclass(frozen=True, slots=True)
class Item:
    """One imported name: `import module as bound`, or `from module import name as bound`."""

    module: str
    name: str
    alias: str

    @property
    def bound(self) -> str:
        """The name it binds."""
        return self.alias or self.name or self.module.split(".")[0]


def items(source: Source) -> list[Item]:
    """What the top level imports."""
    return [item for node in _top_level(source) for item in read(node)]


def everywhere(root: Node) -> list[Item]:
    """What any import statement under `root` imports."""
    found = tree.matches("imports", root)
    return [item for match in found for item in read(match["import"])]


def read(node: Node) -> Iterator[Item]:
    """The names that an import statement binds; a star binds none that could be told."""
    module = node.child_by_field_name("module_name")
    origin = tree.node_text(module) if module is not None else ""
    if node.type == "future_import_statement":
        origin = "__future__"
    for child in node.children_by_field_name("name"):
        alias = child.child_by_field_name("alias")
        name = child.child_by_field_name("name") if alias is not None else child
        text = tree.node_text(name) if name is not None else ""
        bound = tree.node_text(alias) if alias is not None else ""
        yield Item(origin, text, bound) if origin else Item(text, "", bound)


def block(source: Source) -> Span:
    """Where imports stand or would stand: from the module docstring's end to the first definition."""
    statements = _top_level(source)
    if statements:
        start = tree.line_start(source.text, statements[0].start_byte)
        return Span(start, tree.next_line(source.text, statements[-1].end_byte))
    start = _opening(source)
    return Span(start, start)


def render(new: Iterable[Item]) -> list[str]:
    """Import statements for items, one a module, in order."""
    plain = [item for item in new if not item.name]
    named: dict[str, list[Item]] = {}
    for item in new:
        if item.name:
            named.setdefault(item.module, []).append(item)
    statements = [f"import {item.module}{_as(item)}" for item in plain]
    for module, members in named.items():
        listed = ", ".join(f"{item.name}{_as(item)}" for item in members)
        statements.append(f"from {module} import {listed}")
    return statements


def _as(item: Item) -> str:
    return f" as {item.alias}" if item.alias else ""


def add(source: Source, statements: list[str]) -> bytes:
    """The file's text with import statements put where its order wants them."""
    text = source.text
    for statement in statements:
        present = [(_rank(tree.node_text(node)), node) for node in _top_level(source)]
        offset, piece = _place(source, statement, present)
        text = text[:offset] + piece.encode() + text[offset:]
        source = tree.parse(text)
    return text


def _place(
    source: Source, statement: str, present: list[tuple[tuple[int, int, str], Node]]
) -> tuple[int, str]:
    """Where a statement goes, and its text with the line breaks it needs there."""
    text = source.text
    eol = tree.eol_at(text, 0)
    rank = _rank(statement)
    section = [(each, node) for each, node in present if each[0] == rank[0]]
    before = [node for each, node in section if each <= rank]
    lower = [node for each, node in present if each[0] < rank[0]]
    if before:
        return _below(text, before[-1], statement, eol)
    if section:
        return tree.line_start(text, section[0][1].start_byte), f"{statement}{eol}"
    if lower:
        return _below(text, lower[-1], f"{eol}{statement}", eol)
    if present:
        return tree.line_start(text, present[0][1].start_byte), f"{statement}{eol}{eol}"
    return _first_import(source, statement, eol)


def _below(text: bytes, node: Node, statement: str, eol: str) -> tuple[int, str]:
    offset = tree.next_line(text, node.end_byte)
    broken = text[:offset].endswith(b"\n")
    return offset, f"{statement}{eol}" if broken else f"{eol}{statement}{eol}"


def _first_import(source: Source, statement: str, eol: str) -> tuple[int, str]:
    """The first import of a file: a blank line after what stands above, two before a definition."""
    offset = _opening(source)
    above = source.text[:offset]
    below = source.text[offset:]
    lead = eol if above.strip() and not above.replace(b"\r", b"").endswith(b"\n\n") else ""
    gap = len(below) - len(below.lstrip(b"\r\n"))
    wanted = 2 if re.match(rb"[\r\n]*(?:@|def |class |async )", below) else int(bool(below.strip()))
    blank = max(0, wanted - below[:gap].count(b"\n"))
    return offset, f"{lead}{statement}{eol}{eol * blank}"


def _rank(statement: str) -> tuple[int, int, str]:
    """Sort key in the common order: `__future__`, standard library, others, relative; plain before `from`."""
    is_from = statement.startswith("from")
    module = re.sub(r"^(?:from|import)\s+", "", statement).split(" ")[0]
    if module == "__future__":
        return (0, 1, module)
    if module.startswith("."):
        return (3, 1, module)
    standard = module.split(".")[0] in sys.stdlib_module_names
    return (1 if standard else 2, int(is_from), module.lower())


def _top_level(source: Source) -> list[Node]:
    """Import statements at the top level before the first definition (all of them when none precedes it)."""
    found: list[Node] = []
    limit = _first_definition(source)
    for node in source.tree.root_node.children:
        if node.start_byte >= limit and found:
            break
        if node.type in _KINDS and node.start_byte < limit:
            found.append(node)
    return found


def _first_definition(source: Source) -> int:
    """Where the first definition at column 0 begins, its decorators left out."""
    for node in source.tree.root_node.children:
        if node.type in {"function_definition", "class_definition", "decorated_definition"}:
            return node.start_byte
    starts = (start for start in lines.headers(source.text) if start == tree.line_start(source.text, start))
    return next(starts, len(source.text))


def _opening(source: Source) -> int:
    """Where a file's first import belongs: below the leading comments and the module's docstring."""
    end = 0
    for node in source.tree.root_node.children:
        literal = node.type == "expression_statement" and node.children[0].type == "string"
        if node.type != "comment" and not literal:
            break
        after = tree.next_line(source.text, node.end_byte)
        if node.type == "comment" and _belongs_below(source.text, after):
            break
        end = after
        if literal:
            break
    return end


def _belongs_below(text: bytes, offset: int) -> bool:
    """Whether a comment stands right on top of a definition, and so belongs to it."""
    while text[offset : offset + 1] == b"#":
        offset = tree.next_line(text, offset)
    return re.match(rb"(?:@|def |class |async )", text[offset : offset + 6]) is not None
