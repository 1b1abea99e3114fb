"""Values as plain JSON that keeps their exact types, so that another process can compare them."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable

DEPTH = 12
ITEMS = 4000
TEXT = 4000
DRAWN = 1000
"""Items that are taken from an iterator."""

BRIEF = 1200
"""Characters of a brief encoding; what is longer becomes a digest."""

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def encode(value: object) -> list[Any]:
    """The value as nested lists that begin with its type's name.

    Only exact built-in types become values; everything else is `other`: its type, its bounded repr, and
    the encoded parts where it shows any.
    """
    return _encode(value, DEPTH, [ITEMS])


def brief(value: object) -> list[Any]:
    """The same for a value that is only compared: what is long is `long`, its type and a digest."""
    encoded = encode(value)
    text = json.dumps(encoded)
    if len(text) <= BRIEF:
        return encoded
    return ["long", type(value).__name__, hashlib.sha256(text.encode()).hexdigest()[:32]]


def shortened(text: str) -> str:
    """A text that is only compared: what is long ends with a digest."""
    if len(text) <= BRIEF:
        return text
    return f"{text[: BRIEF // 2]}… {hashlib.sha256(text.encode()).hexdigest()[:32]}"


def shown(value: object) -> str:
    """A bounded repr without addresses; what a failing repr raised, if it does."""
    try:
        return _ADDRESS.sub("", repr(value))[:TEXT]
    except Exception as error:  # noqa: BLE001 -- a repr of the project's may raise anything
        return f"<repr raised {type(error).__name__}>"


def drawn(value: object) -> object:
    """An iterator's items, which is all that can be compared of it; other values as they are."""
    if not hasattr(cast("object", type(value)), "__next__"):
        return value
    iterator: Any = value
    kind: type[object] = type(value)
    return Drawn(kind, list(itertools.islice(iterator, DRAWN)))


class Drawn:
    """What an iterator gave."""

    def __init__(self, kind: type, items: list[Any]) -> None:
        self.kind, self.items = kind, items


def _encode(value: object, depth: int, left: list[int]) -> list[Any]:
    left[0] -= 1
    kind = type(value)
    if depth < 0 or left[0] < 0:
        return ["deep", kind.__name__]
    if kind in _SCALARS:
        return _SCALARS[kind](value)
    container: Any = value
    if kind in (list, tuple):
        return [kind.__name__, [_encode(item, depth - 1, left) for item in list(container)]]
    if kind in (set, frozenset):
        items = [_encode(item, depth - 1, left) for item in list(container)]
        return [kind.__name__, sorted(items, key=json.dumps)]
    if kind is dict:
        pairs: list[tuple[Any, Any]] = list(container.items())
        return ["dict", [[_encode(k, depth - 1, left), _encode(v, depth - 1, left)] for k, v in pairs]]
    return _other(value, depth, left)


def _other(value: object, depth: int, left: list[int]) -> list[Any]:
    """An object of another type; its own fields where its repr says nothing of them."""
    if isinstance(value, Drawn):
        return ["other", _name(value.kind), "", _encode(value.items, depth - 1, left)]
    kind: type[object] = type(value)
    encoded = ["other", _name(kind), shown(value)]
    fields: object = getattr(value, "__dict__", None)
    if kind.__repr__ is object.__repr__ and fields:
        return [*encoded, _encode(fields, depth - 1, left)]
    return encoded


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


_SCALARS: dict[type, Callable[[Any], list[Any]]] = {
    type(None): lambda _: ["None"],
    type(...): lambda _: ["Ellipsis"],
    bool: lambda value: ["bool", value],
    int: lambda value: ["int", hex(value)],
    float: lambda value: ["float", repr(value)],
    complex: lambda value: ["complex", repr(value)],
    str: lambda value: ["str", value],
    bytes: lambda value: ["bytes", value.hex()],
    bytearray: lambda value: ["bytearray", value.hex()],
}
