"""Arguments from the wire, checked against the shapes of `protocol`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from cope_lsp.lsp.boundary import BadArgumentsError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def shaped(value: object, shape: type[T]) -> T:
    """The value, if it has the shape; unknown keys are dropped, and nulls count as left out.

    Nothing, and Lua's empty table that arrives as `[]`, read as an empty object. Raises: BadArgumentsError.
    """
    given: object = {} if value in (None, []) else value
    if isinstance(given, dict):
        table = cast("dict[str, object]", given)
        given = {key: part for key, part in table.items() if part is not None}
    try:
        return cast("T", _adapter(shape).validate_python(given, strict=True))
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        text = "; ".join(f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in problems)
        raise BadArgumentsError(f"{shape.__name__}: {text}") from None


def only_argument(arguments: Sequence[object], shape: type[T]) -> T:
    """A command's one argument. Raises: BadArgumentsError."""
    if len(arguments) > 1:
        raise BadArgumentsError(f"Expected one argument, {shape.__name__}, and got {len(arguments)}.")
    return shaped(arguments[0] if arguments else None, shape)


@cache
def _adapter(shape: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(shape)
