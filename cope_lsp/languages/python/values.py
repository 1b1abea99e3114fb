"""Values that a run sent back, compared here: built-in types only, exact to the type."""

from __future__ import annotations

import ast
import doctest
from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Encoded: TypeAlias = "list[Any]"

_CONSTANTS: dict[str, object] = {"None": None, "Ellipsis": ...}


class Opaque(ValueError):  # noqa: N818 -- reads as a state
    """The value is not made of exact built-in types alone."""


def decode(encoded: object) -> object:
    """The value that the runner's `encoding.encode` described. Raises: Opaque."""
    if not isinstance(encoded, list) or not encoded:
        raise Opaque("no encoded value")
    kind, *rest = cast("list[Any]", encoded)
    if kind in _CONSTANTS and not rest:
        return _CONSTANTS[kind]
    if len(rest) != 1:
        raise Opaque(str(kind))
    make = _MAKERS.get(kind)
    if make is None:
        raise Opaque(str(kind))
    try:
        return make(rest[0])
    except (TypeError, ValueError, AttributeError) as error:
        raise Opaque(str(kind)) from error


_MAKERS: dict[str, Callable[[Any], object]] = {
    "bool": bool,
    "int": lambda text: int(text, 16),
    "float": float,
    "complex": complex,
    "str": str,
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "list": lambda items: [decode(item) for item in items],
    "tuple": lambda items: tuple(decode(item) for item in items),
    "set": lambda items: {decode(item) for item in items},
    "frozenset": lambda items: frozenset(decode(item) for item in items),
    "dict": lambda pairs: {decode(key): decode(value) for key, value in pairs},
}


def literal(text: str) -> object:
    """The value of source text that is a literal. Raises: Opaque."""
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise Opaque(text) from error


def equal(value: object, wanted: object) -> bool:
    """Whether two decoded values are equal; a truth value is never equal to a number."""
    return bool(value == wanted) and _shape(value) == _shape(wanted)


def identical(value: object, wanted: object) -> bool:
    """Whether two decoded values are equal and of the same types throughout."""
    return bool(value == wanted) and _types(value) == _types(wanted)


def printed_alike(wanted: str, got: str, options: Iterable[str]) -> bool:
    """Whether doctest would accept what was printed; `options` are the names of its flags."""
    flags = 0
    for option in options:
        flags |= doctest.OPTIONFLAGS_BY_NAME.get(option, 0)
    want = wanted if not wanted or wanted.endswith("\n") else wanted + "\n"
    return doctest.OutputChecker().check_output(want, got, flags)


def _shape(value: object) -> object:
    """Where truth values are, in a value of built-in types."""
    if isinstance(value, list | tuple):
        return [_shape(item) for item in cast("Iterable[object]", value)]
    if isinstance(value, dict):
        items = cast("dict[object, object]", value)
        return {key: _shape(item) for key, item in items.items()}
    return isinstance(value, bool)


def _types(value: object) -> object:
    kind = _name(value)
    if isinstance(value, list | tuple):
        items = cast("Iterable[object]", value)
        return kind, [_types(item) for item in items]
    if isinstance(value, set | frozenset):
        members = cast("Iterable[object]", value)
        return kind, {(item, _name(item)) for item in members}
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value)
        return {(key, _name(key)): _types(item) for key, item in pairs.items()}
    return kind


def _name(value: object) -> str:
    return type(value).__name__
