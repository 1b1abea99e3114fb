"""A language as data: its grammar, where its queries stand, and the conventions that no grammar knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

from tree_sitter import Language, Query, QueryCursor

from cope_lsp.languages import trees

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from cope_lsp.languages.running import Example
    from cope_lsp.languages.target import Imported, Target
    from cope_lsp.languages.text import Source, Span
    from cope_lsp.languages.trees import Unread

_WORD = re.compile(r"[\w$]+")
_INHERITS = re.compile(r"; inherits: ([\w.]+)$", re.MULTILINE)

Bound: TypeAlias = Callable[[str], frozenset[str]]
"""Names that the text of an import statement makes known; `*` for all there are."""

Importing: TypeAlias = "Callable[[Source, frozenset[str], str], tuple[Imported, ...]]"
"""Where names that a file uses may live in the project: the file, the names, its path from the root."""

Documented: TypeAlias = "Callable[[Source, Target], tuple[Example, ...]]"
"""What a target's documentation shows that can be run."""

Settled: TypeAlias = "Callable[[Source, Source], bytes]"
"""The text of the second with what the change from the first makes necessary elsewhere in the file."""


def words(statement: str) -> frozenset[str]:
    """Every word of an import statement, which is what most languages make known by it."""
    return frozenset({*_WORD.findall(statement), *("*" if "*" in statement else "")})


def nowhere(source: Source, names: frozenset[str], path: str) -> tuple[Imported, ...]:  # noqa: ARG001 -- the hook's signature
    """For languages whose imports name no files."""
    return ()


def unshown(source: Source, target: Target) -> tuple[Example, ...]:  # noqa: ARG001 -- the hook's signature
    """For languages whose documentation shows nothing that runs."""
    return ()


def as_it_stands(before: Source, after: Source) -> bytes:  # noqa: ARG001 -- the hook's signature
    """For languages in which an import that nothing uses does no harm."""
    return after.text


@dataclass(frozen=True, slots=True)
class Grammar:
    """A grammar with its conventions.

    `load` gives tree-sitter's grammar; `folder` is the package that holds `targets.scm`, `tests.scm`,
    `references.scm` and `comments.scm` (see `docs/languages.md` for what they capture).

    By node types: `comments`; `leading` stand above a definition and belong to it (attributes, decorators);
    `wrappers` stand around one and belong to it (an export, a template); `strings` are kept to the letter
    when code is laid out anew, from their second line on; comments among them as a whole where they have
    several lines (they may have to begin at the margin).

    `line_comment` opens a comment to the line's end. `opening` and `closing` bound a body. `stubs` are
    patterns of bodies, without comments and with single spaces, that do nothing yet; `trivial` of those that
    count as such where a comment says TODO. `hollow` is a statement that fails whenever it runs and says
    `{token}`; a first statement of a node type in `kept` stays before it (a call of another constructor).
    `members` are texts around a member alone, so that it parses. `types` are node types of scopes in which
    members alone may stand, `loose` matches what is none (a function beside a class). `above`: what code uses
    must stand above it. `unit` is one level of indentation where a file shows none.

    `powers` names what a pattern in new code can do (security, part 3.2), `reaches` is the pattern of what
    leads into the machinery that judges. `code` matches a line of code at the margin of a reply.

    `unread` finds what the parser must not see, such as macros where no word can stand. What a text can do is
    looked for there, too.
    """

    load: Callable[[], object]
    folder: str
    comments: frozenset[str]
    stubs: tuple[str, ...]
    hollow: str
    code: str
    trivial: str = ""
    reaches: str = ""
    leading: frozenset[str] = frozenset()
    wrappers: frozenset[str] = frozenset()
    strings: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    members: tuple[tuple[str, str], ...] = ()
    types: frozenset[str] = frozenset()
    loose: str = "(?!)"
    above: bool = False
    powers: tuple[tuple[str, str], ...] = ()
    line_comment: str = "//"
    opening: str = "{"
    closing: str = "}"
    unit: str = "    "
    bound: Bound = field(default=words)
    imported: Importing = field(default=nowhere)
    documented: Documented = field(default=unshown)
    settled: Settled = field(default=as_it_stands)
    unread: Unread = field(default=trees.nothing)


TOKEN = "cope: not written"  # noqa: S105 -- no secret
"""What a hollow body says when it runs: a test whose failure shows it went through the target."""


@dataclass(frozen=True, slots=True)
class Match:
    """One match of a query: nodes by capture, and what its pattern sets (`#set!`)."""

    nodes: Mapping[str, Node]
    settings: Mapping[str, str | None]


@cache
def language(grammar: Grammar) -> Language:
    """Tree-sitter's language, loaded once."""
    return Language(grammar.load())


@cache
def reader(grammar: Grammar) -> trees.Reader:
    """How the language's texts become trees."""
    return trees.Reader(language(grammar), grammar.unread)


@cache
def query(grammar: Grammar, name: str) -> Query:
    """The query of that name in the language's folder, after what it inherits."""
    return Query(language(grammar), _patterns(grammar.folder, name))


def _patterns(folder: str, name: str) -> str:
    """A query's text; its first line may name a package whose query of the same name comes before it."""
    text = (files(folder) / f"{name}.scm").read_text("utf-8")
    inherited = _INHERITS.match(text)
    return f"{_patterns(inherited[1], name)}\n{text}" if inherited else text


def matches(grammar: Grammar, name: str, root: Node, span: Span | None = None) -> Iterator[Match]:
    """Matches of a query, in order; only those that touch `span`."""
    wanted = query(grammar, name)
    cursor = QueryCursor(wanted)
    if span is not None:
        cursor.set_byte_range(span.start, max(span.end, span.start + 1))
    for pattern, captures in cursor.matches(root):
        nodes = {capture: found[0] for capture, found in captures.items()}
        yield Match(nodes, wanted.pattern_settings(pattern))


def parse(grammar: Grammar, text: bytes) -> Source:
    """Parse from nothing."""
    return trees.parse(reader(grammar), text)


def comments(grammar: Grammar, root: Node, span: Span | None = None) -> Iterator[Node]:
    """Comments, in order."""
    return (match.nodes["comment"] for match in matches(grammar, "comments", root, span))


def mentioned(root: Node, span: Span | None = None) -> frozenset[str]:
    """Identifiers of any kind in a tree, or in the part that `span` covers."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if span is not None and (node.end_byte <= span.start or node.start_byte >= span.end):
            continue
        if node.child_count:
            waiting += node.children
        elif (node.is_named and "identifier" in node.type) or node.type in _NAMES:
            found.add(trees.node_text(node))
    return frozenset(found)


_NAMES = frozenset({"constant", "name", "word"})
