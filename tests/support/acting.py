"""Scripted players for agent tasks: models behind the bench's own `attempt`, nothing patched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import lowlevel

from cope_lsp.bench.attempts import Pair, Side, attempt
from cope_lsp.bench.records import Records
from cope_lsp.bench.strategies import BASE, PAPERS
from cope_lsp.cascade.problem import Completion, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.records import Call
    from cope_lsp.bench.tasks import Task
    from cope_lsp.cascade.problem import Prompt

STRATEGIES = {strategy.name: strategy for strategy in (*BASE, *PAPERS)}
PLAN = "Do the next thing."
"""What scripted models plan, whatever they are asked."""


@dataclass(slots=True)
class Actor:
    """A source that answers by script: `says` maps the move (from 0) and the call's number to a reply.

    `asked` holds all prompts.
    """

    says: Callable[[int, int], str]
    asked: list[Prompt] = field(default_factory=list["Prompt"])

    async def answer(self, call: Call, prompt: Prompt, task: str) -> Completion | None:  # noqa: ARG002 -- the port's signature
        """Reply to a prompt."""
        await lowlevel.checkpoint()
        self.asked.append(prompt)
        told = text_of(prompt)
        move = int(re.findall(r"^This is move (\d+) of", told, re.MULTILINE)[-1]) - 1
        planning = "State the goal of" in told or "Explain how to solve" in told
        said = PLAN if planning else self.says(move, call.number)
        return Completion(said, call.model, Usage(10, 0, 2, 0.1, 0.0, calls=1))

    @property
    def told(self) -> str:
        """Everything that was asked."""
        return "\n".join(text_of(prompt) for prompt in self.asked)


def text_of(prompt: Prompt) -> str:
    """All messages of a prompt."""
    return "\n".join(message.content for message in prompt.messages)


def following(script: Sequence[str]) -> Actor:
    """An actor that makes the moves of a script, and its last one for ever."""
    return Actor(lambda move, _number: script[min(move, len(script) - 1)])


async def played(task: Task, strategy: str, small: Actor, large: Actor | None = None) -> Attempt:
    """An attempt at a task by scripted models; a large one that is not given plays as the small one."""
    pair = Pair(Side("small", small), Side("large", large or small), Records())
    return await attempt(task, STRATEGIES[strategy], pair, {})
