"""Arguments like those that were seen: EvalPlus's type-aware mutation (2305.01210), kept in bounds.

A mutant keeps the types of the values that it comes from. What all seen arguments have in common (never
negative, never empty, sorted, of equal length, balanced) is taken for a rule that callers keep, and mutants
keep it too: EvalPlus writes such contracts by hand.
"""

from __future__ import annotations

import ast
import copy
import itertools
import random
from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Arguments: TypeAlias = tuple[Any, ...]

TRIES = 40
"""Mutations tried for each input that is wanted."""

STEPS = 4
"""Most mutations between a seen input and a new one."""

_SWAPS = 8
_LONGEST = 2000
_CLOSES = {"(": ")", "[": "]", "{": "}", "<": ">"}
_MEANT = 2
"""Least number seen up to which it is a bound that callers keep, such as the base of a number system."""

_FEW = 3
"""Seen inputs below which nothing that they have in common counts as a rule, but for signs and emptiness."""


def seen_arguments(texts: Iterable[str], names: Iterable[str]) -> tuple[Arguments, ...]:
    """Positional arguments of all calls of one of `names` in Python texts, where they are literals."""
    found: list[Arguments] = []
    wanted = frozenset(names)
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in wanted:
                found += _literals(node)
    unique = {repr(arguments): arguments for arguments in found}
    return tuple(unique.values())


def mutated(seen: Sequence[Arguments], most: int, seed: int) -> tuple[Arguments, ...]:
    """At most `most` new inputs, the same for a seed."""
    if not seen:
        return ()
    chance = random.Random(f"{seed}/{seen!r}")  # noqa: S311 -- reproducible inputs, no secrets
    usual = [arguments for arguments in seen if len(arguments) == len(seen[0])]
    fits = _rules(usual)
    known = {repr(arguments) for arguments in seen}
    pool, new = list(usual), list[Arguments]()
    for _ in range(most * TRIES):
        if len(new) == most:
            break
        arguments = copy.deepcopy(chance.choice(pool))
        for _ in range(chance.randint(1, STEPS)):
            arguments = _mutate_one(arguments, usual, chance)
        told = repr(arguments)
        if told not in known and len(told) < _LONGEST and fits(arguments):
            known.add(told)
            new.append(arguments)
            pool.append(arguments)
    return tuple(new)


def call_text(name: str, arguments: Arguments) -> str:
    """The call as source text."""
    return f"{name}({', '.join(map(repr, arguments))})"


def _literals(call: ast.Call) -> list[Arguments]:
    if call.keywords or not call.args:
        return []
    try:
        return [tuple(ast.literal_eval(argument) for argument in call.args)]
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []


def _mutate_one(arguments: Arguments, seen: Sequence[Arguments], chance: random.Random) -> Arguments:
    """One argument changed, or taken from another seen input."""
    at = chance.randrange(len(arguments))
    swapped = chance.randrange(_SWAPS) == 0
    value = chance.choice(seen)[at] if swapped else _mutate(arguments[at], chance)
    return (*arguments[:at], value, *arguments[at + 1 :])


def _mutate(value: object, chance: random.Random) -> Any:  # noqa: ANN401 -- any literal
    change = _CHANGES.get(type(value))
    return value if change is None else change(value, chance)


def _text(value: str, chance: random.Random) -> str:
    """A substring removed, repeated or put elsewhere, or a character replaced by another of the text."""
    if not value:
        return value
    start, end = sorted(chance.sample(range(len(value) + 1), 2))
    piece, at = value[start:end], chance.randrange(len(value) + 1)
    match chance.randrange(4):
        case 0:
            return value[:start] + value[end:]
        case 1:
            return value[:end] + piece + value[end:]
        case 2:
            return value[:at] + piece + value[at:]
        case _:
            return value[:start] + chance.choice(value) + value[start + 1 :]


def _items(value: list[Any], chance: random.Random) -> list[Any]:
    """An item removed, repeated, changed or inserted, or two items exchanged."""
    if not value:
        return value
    items, at = list(value), chance.randrange(len(value))
    match chance.randrange(5):
        case 0:
            del items[at]
        case 1:
            items.insert(at, copy.deepcopy(items[at]))
        case 2:
            items[at] = _mutate(items[at], chance)
        case 3:
            items.insert(chance.randrange(len(items) + 1), _mutate(copy.deepcopy(items[at]), chance))
        case _:
            other = chance.randrange(len(items))
            items[at], items[other] = items[other], items[at]
    return items


def _pairs(value: dict[Any, Any], chance: random.Random) -> dict[Any, Any]:
    if not value:
        return value
    key = chance.choice(list(value))
    match chance.randrange(3):
        case 0:
            return {name: item for name, item in value.items() if name != key}
        case 1:
            return {**value, key: _mutate(value[key], chance)}
        case _:
            return {**value, _mutate(key, chance): _mutate(value[key], chance)}


