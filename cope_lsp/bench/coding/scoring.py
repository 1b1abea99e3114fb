"""Whether a reply is right, by what no prompt, judge or strategy sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.bench.coding.judging import read_once
from cope_lsp.bench.coding.kept import key
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.running import Example, Outcome

if TYPE_CHECKING:
    from cope_lsp.bench.coding.judging import Desk
    from cope_lsp.cascade.problem import Candidate


@dataclass(frozen=True, slots=True)
class Hidden:
    """What only the score may see: the reference as a whole file, and the benchmark's `check(candidate)`."""

    entry_point: str
    reference: str
    test: str


async def is_right(hidden: Hidden, desk: Desk, candidate: Candidate | None) -> bool:
    """Whether the file with the candidate in it passes the hidden tests; what is unreadable does not."""
    if candidate is None:
        return False
    text = read_once(desk, candidate).text
    if text is None:
        return False
    name = key("right", hidden.test, hidden.entry_point, text.decode())
    known = desk.kept.get(name)
    if known is None:
        tried = await attempt(desk.bench, desk.asked.request, text, Cases((check(hidden),)))
        verdict = tried.verdicts.get("example:0")
        known = verdict is not None and verdict.outcome is Outcome.PASSED
        if not tried.problem:
            desk.kept.put(name, known)
    return known


def check(hidden: Hidden) -> Example:
    """The hidden test as an example; the candidate is kept first, since it may be called `check` too."""
    setup = (f"candidate = {hidden.entry_point}", hidden.test)
    return Example("check(candidate)", "None", setup, form="==")
