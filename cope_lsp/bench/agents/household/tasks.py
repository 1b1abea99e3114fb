"""World files become tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cope_lsp.bench.agents.episodes import NO_ACTION, Rules, Turn, first_line, play
from cope_lsp.bench.agents.household.doings import act, carried, offers, seen, understood
from cope_lsp.bench.agents.household.moves import Move, read_move
from cope_lsp.bench.agents.household.planner import shortest_plan
from cope_lsp.bench.agents.household.world import (
    Condition,
    Place,
    State,
    Thing,
    Wish,
    World,
    is_done,
)
from cope_lsp.bench.rows import Unreadable, read_rows
from cope_lsp.cascade.problem import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cope_lsp.bench.tasks import Solve

PATIENCE = 3
"""Moves that an agent has for each one of the shortest plan."""

_ROOM = 2400
_REPLY_TOKENS = 48
_TASK = (
    "You are in a house. {goal}\n"
    "You carry one thing at a time. What is shut must be opened before you see what it holds."
)
_REPLY_FORMAT = "Reply with one action from the list, on one line, and nothing else."


@dataclass(frozen=True, slots=True)
class WorldTask:
    """One world to bring into order; `plan` is the shortest way."""

    world: World
    plan: tuple[Move, ...]
    kind: Kind = Kind.ACTION

    @property
    def id(self) -> str:
        """The world's name."""
        return self.world.id

    @property
    def rules(self) -> Rules:
        """What holds for the whole episode."""
        moves = PATIENCE * len(self.plan)
        return Rules(_TASK.format(goal=self.world.goal), _REPLY_FORMAT, moves, _REPLY_TOKENS, _ROOM)

    async def work(self, solve: Solve) -> float:
        """Have it brought into order: 1.0 where the goal holds in the end."""
        return float(is_done(self.world, await play(self, self.world.start, solve)))

    def view(self, state: State) -> str:
        """The room, and what is carried."""
        return f"{seen(self.world, state)}\n{carried(state)}"

    def offers(self, state: State) -> tuple[str, ...]:
        """What changes something now; `look` and `inventory` would tell what is told anyway."""
        return tuple(move.words for move in offers(self.world, state))

    def meaning(self, state: State, reply: str) -> Move | None:
        """The action that a reply holds, with what was left unsaid."""
        move = read_move(reply)
        return None if move is None else understood(self.world, state, move)

    async def act(self, state: State, reply: str) -> Turn[State]:
        """Do what a reply says; the episode is over where the goal holds."""
        move = self.meaning(state, reply)
        if move is None:
            return Turn(state, first_line(reply), NO_ACTION)
        after, observation = act(self.world, state, move)
        return Turn(after, move.words, observation, over=is_done(self.world, after))


def read_worlds(path: Path) -> tuple[WorldTask, ...]:
    """The worlds of a `.jsonl` file. Raises: OSError, Unreadable."""
    return tuple(_task(row, f"{path}, line {number}") for number, row in read_rows(path))


def _task(row: Mapping[str, Any], origin: str) -> WorldTask:
    try:
        world = _world(row)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"{origin} is no world: {error!r}") from error
    if strange := _strange_names(world):
        raise Unreadable(f"{origin} names what is not there: {', '.join(sorted(strange))}.")
    plan = shortest_plan(world)
    if not plan:
        raise Unreadable(f"{origin}: its goal {'holds at the start' if plan == () else 'cannot be reached'}.")
    return WorldTask(world, plan)


def _world(row: Mapping[str, Any]) -> World:
    return World(
        row["id"],
        row["goal"],
        {room: tuple(doors) for room, doors in row["rooms"].items()},
        tuple(_place(place) for place in row["places"]),
        State(
            row["start"],
            tuple(Thing(name, where) for name, where in row["things"].items()),
            frozenset(row.get("open", ())),
        ),
        tuple(_wish(wish) for wish in row["wishes"]),
        tuple(row.get("shut", ())),
    )


def _place(row: Mapping[str, Any]) -> Place:
    makes = row.get("makes")
    return Place(row["name"], row["room"], row.get("opens", False), Condition(makes) if makes else None)


def _wish(row: Mapping[str, Any]) -> Wish:
    condition = row.get("condition")
    return Wish(row["kind"], row["place"], row.get("count", 1), Condition(condition) if condition else None)


def _strange_names(world: World) -> set[str]:
    """Names of rooms and places that are used and not built."""
    rooms = {world.start.room, *(place.room for place in world.places), *_all(world.doors.values())}
    places = {
        *(thing.where for thing in world.start.things),
        *world.start.opened,
        *(wish.place for wish in world.wishes),
        *world.shut,
    }
    return (rooms - world.doors.keys()) | (places - {place.name for place in world.places})


def _all(groups: Iterable[tuple[str, ...]]) -> set[str]:
    return {each for group in groups for each in group}
