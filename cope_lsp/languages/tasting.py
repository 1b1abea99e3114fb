"""A process of its own that parses texts before anyone else does: it may hang, grow or die of one.

`python -I -m cope_lsp.languages.tasting` says `ready`, then answers each request with one line: its number
and one of `Answer`. A request is a line of JSON (`Request`) and as many bytes as it says.

A text that nobody knows yet is parsed in a fork, so that the steps of others do not wait for it. A step from
one text to the next, such as a keystroke, is too short for that; where it ends this process, the text is
asked about once more, from nothing.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tree_sitter import Language as Grammar

from cope_lsp.languages import trees
from cope_lsp.languages.text import Source, Span, TextChange
from cope_lsp.languages.trial import READY, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Tree, TreeCursor

    from cope_lsp.languages.trial import Request

MOST_NODES = 300_000
DEEPEST = 1_000
"""Levels beyond which a tree is not read: what looks from a node to the root would take forever."""

_KEPT_BYTES = 4 << 20
_MEMORY = 1 << 30
_CHUNK = 1 << 16
_FORKS = hasattr(os, "fork")
_MOST_TRIALS = 2
_LONGEST_S = 2.0
_LONGEST_STEP_S = 0.5


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


@dataclass(frozen=True, slots=True)
class Trial:
    """A fork that parses a text; `end` is a pipe that closes when it has ended."""

    pid: int
    end: int
    request: Request
    text: bytes


@dataclass(slots=True)
class Work:
    """What came in and is not answered yet."""

    kept: Kept = field(default_factory=Kept)
    received: bytearray = field(default_factory=bytearray)
    waiting: deque[tuple[Request, bytes]] = field(default_factory=deque[tuple["Request", bytes]])
    trials: list[Trial] = field(default_factory=list[Trial])


def main() -> None:
    """Answer until the input ends."""
    _limit_memory()
    gc.disable()  # nothing here is cyclic, and a keystroke waits for each step
    work = Work()
    _say(READY)
    while True:
        while work.waiting and len(work.trials) < _MOST_TRIALS:
            _begin(work, *work.waiting.popleft())
        ready = _ready([0, *(trial.end for trial in work.trials)])
        for trial in [each for each in work.trials if each.end in ready]:
            work.trials.remove(trial)
            _answer(work.kept, trial.request, trial.text, _outcome(trial))
        if 0 in ready and not _receive(work):
            return


def _receive(work: Work) -> bool:
    """Take in what is there, and answer steps at once; False at the end of the input."""
    piece = os.read(0, _CHUNK)
    work.received += piece
    while (end := work.received.find(b"\n") + 1) > 0:
        request: Request = json.loads(work.received[:end])
        if len(work.received) < end + request["size"]:
            break
        part = bytes(work.received[end : end + request["size"]])
        del work.received[: end + request["size"]]
        if request["since"] or not _FORKS:
            _answer(work.kept, request, part, Answer.FINE)
        else:
            work.waiting.append((request, part))
    return bool(piece)


def _begin(work: Work, request: Request, text: bytes) -> None:
    end, held = os.pipe()
    pid = os.fork()
    if not pid:
        said = Answer.DEADLY
        try:
            os.close(end)
            _set_alarm(_LONGEST_S)
            said = answer(Kept(), request, text)
        finally:
            os._exit(list(Answer).index(said))
    os.close(held)
    work.trials.append(Trial(pid, end, request, text))


def _outcome(trial: Trial) -> Answer:
    os.close(trial.end)
    status = os.waitstatus_to_exitcode(os.waitpid(trial.pid, 0)[1])
    if status == -signal.SIGPROF:
        return Answer.SLOW
    return list(Answer)[status] if 0 <= status < len(Answer) else Answer.DEADLY


def _answer(kept: Kept, request: Request, part: bytes, tried: Answer) -> None:
    """Say what came of a trial; after a good one the text is parsed here too if it is to be kept."""
    said = tried
    if tried is Answer.FINE and (request["keep"] or not _FORKS):
        _set_alarm(_LONGEST_STEP_S if request["since"] else _LONGEST_S)
        said = answer(kept, request, part)
        _set_alarm(0)
    _say(f"{request['number']} {said}\n".encode())


def _ready(descriptors: list[int]) -> list[int]:
    # Windows waits for sockets only; without forks there is nothing else to wait for.
    return select.select(descriptors, [], [])[0] if _FORKS else [0]


def answer(kept: Kept, request: Request, part: bytes) -> Answer:
    """Parse a text in the very way in which the asking process will."""
    reader = _reader(*request["parser"])
    previous = kept.sources.pop(request["since"], None)
    if previous is None and request["since"]:
        return Answer.GONE
    if previous is None:
        source = trees.parse(reader, part)
        spans = [Span(0, len(part))]
    else:
        change = TextChange(*request["change"])
        text = previous.text[: change.start] + part + previous.text[change.old_end :]
        source, before = trees.step(reader, previous, text, change)
        spans = _changed(before, source.tree)
    said = Answer.SLOW if source.given_up else bounds(source.tree, spans)
    if said is Answer.FINE:
        kept.add(request["keep"], source)
    return said


def bounds(tree: Tree, spans: Iterable[Span]) -> Answer:
    """Whether a tree can be read in good time, where it is new."""
    if tree.root_node.descendant_count > MOST_NODES:
        return Answer.MANY
    return Answer.DEEP if any(_is_deep(tree, span) for span in spans) else Answer.FINE


def _is_deep(tree: Tree, span: Span) -> bool:
    """Whether something in a span stands deeper than `DEEPEST`; what has few nodes is not looked into."""
    cursor, depth = tree.walk(), 0
    while depth <= DEEPEST:
        node = cursor.node
        if node is None or node.start_byte >= span.end:
            return False
        if depth + node.descendant_count > DEEPEST and _enter(cursor, span):
            depth += 1
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False
            depth -= 1
    return True


def _enter(cursor: TreeCursor, span: Span) -> bool:
    """Go to the first child that does not end before a span."""
    return cursor.goto_first_child_for_byte(span.start) is not None


def _changed(before: Tree, after: Tree) -> list[Span]:
    ranges = before.changed_ranges(after)
    return [Span(each.start_byte, max(each.end_byte, each.start_byte + 1)) for each in ranges]


@cache
def _reader(grammar: str, unread: str) -> trees.Reader:
    load: Callable[[], object] = _named(grammar)
    return trees.Reader(Grammar(load()), _named(unread))


def _named(place: str) -> Callable[..., Any]:
    """The function at `module:name`."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def _say(line: bytes) -> None:
    os.write(1, line)


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
