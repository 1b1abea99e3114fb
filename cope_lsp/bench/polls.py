"""A poll that the kinds of task without execution share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Ruling, Status
from cope_lsp.cascade.trials import Poll

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Candidate


def first_stands(candidates: tuple[Candidate, ...], remaining: int) -> Ruling:  # noqa: ARG001 -- no draw can change it
    """The first candidate, with certainty: nothing is compared."""
    if not candidates:
        return Ruling(0.0, Status.UNKNOWN)
    return Ruling(1.0, Status.PASS, candidates[0], candidates[:1], settled=True)


TAKEN = Poll(first_stands)
"""The judge of `Rulebook.TAKEN`."""
