"""What each action does: (world, state, action) to (state, observation). Whatever is impossible is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.agents.household.moves import Move, Verb
from cope_lsp.bench.agents.household.world import (
    HAND,
    Condition,
    Place,
    State,
    Thing,
    is_reachable,
    place_named,
    places_here,
    things_in,
    visible_things,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cope_lsp.bench.agents.household.world import World

Outcome: TypeAlias = tuple[State, str]

MAKES = {Verb.CLEAN: Condition.CLEAN, Verb.HEAT: Condition.HOT, Verb.COOL: Condition.COLD}
"""The condition that a thing is in after an action."""


def act(world: World, state: State, move: Move) -> Outcome:
    """Do an action that is meant as `understood` gives it."""
    return _DOINGS[move.verb](world, state, move)


def understood(world: World, state: State, move: Move) -> Move:
    """The action with what was left unsaid: which mug is meant, where it is taken from, what heats it."""
    within = visible_things(world, state) if move.verb is Verb.TAKE else (state.held,)
    candidates = [thing for thing in within if thing is not None]
    meant = next((thing for thing in candidates if move.thing == thing.name), None) or next(
        (thing for thing in candidates if move.thing == thing.kind and move.place in ("", thing.where)), None
    )
    place = move.place
    if not place and move.verb is Verb.TAKE and meant is not None:
        place = meant.where
    if not place and move.verb in MAKES:
        devices = (each.name for each in places_here(world, state) if each.makes is MAKES[move.verb])
        place = next(devices, "")
    return replace(move, thing=move.thing if meant is None else meant.name, place=place)


def offers(world: World, state: State) -> Iterator[Move]:
    """Every action that changes something now."""
    here, held = places_here(world, state), state.held
    yield from (Move(Verb.GO, place=room) for room in world.doors[state.room])
    for place in here:
        if place.opens:
            yield Move(Verb.CLOSE if place.name in state.opened else Verb.OPEN, place=place.name)
    if held is None:
        yield from (Move(Verb.TAKE, each.name, each.where) for each in visible_things(world, state))
        return
    yield from (Move(Verb.PUT, held.name, place.name) for place in here if is_reachable(state, place))
    for verb, condition in MAKES.items():
        yield from (Move(verb, held.name, place.name) for place in here if place.makes is condition)


def seen(world: World, state: State) -> str:
    """The room as the agent sees it."""
    lines = [f"You are in the {state.room}. From here you can go to: {', '.join(world.doors[state.room])}."]
    lines += [_place_in_words(state, place) for place in places_here(world, state)]
    return "\n".join(lines)


def carried(state: State) -> str:
    """What the agent carries, in words."""
    return f"You carry {_in_words(state.held)}." if state.held else "You carry nothing."


def _go(world: World, state: State, move: Move) -> Outcome:
    if move.place not in world.doors[state.room]:
        return state, f"You cannot go to the {move.place} from here."
    moved = replace(state, room=move.place)
    return moved, seen(world, moved)


def _turn(world: World, state: State, move: Move) -> Outcome:
    """Open or close."""
    place = _here(world, state, move.place)
    if place is None or not place.opens:
        return state, f"There is no {move.place} here that you could {move.verb}."
    is_open = place.name in state.opened
    if is_open == (move.verb is Verb.OPEN):
        return state, f"The {place.name} is already {'open' if is_open else 'shut'}."
    if is_open:
        return replace(state, opened=state.opened - {place.name}), f"You close the {place.name}."
    return replace(
        state, opened=state.opened | {place.name}
    ), f"You open the {place.name}. It holds {_listed(things_in(state, place.name))}."


def _take(world: World, state: State, move: Move) -> Outcome:
    thing = next((each for each in visible_things(world, state) if each.name == move.thing), None)
    if thing is None or thing.where != move.place:
        return state, f"You see no {move.thing} {f'in the {move.place} ' if move.place else ''}here."
    if state.held is not None:
        return state, f"Your hands are full: you carry {_in_words(state.held)}."
    return _changed(state, replace(thing, where=HAND)), f"You take the {thing.name} from the {thing.where}."


def _put(world: World, state: State, move: Move) -> Outcome:
    held, place = state.held, _here(world, state, move.place)
    if held is None or held.name != move.thing:
        return state, f"You do not carry the {move.thing}."
    if place is None:
        return state, f"There is no {move.place} here."
    if not is_reachable(state, place):
        return state, f"The {place.name} is shut."
    return _changed(state, replace(held, where=place.name)), f"You put the {held.name} in the {place.name}."


def _treat(world: World, state: State, move: Move) -> Outcome:
    """Clean, heat or cool; what is hot is no longer cold, and the other way round."""
    held, place, made = state.held, _here(world, state, move.place), MAKES[move.verb]
    if held is None or held.name != move.thing:
        return state, f"You do not carry the {move.thing}."
    if place is None or place.makes is not made:
        return state, f"There is no {move.place or 'place'} here that you could {move.verb} it with."
    kept = held.conditions & {Condition.CLEAN} if made is not Condition.CLEAN else held.conditions
    return _changed(state, replace(held, conditions=kept | {made})), f"The {held.name} is {made} now."


def _look(world: World, state: State, _move: Move) -> Outcome:
    return state, seen(world, state)


def _count(_world: World, state: State, _move: Move) -> Outcome:
    return state, carried(state)


_DOINGS: Mapping[Verb, Callable[[World, State, Move], Outcome]] = {
    Verb.GO: _go,
    Verb.OPEN: _turn,
    Verb.CLOSE: _turn,
    Verb.TAKE: _take,
    Verb.PUT: _put,
    Verb.CLEAN: _treat,
    Verb.HEAT: _treat,
    Verb.COOL: _treat,
    Verb.LOOK: _look,
    Verb.INVENTORY: _count,
}


def _here(world: World, state: State, name: str) -> Place | None:
    place = place_named(world, name)
    return place if place is not None and place.room == state.room else None


def _changed(state: State, thing: Thing) -> State:
    things = tuple(thing if each.name == thing.name else each for each in state.things)
    return replace(state, things=things)


def _place_in_words(state: State, place: Place) -> str:
    if place.opens and place.name not in state.opened:
        return f"The {place.name} is shut."
    word = "is open and holds" if place.opens else "holds"
    return f"The {place.name} {word} {_listed(things_in(state, place.name))}."


def _listed(things: Iterable[Thing]) -> str:
    return ", ".join(_in_words(thing) for thing in things) or "nothing"


def _in_words(thing: Thing) -> str:
    told = " and ".join(sorted(thing.conditions))
    return f"{thing.name} ({told})" if told else thing.name
