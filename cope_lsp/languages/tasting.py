"""A process of its own that parses texts before anyone else does: it may hang, grow or die of one.

`python -I -m cope_lsp.languages.tasting` says `ready`, then answers each request with one line. A request is
a line of JSON (`Request`) and as many bytes as it says; the answer is one of `Answer`, or no answer at all.
"""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, TypedDict

from tree_sitter import Language as Grammar

from cope_lsp.languages import trees
from cope_lsp.languages.text import Source, Span, TextChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

    from tree_sitter import Tree

READY = b"ready\n"

MOST_NODES = 300_000
DEEPEST = 1_000
"""Levels beyond which a tree is not read: what looks from a node to the root would take forever."""

_KEPT_BYTES = 4 << 20
_MEMORY = 1 << 30
_LONGEST_S = 2.0
_LONGEST_STEP_S = 0.5


class Answer(StrEnum):
    """What is to be said of a text; `GONE`: what it is a change of is not known here any more."""

    FINE = "fine"
    SLOW = "slow"
    MANY = "many"
    DEEP = "deep"
    GONE = "gone"


class Request(TypedDict):
    """What is asked. `keep` names the text for changes of it to come, `since` the text it is a change of.

    With `since` and `change` (start, old end, new end), the bytes that follow are the new part alone.
    """

    parser: tuple[str, str]
    size: int
    keep: int
    since: int
    change: tuple[int, int, int]


@dataclass(slots=True)
class Kept:
    """Texts by name, the latest last; 0 is no name."""

    sources: dict[int, Source] = field(default_factory=dict[int, Source])

    def add(self, name: int, source: Source) -> None:
        """Keep one, and as many of those before it as there is room for."""
        if not name:
            return
        self.sources[name] = source
        while sum(len(each.text) for each in self.sources.values()) > _KEPT_BYTES and len(self.sources) > 1:
            del self.sources[next(iter(self.sources))]


def main() -> None:
    """Answer until the input ends."""
    _limit_memory()
    kept, incoming, outgoing = Kept(), sys.stdin.buffer, sys.stdout.buffer
    _say(outgoing, READY)
    while line := incoming.readline():
        request: Request = json.loads(line)
        part = incoming.read(request["size"])
        _set_alarm(_LONGEST_STEP_S if request["since"] else _LONGEST_S)
        said = answer(kept, request, part)
        _set_alarm(0)
        _say(outgoing, f"{said}\n".encode())


def answer(kept: Kept, request: Request, part: bytes) -> Answer:
    """Parse a text in the very way in which the asking process will."""
    grammar = _grammar(*request["parser"])
    previous = kept.sources.pop(request["since"], None)
    if previous is None and request["since"]:
        return Answer.GONE
    if previous is None:
        source = trees.parse(grammar, part)
        spans = [Span(0, len(part))]
    else:
        change = TextChange(*request["change"])
        text = previous.text[: change.start] + part + previous.text[change.old_end :]
        source = trees.reparse(grammar, previous, text, (change,))
        spans = _changed(previous, source, change)
    said = Answer.SLOW if source.given_up else bounds(source.tree, spans)
    if said is Answer.FINE:
        kept.add(request["keep"], source)
    return said


def bounds(tree: Tree, spans: Iterable[Span]) -> Answer:
    """Whether a tree can be read in good time, where it is new."""
    if tree.root_node.descendant_count > MOST_NODES:
        return Answer.MANY
    deep = any(_depth(tree, span) > DEEPEST for span in spans)
    return Answer.DEEP if deep else Answer.FINE


def _depth(tree: Tree, span: Span) -> int:
    """The deepest level of what stands in a span."""
    cursor, depth = tree.walk(), 0
    while cursor.goto_first_child_for_byte(span.start) is not None:
        depth += 1
    deepest = depth
    while True:
        if cursor.goto_first_child():
            depth += 1
            deepest = max(deepest, depth)
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return deepest
            depth -= 1
        if cursor.node is None or cursor.node.start_byte >= span.end:
            return deepest


def _changed(previous: Source, source: Source, change: TextChange) -> list[Span]:
    before = trees.edited(previous, source.text, change)
    ranges = before.changed_ranges(source.tree)
    return [Span(each.start_byte, max(each.end_byte, each.start_byte + 1)) for each in ranges]


@cache
def _grammar(module: str, name: str) -> Grammar:
    load: Callable[[], object] = getattr(import_module(module), name)
    return Grammar(load())


def _say(outgoing: BinaryIO, line: bytes) -> None:
    outgoing.write(line)
    outgoing.flush()


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 -- there is none on Windows

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _set_alarm(seconds: float) -> None:
    # Processor time, not that of a clock: a busy machine condemns no text. Without a handler the signal
    # ends the process, also where it never comes back to Python.
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main()
