"""Values as plain JSON that keeps their exact types, so that another process can compare them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

DEPTH = 12
ITEMS = 4000
TEXT = 4000
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def encode(value: object) -> list[Any]:
    """The value as nested lists that begin with its type's name.

    Only exact built-in types become values; everything else is `other`: its type and bounded repr.
    """
    return _encode(value, DEPTH, [ITEMS])


def shown(value: object) -> str:
    """A bounded repr without addresses; what a failing repr raised, if it does."""
    try:
        return _ADDRESS.sub("", repr(value))[:TEXT]
    except Exception as error:  # noqa: BLE001 -- a repr of the project's may raise anything
        return f"<repr raised {type(error).__name__}>"


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
    return ["other", f"{kind.__module__}.{kind.__qualname__}", shown(value)]


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