def _in_set(value: set[Any] | frozenset[Any], chance: random.Random) -> set[Any] | frozenset[Any]:
    return type(value)(_items(sorted(value, key=repr), chance))


_CHANGES: dict[type, Callable[[Any, random.Random], Any]] = {
    bool: lambda _, chance: chance.choice((True, False)),
    int: lambda value, chance: value + chance.choice((-10, -2, -1, 1, 2, 10)),
    float: lambda value, chance: round(value + chance.choice((-1.0, -0.5, 0.25, 1.0)), 6),
    str: _text,
    list: _items,
    tuple: lambda value, chance: tuple(_items(list(value), chance)),
    dict: _pairs,
    set: _in_set,
    frozenset: _in_set,
}


def _rules(seen: Sequence[Arguments]) -> Callable[[Arguments], bool]:
    """Whether arguments keep what all seen ones keep."""
    count = len(seen[0])
    pairs = [(one, other) for one in range(count) for other in range(one)]
    apart = {pair: found for pair in pairs if (found := _apart(seen, *pair)) is not None}
    rules = [_rules_of([arguments[at] for arguments in seen]) for at in range(count)]

    def fits(arguments: Arguments) -> bool:
        in_step = all(_apart([arguments], *pair) == sizes for pair, sizes in apart.items())
        return in_step and all(rule(value) for value, at in zip(arguments, rules, strict=True) for rule in at)

    return fits


def _apart(seen: Sequence[Arguments], one: int, other: int) -> int | None:
    """How much more one argument always holds than another; None where that varies or may be chance."""
    sizes = {(_extent(each[one]), _extent(each[other])) for each in seen}
    more = {None if mine is None or theirs is None else mine - theirs for mine, theirs in sizes}
    both_numbers = all(_size(each[one]) is None and _size(each[other]) is None for each in seen)
    enough = len(seen) == 1 or (len(sizes) >= _FEW and not both_numbers)
    return more.pop() if len(more) == 1 and enough else None


def _extent(value: object) -> int | None:
    """What may count the items of another argument: a length, or a number."""
    return value if type(value) is int else _size(value)


def _rules_of(seen: list[Any]) -> list[Callable[[Any], bool]]:
    """What one argument's seen values have in common, as tests for new ones."""
    kinds = {_kind(value) for value in seen}
    rules: list[Callable[[Any], bool]] = [lambda value: _kind(value) in kinds]
    numbers = [number for value in seen for number in _numbers(value)]
    if numbers and min(numbers) >= 0:
        floor = min(numbers) if min(numbers) <= _MEANT else 1
        rules.append(lambda value: all(number >= floor for number in _numbers(value)))
    sizes = [size for value in seen if (size := _size(value)) is not None]
    if sizes and min(sizes) > 0:
        rules.append(lambda value: _size(value) != 0)
    if len(sizes) == len(seen) >= _FEW and len(set(sizes)) == 1 and sizes[0] > 1:
        rules.append(lambda value: _size(value) == sizes[0])
    if len(seen) >= _FEW and any((_size(value) or 0) > 1 for value in seen):
        rules += [each for each in (_ascending, _distinct, _balanced) if all(map(each, seen))]
    return rules


def _kind(value: object) -> str:
    """The type, of containers with the types of what is in them."""
    name = type(value).__name__
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value)
        return f"{name}{sorted({f'{_kind(key)}: {_kind(item)}' for key, item in pairs.items()})}"
    if isinstance(value, list | set | frozenset | tuple):
        return f"{name}{sorted({_kind(item) for item in cast('Iterable[object]', value)})}"
    return name


def _numbers(value: object) -> list[float]:
    """All numbers in a value."""
    if isinstance(value, int | float):
        return [value]
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value)
        return [number for pair in pairs.items() for number in _numbers(list(pair))]
    if isinstance(value, list | set | frozenset | tuple):
        return [number for item in cast("Iterable[object]", value) for number in _numbers(item)]
    return []


def _size(value: object) -> int | None:
    return len(cast("list[object]", value)) if isinstance(value, str | list | tuple | dict | set) else None


def _ascending(value: object) -> bool:
    if not isinstance(value, list | tuple):
        return False
    items = cast("Sequence[Any]", value)
    try:
        return all(one <= other for one, other in itertools.pairwise(items))
    except TypeError:
        return False


def _distinct(value: object) -> bool:
    if not isinstance(value, list | tuple):
        return False
    told = [repr(item) for item in cast("Sequence[Any]", value)]
    return len(told) == len(set(told))


def _balanced(value: object) -> bool:
    """Text with brackets, each closed by its own kind."""
    if not isinstance(value, str):
        return False
    opened: list[str] = []
    brackets = [character for character in value if character in _CLOSES or character in _CLOSES.values()]
    for character in brackets:
        if character in _CLOSES:
            opened.append(_CLOSES[character])
        elif not opened or opened.pop() != character:
            return False
    return bool(brackets) and not opened
