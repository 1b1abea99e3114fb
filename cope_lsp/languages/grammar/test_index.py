"""Which tests of some files go through a target, by the names that they mention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages import trees
from cope_lsp.languages.grammar.grammar import matches, mentioned, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from cope_lsp.languages.grammar.grammar import Grammar, Match
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source

MOST = 40
"""Tests beyond which the rest is left out."""

_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A test in a file: its name as written, names of the suites around it, how far it is from the target."""

    path: str
    name: str
    suites: tuple[str, ...]
    distance: int
    line: int


def reaching(grammar: Grammar, target: Target, files: Mapping[str, bytes]) -> tuple[Found, ...]:
    """Tests that mention the target, directly or through helpers of their file; nearest first.

    Of a method, tests that mention its type and it come first, tests that mention its name alone after them.
    """
    found = [each for path, text in files.items() for each in _in_file(grammar, target, path, text)]
    return tuple(sorted(found, key=lambda each: each.distance)[:MOST])


def text_of(grammar: Grammar, source: Source, case: str) -> str:
    """The test that a runner's id names, as it stands in its file, at the margin; empty where none does.

    Of several whose names the id ends with, the longest name in suites that the id holds too.
    """
    wanted = _said(case.partition("::")[2] or case)
    best: tuple[int, str] = (0, "")
    seen = list(matches(grammar, "tests", source.tree.root_node))
    suites = _suites(seen)
    for match in seen:
        node = match.nodes.get("test")
        name = _said(_name(match.nodes["name"])) if node is not None else ""
        if node is None or not name or not (wanted.endswith(name) or name.endswith(wanted)):
            continue
        around = map(_said, _around(node, suites))
        rank = len(name) + sum(len(suite) for suite in around if f" {suite} " in f" {wanted} ")
        if rank > best[0]:
            best = (rank, trees.at_margin(source, trees.span_of(node)))
    return best[1]


def _said(name: str) -> str:
    """The words of a name, however a string or a runner writes it."""
    return " ".join(re.findall(r"\w+", re.sub(r"\\(.)", r"\1", name)))


def _in_file(grammar: Grammar, target: Target, path: str, text: bytes) -> Iterator[Found]:
    if target.name.encode() not in text:
        return
    root = parse(grammar, text).tree.root_node
    seen = list(matches(grammar, "tests", root))
    suites = _suites(seen)
    helpers = {
        _name(match.nodes["name"]): mentioned(match.nodes["helper"])
        for match in seen
        if "helper" in match.nodes
    }
    setup = [mentioned(match.nodes["setup"]) for match in seen if "setup" in match.nodes]
    for match in seen:
        if "test" not in match.nodes:
            continue
        node = match.nodes["test"]
        distance = _distance(target, mentioned(node).union(*setup), helpers)
        if distance is not None:
            around = _around(node, suites)
            yield Found(path, _name(match.nodes["name"]), around, distance, node.start_point.row)


def _suites(seen: list[Match]) -> dict[int, str]:
    """The names of suites by their nodes."""
    return {match.nodes["suite"].id: _name(match.nodes["name"]) for match in seen if "suite" in match.nodes}


def _around(node: Node, suites: Mapping[int, str]) -> tuple[str, ...]:
    """The names of the suites around a test, outermost first."""
    return tuple(suites[each.id] for each in reversed([*trees.ancestors(node)]) if each.id in suites)


def _distance(target: Target, names: frozenset[str], helpers: Mapping[str, frozenset[str]]) -> int | None:
    """How many helpers a test goes through; one more where it never mentions the target's type."""
    known = names
    for depth in range(_DEPTH):
        if target.name in known:
            return depth if not target.parents or target.parents[-1] in known else depth + 1
        wider = known.union(*(helpers[name] for name in known if name in helpers))
        if wider == known:
            return None
        known = wider
    return None


def _name(node: Node) -> str:
    """The name as written; of a string literal, what it says."""
    text = trees.node_text(node)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'`" else text
