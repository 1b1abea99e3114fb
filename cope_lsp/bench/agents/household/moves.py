"""What an agent can say: one verb with a thing and a place, as text and as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Verb(StrEnum):
    """All that can be done."""

    GO = "go"
    OPEN = "open"
    CLOSE = "close"
    TAKE = "take"
    PUT = "put"
    CLEAN = "clean"
    HEAT = "heat"
    COOL = "cool"
    LOOK = "look"
    INVENTORY = "inventory"


@dataclass(frozen=True, slots=True)
class Move:
    """An action; `place` is a room for GO. Empty names were not said."""

    verb: Verb
    thing: str = ""
    place: str = ""

    @property
    def words(self) -> str:
        """The action as an agent is taught to say it."""
        joint = _JOINTS.get(self.verb, "") if self.thing and self.place else ""
        return " ".join(part for part in (self.verb, self.thing, joint, self.place) if part)


def read_move(reply: str) -> Move | None:
    """The action in a reply: the one after `Action:`, else the first line that is one."""
    moves = (_move(line) for line in (*_announced(reply), *reply.splitlines()))
    return next((move for move in moves if move is not None), None)


_JOINTS = {Verb.TAKE: "from", Verb.PUT: "in", Verb.CLEAN: "with", Verb.HEAT: "with", Verb.COOL: "with"}
_ANNOUNCED = re.compile(r"^\W*action\W*:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_BULLET = re.compile(r"^(?:-|\d+)\s+")
_ARTICLES = re.compile(r"\b(?:the|a|an)\s+")
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<verb>go)\s+(?:to\s+|into\s+)?(?P<place>.+)",
        r"(?P<verb>open|close)\s+(?P<place>.+)",
        r"(?P<verb>take)\s+(?P<thing>.+?)(?:\s+(?:from|out of)\s+(?P<place>.+))?",
        r"(?P<verb>put)\s+(?P<thing>.+?)\s+(?:in/on|into|in|onto|on|to)\s+(?P<place>.+)",
        r"(?P<verb>clean|heat|cool)\s+(?P<thing>.+?)(?:\s+(?:with|in|at|on|under)\s+(?P<place>.+))?",
        r"(?P<verb>look|inventory)(?:\s+around)?",
    )
)


def _announced(reply: str) -> Iterator[str]:
    yield from (found[1] for found in _ANNOUNCED.finditer(reply))


def _move(line: str) -> Move | None:
    said = " ".join(re.sub(r"[`*\"'>.!)]", " ", line.lower()).split())
    said = _ARTICLES.sub("", _BULLET.sub("", said))
    for form in _FORMS:
        found = form.fullmatch(said)
        if found is not None:
            parts = found.groupdict()
            return Move(Verb(parts["verb"]), parts.get("thing") or "", parts.get("place") or "")
    return None
