"""Reports and what was sent: kept as files of the user's, shown where the client can show a document."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from anyio import to_thread
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cope_lsp.cascade.errors import CopeError
from cope_lsp.engine.stores import Stores, stores
from cope_lsp.settings import Settings
from cope_lsp.storage.reports import keep_report, latest_report
from cope_lsp.storage.sent import sent_markdown, sent_requests
from cope_lsp.storage.statistics import delivered

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.lsp.jobs import Ending
    from cope_lsp.lsp.session import Session

log = logging.getLogger(__name__)

SHOW_S = 5.0
"""Seconds that an editor has to open a document."""


def user_stores() -> Stores:
    """The user's stores, shared by all servers and the command line."""
    return stores(Settings())


async def note_delivery(job: str, ending: Ending) -> None:
    """Keep what became of a job's solution, for `cope-lsp stats`."""
    await delivered(user_stores().ledger, job, ending.value)


async def keep(name: str, markdown: str) -> Path | None:
    """Keep a report; None where it could not be kept."""
    return await _keep(user_stores().reports, name, markdown)


async def keep_aside(name: str, text: str) -> Path | None:
    """Keep a page that is no job's report."""
    return await _keep(user_stores().reports / "pages", name, text)


async def find_report(job: str | None) -> Path | None:
    """The report of a job that has ended, or the latest one."""
    folder = user_stores().reports
    if job is None:
        return await to_thread.run_sync(latest_report, folder)
    path = folder / f"{job}.md"
    return path if path.parent == folder and path.is_file() else None


async def sent_page(job: str | None) -> Path | None:
    """A page of what a job sent, or of what was sent in the last week."""
    requests = await to_thread.run_sync(sent_requests, user_stores().sent, job)
    return await keep_aside("sent", sent_markdown(requests))


async def show(session: Session, path: Path, what: str) -> None:
    """Open a file in the editor; a client that cannot is told where it is."""
    if not await opened(session, path):
        session.client.window_show_message(types.ShowMessageParams(types.MessageType.Info, f"{what}: {path}"))


async def opened(session: Session, path: Path) -> bool:
    """Open a file in the editor; False where it could not, or did not say so in time."""
    if not session.abilities.show_document:
        return False
    params = types.ShowDocumentParams(path.as_uri(), external=False, take_focus=True)
    try:
        async with asyncio.timeout(SHOW_S):
            return (await session.client.window_show_document_async(params)).success
    except (JsonRpcException, TimeoutError) as error:
        log.info("The editor failed to show a document: %s", error)
        return False


async def _keep(folder: Path, name: str, markdown: str) -> Path | None:
    try:
        return await to_thread.run_sync(partial(keep_report, folder, name, markdown))
    except (CopeError, OSError) as error:
        log.warning("A page could not be kept: %s", error)
        return None
