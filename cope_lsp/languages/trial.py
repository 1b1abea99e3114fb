"""What passes between `tasting` and who asks it; free of parsers, so that asking costs no start-up time."""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict

READY = b"ready\n"
"""What the child says first."""


class Answer(StrEnum):
    """What is to be said of a text; `GONE`: what it is a change of is not known here any more.

    Their order is that of exit statuses.
    """

    FINE = "fine"
    SLOW = "slow"
    MANY = "many"
    DEEP = "deep"
    GONE = "gone"
    DEADLY = "deadly"


class Request(TypedDict):
    """What is asked. `keep` names the text for changes of it to come, `since` the text it is a change of.

    `parser` names by `module:name` what gives the grammar, and what finds what it must not see.
    With `since` and `change` (start, old end, new end), the bytes that follow are the new part alone.
    """

    number: int
    parser: tuple[str, str]
    size: int
    keep: int
    since: int
    change: tuple[int, int, int]
