"""What `doctor` finds, as values: one line a part, with the fix where something is missing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rich.text import Text

from cope_lsp.cli.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterable


class State(StrEnum):
    """GOOD works; BROKEN is needed and missing; ABSENT is not there and need not be."""

    GOOD = "good"
    BROKEN = "broken"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part's condition. `fix` is a command or a sentence; empty where nothing is to be done."""

    part: str
    state: State
    says: str
    fix: str = ""


_MARKS = {State.GOOD: ("✓", "green"), State.BROKEN: ("✗", "red"), State.ABSENT: ("·", "dim")}


def render(findings: Iterable[Finding]) -> Text:
    """All findings for a terminal; their words may come from a server and are not obeyed."""
    shown = Text()
    for finding in findings:
        mark, style = _MARKS[finding.state]
        shown.append(f"{mark} ", style)
        shown.append(f"{finding.part}: ", "bold")
        shown.append(f"{visible(finding.says)}\n")
        if finding.fix:
            shown.append(f"  → {visible(finding.fix)}\n", "yellow")
    return shown


def as_data(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """The same for a program."""
    return [asdict(finding) for finding in findings]
