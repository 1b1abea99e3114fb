"""What every kind of task offers to a strategy: something to solve, judges for it, and a hidden score."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from cope_lsp.cascade.ports import Judge
from cope_lsp.cascade.solve import Result

if TYPE_CHECKING:
    from cope_lsp.cascade.ports import Consult
    from cope_lsp.cascade.problem import Kind, Problem


class Rulebook(StrEnum):
    """How candidates are ruled on.

    PAPER: the paper's rule for the kind (a gate, a vote, a perplexity). OURS: the product's for code, the
    paper's elsewhere. AGREEMENT: a vote, for code by behaviour among those that pass the gate. TAKEN: the
    first candidate stands, unjudged, with certainty.
    """

    PAPER = "paper"
    OURS = "ours"
    AGREEMENT = "agreement"
    TAKEN = "taken"


Judges: TypeAlias = Callable[[Rulebook, int], Judge]
"""A judge by rulebook and seed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One problem to solve: a task, or a move of an agent; `consult` is a simulated user who knows."""

    problem: Problem
    judges: Judges
    consult: Consult | None = None


Solve: TypeAlias = Callable[[Step], Awaitable[Result]]
"""Solves a step by the strategy at work."""


class Task(Protocol):
    """One problem of a set."""

    @property
    def id(self) -> str:
        """Its name, unique in all sets of a run."""
        ...

    @property
    def kind(self) -> Kind:
        """The paper's kind of task."""
        ...

    async def work(self, solve: Solve) -> float:
        """Have it solved, step by step, and score what came: 1.0 is right, 0.0 wrong."""
        ...
