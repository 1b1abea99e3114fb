"""The one who knows: asked at most once in a solve, beside the drawing."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.problem import NEITHER

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from cope_lsp.cascade.ports import Consult, Trial
    from cope_lsp.cascade.problem import Inquiry


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that an open question is waited for: before a payment, and where nothing else is left to do."""

    before_paying_s: float = 5.0
    at_the_end_s: float = 60.0


@dataclass(slots=True)
class Counsel:
    """Someone who may be asked one question; without `consult` there is nobody."""

    consult: Consult | None = None
    spent: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a question may still be asked."""
        return self.consult is not None and not self.spent

    async def hear(self, trial: Trial) -> tuple[Inquiry, str] | None:
        """Ask what would settle the trial; None for nothing to ask, and for no answer."""
        if self.consult is None or self.spent:
            return None
        self.spent = True  # before anything is awaited, since several draws may come here at once
        inquiry = await trial.question()
        if inquiry is None:
            self.spent = False
            return None
        answer = await self.consult(inquiry)
        if answer is None or answer not in (*inquiry.answers, NEITHER):
            return None
        return inquiry, answer


@contextmanager
def clocks_stopped(scopes: Sequence[anyio.CancelScope]) -> Generator[None]:
    """Within it the scopes' deadlines stand still: a person's time to think is not the models'."""
    left = [scope.deadline - anyio.current_time() for scope in scopes]
    for scope in scopes:
        scope.deadline = math.inf
    try:
        yield
    finally:
        for scope, seconds in zip(scopes, left, strict=True):
            scope.deadline = anyio.current_time() + seconds
