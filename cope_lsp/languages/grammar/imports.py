"""Import statements of a file: what is there, what a reply adds, where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import matches, mentioned, parse
from cope_lsp.languages.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.text import Source


def block(grammar: Grammar, source: Source) -> Span:
    """From the first import to the end of the last one's line; where there is none, the place for one."""
    nodes = _statements(grammar, source)
    if nodes:
        end = trees.next_line(source.text, _end(source, nodes[-1]))
        return Span(trees.line_start(source.text, nodes[0].start_byte), end)
    place = _place(grammar, source)
    return Span(place, place)


def missing(grammar: Grammar, source: Source, reply: Source, mentions: frozenset[str]) -> list[str]:
    """Import statements of a reply that the file lacks and that its code mentions."""
    present = {_plain(text) for text in _texts(grammar, source)}
    wanted = dict.fromkeys(_texts(grammar, reply))
    return [
        text
        for text in wanted
        if _plain(text) not in present and (grammar.bound(text) & mentions or "*" in grammar.bound(text))
    ]


def mentions(grammar: Grammar, source: Source) -> frozenset[str]:
    """Names that a file's code mentions; what only its imports name, nobody uses."""
    at, found = 0, frozenset[str]()
    for node in _statements(grammar, source):
        found |= mentioned(source.tree.root_node, Span(at, node.start_byte))
        at = max(at, node.end_byte)
    return found | mentioned(source.tree.root_node, Span(at, len(source.text)))


def added(grammar: Grammar, text: bytes, statements: Iterable[str]) -> bytes:
    """A file's text with import statements after those that it has."""
    lines = list(statements)
    if not lines:
        return text
    source = parse(grammar, text)
    there = block(grammar, source)
    eol = trees.eol_at(text, 0)
    new = "".join(f"{line}{eol}" for line in lines)
    if there.start == there.end and not text[there.end :].startswith((b"\n", b"\r\n")):
        new += eol
    if there.end and not text[: there.end].endswith(b"\n"):
        new = eol + new
    return text[: there.end] + new.encode() + text[there.end :]


def _statements(grammar: Grammar, source: Source) -> list[Node]:
    """Imports at the top of the file, in order; what comes after the first definition is left alone."""
    found = [
        match.nodes["import"]
        for match in matches(grammar, "references", source.tree.root_node)
        if "import" in match.nodes
    ]
    return sorted({node.start_byte: node for node in found}.values(), key=lambda node: node.start_byte)


def _texts(grammar: Grammar, source: Source) -> list[str]:
    """One statement for each thing that is imported, as it would stand alone."""
    texts: list[str] = []
    for match in matches(grammar, "references", source.tree.root_node):
        if "import.item" in match.nodes:
            texts.append(f"import {trees.node_text(match.nodes['import.item'])}")
        elif "import" in match.nodes and match.settings.get("items") != "apart":
            texts.append(trees.node_text(match.nodes["import"]).strip())
    return texts


def _plain(text: str) -> str:
    return "".join(text.split()).rstrip(";").replace("'", '"')


def _end(source: Source, node: Node) -> int:
    return node.start_byte + len(source.text[node.start_byte : node.end_byte].rstrip())


def _place(grammar: Grammar, source: Source) -> int:
    """Where the first import goes: below what must come before, as a package clause, or a header comment."""
    ahead = [
        match.nodes["import.after"]
        for match in matches(grammar, "references", source.tree.root_node)
        if "import.after" in match.nodes
    ]
    if ahead:
        return trees.next_line(source.text, _end(source, ahead[-1]))
    first = next(iter(source.tree.root_node.children), None)
    if first is not None and first.type in grammar.comments:
        end = trees.next_line(source.text, _end(source, first))
        if source.text[end:].startswith((b"\n", b"\r\n")):
            return trees.next_line(source.text, end)
    return 0
