"""pygls' protocol with the gaps closed that a client can fall into.

Every request is answered, however malformed; nothing is answered before `initialize`; an internal error
never carries a traceback to the client; parameters of our own methods stay plain JSON.
"""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCProtocol,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    LanguageServerProtocol,
    lsp_method,
)

from cope_lsp.lsp import protocol
from cope_lsp.lsp.transport import Oversized

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from cattrs import Converter

log = logging.getLogger(__name__)

_DOCUMENT = re.compile(rb'"textDocument"\s*:\s*\{[^{}]{0,4000}?"uri"\s*:\s*"([^"\\]+)"')

INTERNAL = "cope-lsp met an internal error; its log (standard error) has the details."
"""What a client is told of a bug of ours."""

# pygls would keep a second copy of every document and split it into lines at every keystroke.
_OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)


def make_converter() -> Converter:
    """Lsprotocol's converter; messages that LSP does not know keep their params and results as plain JSON."""
    converter = get_converter()
    for message in (JsonRPCRequestMessage, JsonRPCNotification):
        converter.register_structure_hook(message, _plain_params)
    converter.register_structure_hook(JsonRPCResponseMessage, _plain_result)
    return converter


def _unheard(uri: str) -> None:
    log.warning("A message about %s was too large to be read", uri)


class Endpoint(LanguageServerProtocol):
    """The server's side of the connection."""

    leaving: bool = False
    """Whether `exit` was received."""

    skipped: Callable[[str], None] = staticmethod(_unheard)
    """Hears the URI of a document that was in a message too large to be read."""

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()
        builtin: dict[str, object] = cast("Any", self.fm).builtin_features
        for method in _OURS:
            del builtin[method]

    def receive(self, body: bytes | Oversized) -> None:
        """Take one message's body; what is not a message is answered as JSON-RPC says."""
        if isinstance(body, Oversized) and (found := _DOCUMENT.search(body.edges)):
            self.skipped(found[1].decode("utf-8", "replace"))
            return
        try:
            data = _parsed(body)
        except JsonRpcException as error:
            self._send_response(cast("str", None), error=error.to_response_error())
            return
        try:
            message = self.structure_message(data)
            if "id" in data and "method" in data and not hasattr(message, "id"):
                raise JsonRpcInvalidRequest(f"{data['method']} is a notification.")  # noqa: TRY301 -- one way out
            self.handle_message(message)
        except Exception as error:  # noqa: BLE001 -- whatever a message does, the next one is read
            self._refuse(data, error)

    def handle_message(self, message: Any) -> None:  # noqa: ANN401 -- pygls' signature
        """Dispatch a message in its turn: `initialize` first and once, after `shutdown` only `exit`."""
        method: str = getattr(message, "method", "")
        problem = self._out_of_turn(method) if method else None
        if not method and self._shutdown:
            return  # an answer to a question of ours that nobody waits for any more
        if problem is None:
            super().handle_message(message)
        elif (identifier := getattr(message, "id", None)) is not None:
            self._send_response(identifier, error=problem.to_response_error())

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: object) -> Generator[Any, Any, None]:
        """Have the session end; the process ends once its jobs and children have."""
        self.leaving = True
        yield from ()

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Answer `initialize`, with our protocol's version among the capabilities."""
        result = yield from super().lsp_initialize(params)
        offer: protocol.ServerOffer = {"protocolVersion": protocol.VERSION}
        result.capabilities.experimental = {"cope": offer}
        return result

    @property
    def is_shut_down(self) -> bool:
        """Whether `shutdown` was answered."""
        return self._shutdown

    def _out_of_turn(self, method: str) -> JsonRpcException | None:
        initialized = self._workspace is not None
        if method == types.EXIT or (initialized and not self._shutdown and method != types.INITIALIZE):
            return None
        if self._shutdown:
            return JsonRpcInvalidRequest("The server is shutting down.")
        if initialized:
            return JsonRpcInvalidRequest("The server is initialized already.")
        return None if method == types.INITIALIZE else JsonRpcServerNotInitialized("Send initialize first.")

    def _refuse(self, data: dict[str, Any], error: Exception) -> None:
        log.warning("A message could not be handled", exc_info=error)
        identifier = data.get("id")
        if not isinstance(identifier, str | int):
            return
        known = error if isinstance(error, JsonRpcException) else JsonRpcInternalError(INTERNAL)
        if "method" in data:
            self._send_response(identifier, error=known.to_response_error())
        elif (future := self._request_futures.pop(identifier, None)) is not None and not future.done():
            future.set_exception(known)

    def _send_response(
        self, msg_id: str | int, result: object = None, error: types.ResponseError | None = None
    ) -> None:
        if error is not None and error.data is not None:
            error = types.ResponseError(error.code, INTERNAL)
        super()._send_response(msg_id, result, error)


def _parsed(body: bytes | Oversized) -> dict[str, Any]:
    if isinstance(body, Oversized):
        raise JsonRpcInvalidRequest(f"A message of {body.size} bytes is too large.")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise JsonRpcParseError("The message is not JSON.") from error
    if not isinstance(data, dict) or cast("dict[str, Any]", data).get("jsonrpc") != JsonRPCProtocol.VERSION:
        raise JsonRpcInvalidRequest("The message is not a JSON-RPC 2.0 object.")
    return cast("dict[str, Any]", data)


def _plain_params(value: dict[str, Any], kind: type[Any]) -> object:
    names = ("id", "method", "jsonrpc") if kind is JsonRPCRequestMessage else ("method", "jsonrpc")
    return kind(**{name: value[name] for name in names}, params=value.get("params"))


def _plain_result(value: dict[str, Any], kind: type[Any]) -> object:
    return kind(id=value["id"], jsonrpc=value["jsonrpc"], result=value["result"])
