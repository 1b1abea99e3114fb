"""What the driver saw of each step, from records that carry its code; and what that says of a case."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.grammar.grammar import TOKEN
from cope_lsp.languages.running import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOWN = 2000
_QUOTED = re.compile(r"\s*\d*\s*\|")
_BRIEF = 300


@dataclass(frozen=True, slots=True)
class Result:
    """One step: its exit status (negative for a signal), both streams, whether its time ran out."""

    id: str
    exit: int
    out: str
    err: str
    timed_out: bool
    seconds: float

    @property
    def said(self) -> str:
        """Both streams, errors last."""
        return "\n".join(text.strip() for text in (self.out, self.err) if text.strip())


def results(records: bytes, key: str) -> Mapping[str, Result]:
    """The authentic results by step; the first of a name counts."""
    found: dict[str, Result] = {}
    for line in records.splitlines():
        code, _, body = line.partition(b" ")
        if hmac.compare_digest(hmac.new(key.encode(), body, hashlib.sha256).hexdigest().encode(), code):
            said: dict[str, Any] = json.loads(body)
            result = Result(**{name: said[name] for name in Result.__slots__})
            found.setdefault(result.id, result)
    return found


def passed(case: str) -> Verdict:
    """A case that passed, in a process of its own; that it goes through the target its failure has shown."""
    return Verdict(case, Outcome.PASSED, ran_target=True)


def failed(case: str, detail: str, brief: str = "") -> Verdict:
    """A case that failed; it went through the target where it says what an emptied one says."""
    told = _middle_out(detail.strip(), _SHOWN)
    return Verdict(case, Outcome.FAILED, went_through(detail), detail=told, brief=brief[:_BRIEF])


def went_through(said: str) -> bool:
    """Whether an emptied target ran: it said so itself, and no compiler's quotation of its source did."""
    return any(TOKEN in line and not _QUOTED.match(line) for line in said.splitlines())


def judged(case: str, result: Result | None, *, ok: bool, detail: str = "", brief: str = "") -> Verdict:
    """The verdict on a case that one step tried; `ok` is what its report says, and its end must agree."""
    if result is None:
        return Verdict(case, Outcome.MISSING, detail="it was not reached")
    if result.timed_out:
        gone = went_through(result.said)
        return Verdict(case, Outcome.TIMED_OUT, gone, detail=f"no end after {result.seconds:.0f} s")
    if ok and result.exit == 0:
        return passed(case)
    return failed(case, detail or result.said or f"exit status {result.exit}", brief)


def unbuilt(case: str, build: Result | None, what: str) -> Verdict:
    """A case that could not be tried, since `what` was not built."""
    if build is None:
        return Verdict(case, Outcome.MISSING, detail=f"{what} was not built")
    if build.timed_out:
        return Verdict(case, Outcome.ERRORED, detail=f"{what} took more than {build.seconds:.0f} s to build")
    return Verdict(
        case,
        Outcome.ERRORED,
        detail=f"{what} does not build:\n{_middle_out(build.said, _SHOWN)}",
        brief="it does not compile",
    )


def _middle_out(text: str, most: int) -> str:
    """The text without its middle where it is long."""
    return text if len(text) <= most else f"{text[: most // 2]}\n…\n{text[-most // 2 :]}"
