"""Proves that a world can be solved, by its shortest plan."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from cope_lsp.bench.agents.household.doings import MAKES, act, offers
from cope_lsp.bench.agents.household.moves import Verb
from cope_lsp.bench.agents.household.world import is_done

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.bench.agents.household.moves import Move
    from cope_lsp.bench.agents.household.world import State, World


def shortest_plan(world: World) -> tuple[Move, ...] | None:
    """The shortest plan, breadth first; None where there is none.

    It knows where everything is, so an agent that must look needs more moves. It puts nothing down on the
    way and takes, opens and closes only what the goal is about.
    """
    matters = _relevance(world)
    queue: deque[State] = deque([world.start])
    came: dict[State, tuple[State, Move] | None] = {world.start: None}
    while queue:
        state = queue.popleft()
        if is_done(world, state):
            return _way_to(state, came)
        for move in filter(matters, offers(world, state)):
            following, _ = act(world, state, move)
            if following not in came:
                came[following] = state, move
                queue.append(following)
    return None


def _relevance(world: World) -> Callable[[Move], bool]:
    """Whether an action may be part of a shortest plan."""
    kinds = {wish.kind for wish in world.wishes}
    wanted = [thing for thing in world.start.things if thing.kind in kinds]
    names = {thing.name for thing in wanted}
    goals = {wish.place for wish in world.wishes}
    opened = goals | {thing.where for thing in wanted}
    conditions = {wish.condition for wish in world.wishes}

    def matters(move: Move) -> bool:
        match move.verb:
            case Verb.OPEN:
                return move.place in opened
            case Verb.CLOSE:
                return move.place in world.shut
            case Verb.TAKE:
                return move.thing in names
            case Verb.PUT:
                return move.place in goals
            case Verb.GO:
                return True
            case _:
                return MAKES[move.verb] in conditions

    return matters


def _way_to(state: State, came: dict[State, tuple[State, Move] | None]) -> tuple[Move, ...]:
    moves: list[Move] = []
    while (before := came[state]) is not None:
        state, move = before
        moves.append(move)
    return tuple(reversed(moves))
