"""What a coding agent can say, as text and as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """All that can be done."""

    READ = "read"
    SEARCH = "search"
    EDIT = "edit"
    TEST = "run tests"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Swap:
    """A part of a file as it is, and as it should be."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Action:
    """An action on a file (`argument` is its path), or a text to look for.

    An edit has either `swaps` or `code`: a definition that takes the place of its namesake, or a whole file.
    """

    verb: Verb
    argument: str = ""
    swaps: tuple[Swap, ...] = ()
    code: str = ""

    @property
    def words(self) -> str:
        """The action in one line."""
        return f"{self.verb} {self.argument}".strip()


def read_action(reply: str) -> Action | None:
    """The first action in a reply; an edit without a complete block is none."""
    for found in _HEAD.finditer(reply):
        verb = Verb(" ".join(found["verb"].lower().split()))
        argument = (found["argument"] or "").strip(_QUOTES)
        if verb is Verb.EDIT:
            return _edit(argument, reply[found.end() :])
        if bool(argument) == (verb in {Verb.READ, Verb.SEARCH}):
            return Action(verb, argument)
    return None


_QUOTES = " \t`'\"*"
_HEAD = re.compile(
    r"^[^\w\n]*(?:action\W*:\W*)?"
    r"(?P<verb>(?:read|search|edit)(?=[ \t])|run[ \t]+tests|finish)\b"
    r"(?:[ \t]+(?P<argument>[^\n]+?))?[ \t.`*]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SWAP = re.compile(
    r"^<{5,} ?SEARCH[ \t]*\n(?P<old>.*?)^={5,}[ \t]*\n(?P<new>.*?)^>{5,} ?REPLACE",
    re.DOTALL | re.MULTILINE,
)
_FENCED = re.compile(r"^```[^\n]*\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE)


def _edit(path: str, below: str) -> Action | None:
    swaps = tuple(Swap(found["old"], found["new"]) for found in _SWAP.finditer(below))
    if swaps:
        return Action(Verb.EDIT, path, swaps)
    fenced = _FENCED.search(below)
    return Action(Verb.EDIT, path, code=fenced["code"]) if fenced is not None else None
