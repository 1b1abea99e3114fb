"""The edge at which bugs stop: the log gets the traceback, the client one safe sentence."""

from __future__ import annotations

import functools
import inspect
import logging
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams

from cope_lsp.cascade.errors import CopeError
from cope_lsp.lsp.endpoint import INTERNAL

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

log = logging.getLogger(__name__)


class BadArgumentsError(Exception):
    """A client sent arguments that do not have the documented shape; says which."""


def guarded(handler: F) -> F:
    """A handler whose failures reach the client as one safe sentence; works on sync and async handlers."""
    if inspect.iscoroutinefunction(handler):

        @functools.wraps(handler)
        async def guarded_async(*args: Any) -> object:  # noqa: ANN401 -- any handler's parameters
            try:
                return await handler(*args)
            except Exception as error:  # noqa: BLE001 -- the boundary
                raise _safe(handler, error) from None

        return cast("F", guarded_async)

    @functools.wraps(handler)
    def guarded_sync(*args: Any) -> object:  # noqa: ANN401
        try:
            return handler(*args)
        except Exception as error:  # noqa: BLE001
            raise _safe(handler, error) from None

    return cast("F", guarded_sync)


def _safe(handler: Callable[..., Any], error: Exception) -> JsonRpcException:
    match error:
        case JsonRpcException():
            return error
        case BadArgumentsError():
            return JsonRpcInvalidParams(str(error))
        case CopeError():
            return JsonRpcException(str(error), code=-32803)
        case _:
            log.error("%s failed", handler.__module__, exc_info=error)
            return JsonRpcInternalError(INTERNAL)
