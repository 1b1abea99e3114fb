"""Judges made of the paper's rules, so that its four task kinds share one `solve`."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.cascade.rulings import any_pass

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cope_lsp.cascade.problem import Candidate, Inquiry, Problem, Ruling, Status


@dataclass(frozen=True, slots=True)
class Poll:
    """A judge that only compares candidates: `count` is a vote or a perplexity rule, its options bound."""

    count: Callable[[tuple[Candidate, ...], int], Ruling]

    def open(self, problem: Problem) -> Ballot:  # noqa: ARG002 -- the port's signature; a vote needs no problem
        """A fresh trial without candidates."""
        return Ballot(self.count)

    async def suppose(self, tests: tuple[str, ...]) -> None:
        """Ignore them: a vote runs nothing."""

    async def heed(self, inquiry: Inquiry, answer: str) -> None:
        """Ignore it: a vote asks nobody."""


class Ballot:
    """A trial that counts candidates."""

    def __init__(self, count: Callable[[tuple[Candidate, ...], int], Ruling]) -> None:
        self._count = count
        self._candidates: tuple[Candidate, ...] = ()

    async def add(self, candidate: Candidate) -> None:
        """Count one more candidate."""
        self._candidates += (candidate,)

    def rule(self, remaining: int) -> Ruling:
        """Count, when `remaining` more draws are possible."""
        return self._count(self._candidates, remaining)

    async def question(self) -> Inquiry | None:
        """Nothing: the paper asks nobody."""
        return None


@dataclass(frozen=True, slots=True)
class Gate:
    """A judge that runs each candidate on the given tests: the paper's rule for code."""

    check: Callable[[Problem, Candidate], Awaitable[Status]]
    seed: int = 0

    def open(self, problem: Problem) -> Passage:
        """A fresh trial without candidates."""
        return Passage(self, problem)

    async def suppose(self, tests: tuple[str, ...]) -> None:
        """Ignore them: only the given tests count."""

    async def heed(self, inquiry: Inquiry, answer: str) -> None:
        """Ignore it: the paper asks nobody."""


class Passage:
    """A trial at a gate."""

    def __init__(self, gate: Gate, problem: Problem) -> None:
        self._gate = gate
        self._problem = problem
        self._verdicts: list[tuple[Candidate, Status]] = []

    async def add(self, candidate: Candidate) -> None:
        """Run one more candidate on the tests."""
        status = await self._gate.check(self._problem, candidate)
        self._verdicts.append((candidate, status))

    def rule(self, remaining: int) -> Ruling:
        """Choose a random passing candidate, the same one for the same gate, problem and verdicts."""
        rng = random.Random(f"{self._gate.seed}/{self._problem.statement}")  # noqa: S311 -- a draw, no secret
        return any_pass(self._verdicts, rng, remaining)

    async def question(self) -> Inquiry | None:
        """Nothing: the paper asks nobody."""
        return None
