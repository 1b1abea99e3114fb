"""What a front end (`lsp`, `cli`) and the engine say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from cope_lsp.cascade.presets import GUIDED, LARGE, SMALL
from cope_lsp.cascade.problem import Usage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cope_lsp.cascade.events import Event
    from cope_lsp.cascade.ports import Consult
    from cope_lsp.cascade.problem import Candidate
    from cope_lsp.code.answers import Answer as UserSaid
    from cope_lsp.code.problem import Edit
    from cope_lsp.models.provider import Loading

NOTHING_SPENT = Usage()
WHERE = {SMALL: "local", GUIDED: "local, with a plan", LARGE: "large model", "recall": "remembered"}
"""What people read for a stage."""

_HALF_A_CENT = 0.005


class Ending(StrEnum):
    """How a solve ended, before anything was delivered."""

    ACCEPTED = "accepted"
    UNVERIFIED = "unverified"
    NOTHING = "nothing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Solved:
    """What a front end shows.

    `message` is the one line for people (evidence, where from, money, seconds). `edit` is None when
    nothing usable came. `text` is an explanation instead: a model's Markdown, untrusted. `report` is
    Markdown. `ask_large_usd` is the highest price of asking the large model next, where one is set and
    was not asked; None otherwise.
    """

    ending: Ending
    message: str
    edit: Edit | None = None
    confidence: float = 0.0
    stage: str = ""
    usage: Usage = NOTHING_SPENT
    report: str = ""
    ask_large_usd: float | None = None
    evidence_files: tuple[str, ...] = ()
    candidate: Candidate | None = None
    text: str = ""
    said: UserSaid | None = None
    with_answer: Edit | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the user may allow: a first call to a host and model, with its price."""

    text: str
    preview: str
    host: str
    model: str


class Answer(StrEnum):
    """What the user said; silence and errors are NEVER for this time only (`NO`)."""

    ONCE = "once"
    ALWAYS = "always"
    NO = "no"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Front:
    """The front end's side of a solve: what it is told, and what it is asked.

    `pull` asks whether a missing local model is to be fetched; None: it is not. `enough` resolves when
    the user wants the best so far now; None: they cannot say so. `consult` asks what a call must give, where
    candidates differ on it; None: nobody is asked. `job` names the request in the ledger
    and in the record of what was sent; empty: a name is made.
    """

    observe: Callable[[Event | Loading], None]
    ask: Callable[[Question], Awaitable[Answer]]
    enough: Callable[[], Awaitable[object]] | None = None
    pull: Callable[[str], Awaitable[bool]] | None = None
    consult: Consult | None = None
    job: str = ""


class Reach(StrEnum):
    """How far a request may go: `LOCAL` never calls a large model, `LARGE` starts at it."""

    LOCAL = "local"
    CASCADE = "cascade"
    LARGE = "large"


def money(cost_usd: float | None) -> str:
    """An amount as people read it; an unknown one says so."""
    if cost_usd is None:
        return "cost unknown"
    digits = 4 if 0 < cost_usd < _HALF_A_CENT else 2
    return f"${cost_usd:.{digits}f}"
