"""What the demo does in its editor: open a file, pick the code action at a stub, watch the job to its end."""

from __future__ import annotations

import os
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.errors import CopeError
from cope_lsp.languages.registry import for_path
from cope_lsp.lsp import protocol
from cope_lsp.lsp.client import Editor, Manners, connect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from pathlib import Path

    from cope_lsp.languages.text import Span

_PATIENCE_S = 600.0


class BadExample(CopeError):  # noqa: N818 -- reads as a state, like the other errors
    """The example project is not what the demo knows."""


@dataclass(frozen=True, slots=True)
class Act:
    """What was offered at a stub, how the job ended, and the file's text before and after."""

    offered: tuple[str, ...]
    ending: str
    message: str
    seconds: float
    before: str
    after: str
    left: tuple[str, ...]


@asynccontextmanager
async def editor_on(project: Path, home: Path, settings: Sequence[str]) -> AsyncGenerator[Editor]:
    """An editor on a server process of its own, with the project open and trusted, and stores below `home`.

    Asked whether to apply a tested edit, it says yes.
    """
    # Without `-P` a file called cope_lsp.py in the present folder would be run instead.
    command = [sys.executable, "-P", "-m", "cope_lsp", "--stdio"]
    command += [word for pair in settings for word in ("--set", pair)]
    async with connect(command, {**os.environ, "COPE_HOME": str(home)}) as client:
        editor = Editor(
            client, Manners(questions=lambda asked: asked.actions[0].title if asked.actions else None)
        )
        options = {"protocolVersion": protocol.VERSION, "status": True, "trusted": True}
        await editor.initialize([project], options=options)
        yield editor
        await editor.leave()


async def implement(editor: Editor, file: Path, name: str, watch: Callable[[protocol.Status], None]) -> Act:
    """Choose the first code action at a function and wait for its job to end; `watch` hears how it goes."""
    began = time.monotonic()
    uri, before = file.as_uri(), await anyio.Path(file).read_text("utf-8")
    document = editor.open(uri, before, "python")
    place = document.range_of(_signature(file, before, name))
    actions = await editor.actions(uri, place)
    commands = [action.command for action in actions if not isinstance(action.command, str)]
    started = await editor.execute(next(command for command in commands if command is not None))
    last = await _ended(editor, started["job"], watch)
    return Act(
        offered=tuple(action.title for action in actions),
        ending=last.get("ending", ""),
        message=last.get("message", ""),
        seconds=time.monotonic() - began,
        before=before,
        after=editor.document(uri).text.decode(),
        left=tuple(action.title for action in await editor.actions(uri, place)),
    )


async def _ended(editor: Editor, job: str, watch: Callable[[protocol.Status], None]) -> protocol.Status:
    seen = 0

    def news() -> bool:
        return len(editor.statuses) > seen

    while True:
        await editor.until(news, _PATIENCE_S)
        status = editor.statuses[seen]
        seen += 1
        if status["job"] == job:
            watch(status)
            if "ending" in status:
                return status


def _signature(file: Path, text: str, name: str) -> Span:
    language = for_path(file.name)
    target = language and language.syntax.target_named(language.syntax.parse(text.encode()), name)
    if not target:
        raise BadExample(
            f"{file} has no function {name}.", fix="Name the folder of the examples with --project."
        )
    return target.signature
