"""A real server process between a scripted editor and a scripted model server."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psutil
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from cope_lsp.lsp.client import EVERYTHING, Editor, Manners, client_converter
from tests.support.model_server import Entry, always, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

    from cope_lsp.lsp import protocol
    from tests.support.model_exchange import ModelServer
    from tests.support.model_script import Script

STUB = '''\
def slugify(title: str) -> str:
    """Make a title fit for a URL.

    >>> slugify("Hello World")
    'hello-world'
    >>> slugify("a")
    'a'
    """
    ...
'''
TASTER = "cope_lsp.languages.tasting"
RIGHT = '```python\nreturn "-".join(title.lower().split())\n```'
WRONG = "```python\nreturn title.lower()\n```"
SOLVED = STUB.replace("    ...\n", '    return "-".join(title.lower().split())\n')
"""`STUB` after the right reply."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a test's world is made. `config` goes into the user's file beside the models' addresses."""

    script: Script = field(default_factory=lambda: always(RIGHT))
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    capabilities: types.ClientCapabilities = field(default_factory=lambda: EVERYTHING)
    options: object = field(default_factory=lambda: {"trusted": True})
    manners: Manners = field(default_factory=Manners)
    models: tuple[Entry, ...] = (Entry("small"), Entry("large"))
    more_folders: tuple[Path, ...] = ()
    command: tuple[str, ...] = (sys.executable, "-m", "cope_lsp", "--stdio")
    env: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class World:
    """An editor on a server on a model server, and the folder that is open."""

    editor: Editor
    models: ModelServer
    project: Path
    process: psutil.Process
    initialized: types.InitializeResult

    def uri(self, name: str = "slug.py") -> str:
        """The URI of a file of the project."""
        return (self.project / name).as_uri()

    def open(self, name: str = "slug.py", text: str = STUB) -> str:
        """Write a file and open it."""
        (self.project / name).write_text(text)
        self.editor.open(self.uri(name), text)
        return self.uri(name)

    async def offered(self, uri: str, line: int = 0, only: list[str] | None = None) -> list[types.CodeAction]:
        """The code actions on a line."""
        found = await self.editor.actions(uri, on_line(line), only)
        return [action for action in found if isinstance(action, types.CodeAction)]

    async def until_offered(self, uri: str, count: int) -> None:
        """Wait until so many actions are offered: settings take a round trip to hold."""
        async with asyncio.timeout(5):
            while len(await self.offered(uri)) != count:  # noqa: ASYNC110 -- the server tells nobody
                await asyncio.sleep(0.02)

    async def pick(self, uri: str, line: int = 0, number: int = 0) -> str:
        """Pick a code action; the id of the job that it starts."""
        action = (await self.offered(uri, line))[number]
        assert action.command is not None
        return (await self.editor.execute(action.command))["job"]

    async def message(self, number: int = 1) -> str:
        """The `number`-th message that the user sees."""
        await self.editor.until(lambda: len(self.editor.messages) >= number, 30)
        return self.editor.messages[number - 1].message

    def children(self) -> list[psutil.Process]:
        """Processes that the server has started for its jobs."""
        return working(self.process)


def on_line(line: int, character: int = 4) -> types.Range:
    """An empty range on a line."""
    return types.Range(types.Position(line, character), types.Position(line, character))


def argument_of(action: types.CodeAction) -> Any:  # noqa: ANN401 -- JSON
    """The one argument of an action's command."""
    assert action.command is not None
    assert action.command.arguments is not None
    (argument,) = action.command.arguments
    return argument


def asked(uri: str, reach: protocol.Reach = "cascade") -> protocol.RunArguments:
    """The argument of `cope/solve` for the stub."""
    return {"uri": uri, "version": 1, "qualname": "slugify", "kind": "implement", "reach": reach}


@asynccontextmanager
async def world(tmp_path: Path, setting: Setting | None = None) -> AsyncGenerator[World]:
    """Start everything; when the block ends, the server has been shut down."""
    setting = setting or Setting()
    project = tmp_path / "project"
    project.mkdir(exist_ok=True)
    (project / "pyproject.toml").write_text('[project]\nname = "example"\n')
    async with serve(setting.script, setting.models) as models:
        write_config(tmp_path, models.url, setting.config)
        async with running(tmp_path, setting) as (client, process):
            client.capabilities = setting.capabilities
            editor = Editor(client, setting.manners)
            folders = [project, *setting.more_folders]
            answer = await editor.initialize(folders, setting.capabilities, setting.options)
            yield World(editor, models, project, process, answer)


def write_config(home: Path, url: str, config: Mapping[str, object]) -> None:
    """The user's file: both models on the model server, and what a test adds, as dotted names."""
    values = {"small.model": "small", "small.base_url": url, "large.base_url": url, **config}
    lines = (f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text("".join(lines))


@asynccontextmanager
async def running(home: Path, setting: Setting) -> AsyncGenerator[tuple[LanguageClient, psutil.Process]]:
    """A server process, and pytest-lsp's client, which checks that the server respects its capabilities."""
    env = {**os.environ, **setting.env, "COPE_HOME": str(home)}
    config = ClientServerConfig(
        list(setting.command),
        client_factory=lambda: LanguageClient(converter_factory=client_converter),
        server_env=env,
    )
    before = set(psutil.Process().children())
    client = await config.start()
    assert isinstance(client, LanguageClient)
    (process,) = set(psutil.Process().children()) - before
    try:
        yield client, process
    finally:
        async with asyncio.timeout(10):
            if is_alive(process):
                await client.shutdown_async(None)
                client.exit(None)
            await client.stop()


def working(server: psutil.Process) -> list[psutil.Process]:
    """What a server has started for its jobs: all but the child that tries texts."""
    return [each for each in server.children(recursive=True) if TASTER not in _words(each)]


def tasters(server: psutil.Process) -> list[psutil.Process]:
    """The child that tries texts, if there is one."""
    return [each for each in server.children(recursive=True) if TASTER in _words(each)]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def is_alive(process: psutil.Process) -> bool:
    """Whether a process still runs; one that only waits for its parent's glance does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
