"""What the cascade needs from outside, as protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias

    from cope_lsp.cascade.problem import (
        Candidate,
        Completion,
        Inquiry,
        Plan,
        Problem,
        Prompt,
        Remembered,
        Ruling,
    )

    Consult: TypeAlias = Callable[[Inquiry], Awaitable[str | None]]
    """Asks the one who knows; one of the answers, `NEITHER`, or None for no answer."""


class Model(Protocol):
    """A model that answers a prompt."""

    @property
    def name(self) -> str:
        """Model name as shown to people and kept in records."""
        ...

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer once; cancelling closes the connection. Raises: ModelError."""
        ...


class Trial(Protocol):
    """All candidates for one problem before one judge."""

    async def add(self, candidate: Candidate) -> None:
        """Gather evidence for one more candidate; may run alongside other `add` calls."""
        ...

    def rule(self, remaining: int) -> Ruling:
        """Rule over the candidates so far, when `remaining` more draws are possible."""
        ...

    async def question(self) -> Inquiry | None:
        """What would tell apart the candidates that are left; None where nothing would."""
        ...


class Judge(Protocol):
    """Opens trials. What it learns holds for all of them, earlier candidates included."""

    def open(self, problem: Problem) -> Trial:
        """A fresh trial without candidates."""
        ...

    async def suppose(self, tests: tuple[str, ...]) -> None:
        """Weigh tests that a model wrote; they may be wrong, so they never decide alone."""
        ...

    async def heed(self, inquiry: Inquiry, answer: str) -> None:
        """Hold every candidate to what the one who knows said."""
        ...


class PlanStore(Protocol):
    """Plans and accepted solutions that outlive the process. Both may forget; neither may raise."""

    async def get(self, key: str) -> Plan | None:
        """The plan stored under `key`."""
        ...

    async def put(self, key: str, plan: Plan) -> None:
        """Keep a plan."""
        ...

    async def recall(self, key: str) -> Remembered | None:
        """The accepted solution stored under `key`; it is judged again before use."""
        ...

    async def remember(self, key: str, solution: Remembered) -> None:
        """Keep an accepted solution."""
        ...
