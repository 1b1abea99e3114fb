"""A world as it is built, and its changing state; both frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HAND = "hand"
"""Where a thing is that the agent carries; it carries one at a time."""


class Condition(StrEnum):
    """What can be done to a thing."""

    CLEAN = "clean"
    HOT = "hot"
    COLD = "cold"


@dataclass(frozen=True, slots=True)
class Place:
    """Something in a room that holds things. `opens`: it can be shut, and then hides what it holds.

    `makes` is the condition that it can bring a thing into.
    """

    name: str
    room: str
    opens: bool = False
    makes: Condition | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to carry. Things of a kind differ in a number: `mug 1`, `mug 2`."""

    name: str
    where: str
    conditions: frozenset[Condition] = frozenset()

    @property
    def kind(self) -> str:
        """Its name without the number."""
        return self.name.rstrip("0123456789").rstrip()


@dataclass(frozen=True, slots=True)
class State:
    """Where the agent stands, where things are and how, what stands open."""

    room: str
    things: tuple[Thing, ...]
    opened: frozenset[str] = frozenset()

    @property
    def held(self) -> Thing | None:
        """What the agent carries."""
        return next((thing for thing in self.things if thing.where == HAND), None)


@dataclass(frozen=True, slots=True)
class Wish:
    """At least `count` things of a kind in a place, in a condition where one is named."""

    kind: str
    place: str
    count: int = 1
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class World:
    """A world before the first move. Its goal: every wish holds and the places in `shut` are shut.

    `doors` names the rooms next to each room; `goal` says the goal in words.
    """

    id: str
    goal: str
    doors: Mapping[str, tuple[str, ...]]
    places: tuple[Place, ...]
    start: State
    wishes: tuple[Wish, ...]
    shut: tuple[str, ...] = ()


def place_named(world: World, name: str) -> Place | None:
    """The place of that name."""
    return next((place for place in world.places if place.name == name), None)


def places_here(world: World, state: State) -> tuple[Place, ...]:
    """The places in the room where the agent stands."""
    return tuple(place for place in world.places if place.room == state.room)


def is_reachable(state: State, place: Place) -> bool:
    """Whether a hand gets into a place from beside it."""
    return place.room == state.room and (not place.opens or place.name in state.opened)


def things_in(state: State, place: str) -> tuple[Thing, ...]:
    """The things in a place."""
    return tuple(thing for thing in state.things if thing.where == place)


def visible_things(world: World, state: State) -> tuple[Thing, ...]:
    """The things that the agent could take."""
    reachable = {place.name for place in places_here(world, state) if is_reachable(state, place)}
    return tuple(thing for thing in state.things if thing.where in reachable)


def is_done(world: World, state: State) -> bool:
    """Whether the goal holds."""
    return not state.opened.intersection(world.shut) and all(_holds(wish, state) for wish in world.wishes)


def _holds(wish: Wish, state: State) -> bool:
    fitting = [
        thing
        for thing in things_in(state, wish.place)
        if thing.kind == wish.kind and (wish.condition is None or wish.condition in thing.conditions)
    ]
    return len(fitting) >= wish.count
