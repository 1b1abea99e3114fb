"""The language server: which handler answers which method, and the process from first byte to last."""

from __future__ import annotations

import asyncio
import logging
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from cope_lsp import __version__
from cope_lsp.lsp import protocol
from cope_lsp.lsp.boundary import guarded
from cope_lsp.lsp.documents import TOO_LARGE
from cope_lsp.lsp.endpoint import Endpoint, make_converter
from cope_lsp.lsp.folders import Folders
from cope_lsp.lsp.lifetime import exit_within, parent_death
from cope_lsp.lsp.session import Session
from cope_lsp.lsp.transport import Outlet, open_stream, read_body, seize_descriptors

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pygls.exceptions import JsonRpcException, PyglsError

    from cope_lsp.lsp.transport import Descriptors

log = logging.getLogger(__name__)

CLOSING_S = 1.5
"""Seconds that the session has to close once its editor is gone."""

# In the order of arrival, before the next message is read: what later messages build upon.
_IMMEDIATE = {
    types.INITIALIZE: "initialize",
    types.TEXT_DOCUMENT_DID_OPEN: "did_open",
    types.TEXT_DOCUMENT_DID_CHANGE: "did_change",
    types.TEXT_DOCUMENT_DID_CLOSE: "did_close",
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL: "work_done_progress_cancel",
    protocol.DID_CHANGE_TRUST: "did_change_trust",
}

_AWAITED = {
    types.INITIALIZED: "initialized",
    types.SHUTDOWN: "shutdown",
    types.TEXT_DOCUMENT_CODE_ACTION: "code_action",
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: "did_change_configuration",
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: "did_change_workspace_folders",
    protocol.SOLVE: "solve",
}

_COMMANDS = {
    protocol.RUN: "run",
    protocol.CANCEL: "cancel",
    protocol.SHOW_BEST: "show_best",
    protocol.APPLY: "apply",
    protocol.DISCARD: "discard",
    protocol.SHOW_REPORT: "show_report",
    protocol.SHOW_SENT: "show_sent",
    protocol.TRUST: "trust",
    protocol.CONSENT: "consent",
}

_OPTIONS = {
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
        code_action_kinds=[protocol.KIND_REWRITE, protocol.KIND_READ, protocol.KIND_FIX]
    ),
}


def serve(overrides: Sequence[str] = ()) -> int:
    """Serve one editor over stdin and stdout until it leaves; returns the exit status.

    `overrides` are `name=value` settings of the command line.
    """
    descriptors = seize_descriptors()
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s"
    )
    return asyncio.run(_converse(descriptors, tuple(overrides)))


class CopeServer(LanguageServer):
    """pygls' server; what goes wrong inside is logged and not shown to the user as it is."""

    def report_server_error(self, error: Exception, source: type[PyglsError | JsonRpcException]) -> None:
        """Log it."""
        log.error("%s: %s", source.__name__, error)


async def _converse(descriptors: Descriptors, overrides: tuple[str, ...]) -> int:
    server = CopeServer("cope-lsp", __version__, protocol_cls=Endpoint, converter_factory=make_converter)
    session = Session(server, Folders(overrides))
    _register(server, session)
    endpoint = cast("Endpoint", server.protocol)
    outlet = Outlet(descriptors.write)
    endpoint.set_writer(outlet)
    endpoint.skipped = partial(_skipped, session)
    ends = [
        asyncio.create_task(_read(open_stream(descriptors.read), endpoint)),
        asyncio.create_task(_parent_gone(server, session)),
        asyncio.create_task(outlet.lost.wait()),
    ]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    await _close(session)
    for end in ends:
        end.cancel()
    status = 0 if endpoint.is_shut_down else 1
    exit_within(CLOSING_S, status)
    return status


def _skipped(session: Session, uri: str) -> None:
    session.documents.leave(uri)
    session.leave_alone(uri, TOO_LARGE)


async def _read(stream: asyncio.StreamReader, endpoint: Endpoint) -> None:
    while not endpoint.leaving and (body := await read_body(stream)) is not None:
        endpoint.receive(body)


async def _parent_gone(server: CopeServer, session: Session) -> None:
    await session.opened.wait()
    await parent_death(server.process_id)


async def _close(session: Session) -> None:
    try:
        async with asyncio.timeout(CLOSING_S):
            await session.close()
    except TimeoutError:
        log.warning("Something did not close in time")


def _register(server: CopeServer, session: Session) -> None:
    for method, module in _IMMEDIATE.items():
        server.feature(method, _OPTIONS.get(method))(_immediate(session, module))
    for method, module in _AWAITED.items():
        server.feature(method)(_awaited(session, module))
    for command, module in _COMMANDS.items():
        server.command(command)(_awaited(session, module))


# A feature's module is imported when it is first asked for: most sessions of an editor never use most.


def _immediate(session: Session, module: str) -> Callable[..., object]:
    @guarded
    def handler(*arguments: Any) -> object:  # noqa: ANN401 -- pygls gives each method its own type
        return import_module(f"cope_lsp.lsp.features.{module}").handle(session, *arguments)

    return handler


def _awaited(session: Session, module: str) -> Callable[..., Awaitable[object]]:
    @guarded
    async def handler(*arguments: Any) -> object:  # noqa: ANN401 -- as above
        return await import_module(f"cope_lsp.lsp.features.{module}").handle(session, *arguments)

    return handler
