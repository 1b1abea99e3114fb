"""Candidates that wait for the user: what a job brought and did not apply, one for each target."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cope_lsp.engine.front import Ending

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.problem import Request
    from cope_lsp.engine.front import Solved
    from cope_lsp.lsp import protocol
    from cope_lsp.lsp.jobs import TargetKey


@dataclass(frozen=True, slots=True)
class Waiting:
    """A solution that waits, what was asked, the request (with the text) that it was made for, its report.

    `title` is that of the code action that applies it; empty: one is made from what it is.
    """

    job: str
    target: TargetKey
    ask: protocol.RunArguments
    request: Request
    solved: Solved
    judged_at: float
    report: Path | None
    title: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether its tests passed."""
        return self.solved.ending is Ending.ACCEPTED

    @property
    def with_answer(self) -> Waiting | None:
        """The same with the user's answer as an example; None without an answer, or a place for it."""
        edit = self.solved.with_answer
        return None if edit is None else replace(self, solved=replace(self.solved, edit=edit))


@dataclass(slots=True)
class Shelf:
    """What waits, by target."""

    _waiting: dict[TargetKey, Waiting] = field(default_factory=dict["TargetKey", Waiting])

    def put(self, waiting: Waiting) -> None:
        """Keep a solution instead of the one that waited for its target."""
        self._waiting[waiting.target] = waiting

    def at(self, target: TargetKey) -> Waiting | None:
        """What waits for a target."""
        return self._waiting.get(target)

    def of_job(self, job: str | None) -> Waiting | None:
        """What a job left behind; without a job, the latest of all."""
        newest_first = reversed(self._waiting.values())
        return next((waiting for waiting in newest_first if job in (None, waiting.job)), None)

    def drop(self, target: TargetKey) -> None:
        """Let go what waits for a target."""
        self._waiting.pop(target, None)

    def drop_document(self, uri: str) -> None:
        """Let go what waits in a document."""
        for target in [target for target in self._waiting if target.uri == uri]:
            del self._waiting[target]
