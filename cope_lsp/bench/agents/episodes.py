"""An episode: move after move, each a problem of its own, until the agent ends it or has no moves left."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from cope_lsp.bench.agents.votes import judge_by
from cope_lsp.bench.tasks import Step
from cope_lsp.cascade.problem import Kind, Problem

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from cope_lsp.bench.tasks import Solve

NO_ACTION = "That is no action. Nothing happens."
"""What follows a reply that holds no action."""

_SHORT = 60
_LEFT_OUT = "(earlier moves are left out)"

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Turn(Generic[State]):
    """What became of one move: the state after it, the action in words, what the agent observes."""

    state: State
    action: str
    observation: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for a whole episode: the task in words, how to reply, the bounds.

    `room` bounds the characters of the history that a prompt shows.
    """

    task: str
    reply_format: str
    moves: int
    reply_tokens: int
    room: int


class Scene(Protocol[State]):
    """Where an agent acts."""

    @property
    def rules(self) -> Rules:
        """What holds for a whole episode."""
        ...

    def view(self, state: State) -> str:
        """What the agent sees now."""
        ...

    def offers(self, state: State) -> tuple[str, ...]:
        """Actions that can be taken now, in words."""
        ...

    def meaning(self, state: State, reply: str) -> Hashable | None:
        """What a reply would do: equal for replies that do the same, None where it holds no action."""
        ...

    async def act(self, state: State, reply: str) -> Turn[State]:
        """Do what a reply says."""
        ...


async def play(scene: Scene[State], state: State, solve: Solve) -> State:
    """Play an episode; a move for which nothing came ends it. Returns the last state."""
    history: tuple[Turn[State], ...] = ()
    rules = scene.rules
    for _ in range(rules.moves):
        told = statement(scene, state, history)
        problem = Problem(Kind.ACTION, told, rules.reply_format, max_tokens=rules.reply_tokens)
        result = await solve(Step(problem, partial(judge_by, partial(scene.meaning, state))))
        if result.best is None:
            break
        turn = await scene.act(state, result.best.text)
        state, history = turn.state, (*history, turn)
        if turn.over:
            break
    return state


def statement(scene: Scene[State], state: State, history: Sequence[Turn[State]]) -> str:
    """One move as a problem: the task, the moves so far, what is seen now, what can be done."""
    parts = [scene.rules.task]
    if history:
        parts.append(f"So far:\n{_told(history, scene.rules.room)}")
    parts.append(f"Now:\n{scene.view(state)}")
    parts.append("You can:\n" + "\n".join(f"- {offer}" for offer in scene.offers(state)))
    parts.append(f"This is move {len(history) + 1} of at most {scene.rules.moves}.")
    return "\n\n".join(parts)


def first_line(reply: str) -> str:
    """The beginning of a reply that could not be read, for the history."""
    lines = reply.strip().splitlines() or [""]
    return lines[0][:_SHORT]


def _told(history: Sequence[Turn[State]], room: int) -> str:
    """The moves in words, the oldest left out where the room is too small for all of them."""
    kept: list[str] = []
    for turn in reversed(history):
        told = f"> {turn.action}\n{turn.observation}"
        room -= len(told)
        if kept and room < 0:
            kept.append(_LEFT_OUT)
            break
        kept.append(told)
    return "\n".join(reversed(kept))
