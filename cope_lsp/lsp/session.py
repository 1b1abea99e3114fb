"""One editor's session: everything the features share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from cope_lsp.lsp.abilities import Abilities
from cope_lsp.lsp.documents import Documents
from cope_lsp.lsp.engines import Engines
from cope_lsp.lsp.jobs import Jobs
from cope_lsp.lsp.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from pygls.lsp.server import LanguageServer

    from cope_lsp.lsp.folders import Folders
    from cope_lsp.workspace.tasting import Taster


@dataclass(slots=True)
class Session:
    """The state between `initialize` and `exit`; `client` sends to the editor, `opened` says that it came.

    `told` are files of which was said that they are left alone.
    """

    client: LanguageServer
    folders: Folders
    abilities: Abilities = field(default_factory=Abilities)
    documents: Documents = field(default_factory=Documents)
    jobs: Jobs = field(default_factory=Jobs)
    engines: Engines = field(init=False)
    shelf: Shelf = field(default_factory=Shelf)
    told: set[str] = field(default_factory=set[str])
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    _taster: Taster | None = None
    _errands: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def __post_init__(self) -> None:
        self.engines = Engines(lambda: self.taster)

    @property
    def taster(self) -> Taster:
        """What tries texts before they are parsed here."""
        from cope_lsp.workspace.tasting import Taster  # noqa: PLC0415 -- not before a document is open

        if self._taster is None:
            self._taster = Taster()
        return self._taster

    def spawn(self, errand: Coroutine[Any, Any, None]) -> None:
        """Do something that a command's answer must not wait for."""
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def leave_alone(self, uri: str, why: str) -> str:
        """Say once of a file, in the client's log, that nothing is offered in it; the sentence."""
        from cope_lsp.workspace.tasting import left_alone  # noqa: PLC0415 -- as above

        text = left_alone(uri.rpartition("/")[2], why)
        if uri not in self.told:
            self.told.add(uri)
            self.client.window_log_message(types.LogMessageParams(types.MessageType.Warning, text))
        return text

    async def close(self) -> None:
        """End all jobs, then what they used."""
        await self.jobs.stop_all()
        await self.engines.close()
        # One by one, and not with the loop: a loop that ends while a child is started waits for it forever.
        left = [*self._errands, *(each.parsing for each in self.documents if each.parsing is not None)]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
        if self._taster is not None:
            await self._taster.close()
