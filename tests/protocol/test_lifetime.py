"""From the first byte to the last: no child is left, whoever goes first."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest
from lsprotocol import types

from cope_lsp.lsp import protocol
from tests.protocol.driving import RIGHT, STUB, Setting, asked, is_alive, working, world, write_config
from tests.protocol.raw import Wire, initialize, packed
from tests.support.model_server import Reply, always, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from pathlib import Path

    from tests.support.model_script import Script

SERVER = (sys.executable, "-m", "cope_lsp", "--stdio")
HANGS = always(Reply(RIGHT, delay_s=60))
LOOPS = always("```python\nwhile True:\n    pass\n```")

EDITOR = """
import subprocess, sys, time
read, write, *command = sys.argv[1:]
print(subprocess.Popen(command, stdin=int(read), stdout=int(write)).pid, flush=True)
time.sleep(600)
"""
"""An editor that starts a server on given descriptors, says its pid, and waits to be killed."""


@pytest.mark.parametrize("script", [HANGS, LOOPS], ids=["waiting for a model", "running a candidate"])
async def test_shutdown_in_mid_solve_ends_the_server_and_leaves_no_child(
    tmp_path: Path, script: Script, record_property: Callable[[str, object], None]
) -> None:
    """Model connection and sandbox are gone; how long that took is recorded (goal: 1 s)."""
    async with world(tmp_path, Setting(script)) as here:
        await here.pick(here.open())
        await here.models.until(lambda models: len(models.chats) == 1)
        if script is LOOPS:
            await until(lambda: bool(here.children()))
        children = here.children()
        started = time.monotonic()
        await here.editor.client.shutdown_async(None)
        here.editor.client.exit(None)
        await until(lambda: not any(map(is_alive, (here.process, *children))))
        record_property("seconds", time.monotonic() - started)


async def test_the_end_of_input_ends_everything(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The editor's pipe closes in mid-solve; how long the end took is recorded (goal: 2 s)."""
    async with solving(tmp_path, LOOPS) as (wire, server):
        children = server.children(recursive=True)
        started = time.monotonic()
        wire.to.close()
        await until(lambda: not any(map(is_alive, (server, *children))))
        record_property("seconds", time.monotonic() - started)


async def test_the_death_of_the_parent_ends_everything(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The editor is killed while its pipes stay open elsewhere; how long it took is recorded (goal: 2 s)."""
    async with solving(tmp_path, LOOPS) as (_, server):
        children = server.children(recursive=True)
        editor = server.parent()
        assert editor is not None
        started = time.monotonic()
        editor.kill()
        await until(lambda: not any(map(is_alive, (server, *children))))
        record_property("seconds", time.monotonic() - started)


@pytest.mark.parametrize(("goodbye", "status"), [((types.SHUTDOWN, types.EXIT), 0), ((types.EXIT,), 1)])
def test_the_exit_status_says_whether_shutdown_came_first(
    tmp_path: Path, goodbye: tuple[str, ...], status: int
) -> None:
    """As LSP wants it."""
    data = packed(types.INITIALIZE, initialize(tmp_path.as_uri(), None), 1)
    data += b"".join(packed(method, None, 2 if method == types.SHUTDOWN else None) for method in goodbye)
    done = subprocess.run(
        SERVER, input=data, capture_output=True, env=home(tmp_path), check=False, timeout=20
    )
    assert done.returncode == status


def test_an_editor_in_another_process_namespace_is_not_watched(tmp_path: Path) -> None:
    """A `processId` that does not exist here says nothing about the editor's life."""
    with started(tmp_path, SERVER) as (wire, server):
        gone = subprocess.run(
            [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
        )
        wire.ask(types.INITIALIZE, initialize(tmp_path.as_uri(), int(gone.stdout)))
        time.sleep(1.2)
        assert server.is_running()
        assert wire.ask(types.SHUTDOWN)["result"] is None


@asynccontextmanager
async def solving(tmp_path: Path, script: Script) -> AsyncGenerator[tuple[Wire, psutil.Process]]:
    """A server below an editor process of its own, with a candidate running in the sandbox."""
    (tmp_path / "pyproject.toml").touch()
    async with serve(script) as models:
        write_config(tmp_path, models.url, {})
        with started(tmp_path, SERVER) as (wire, server):
            parent = server.parent()
            assert parent is not None
            hello = initialize(tmp_path.as_uri(), parent.pid, {"trusted": True})
            await asyncio.to_thread(wire.ask, types.INITIALIZE, hello)
            uri = (tmp_path / "slug.py").as_uri()
            item = {"uri": uri, "languageId": "python", "version": 1, "text": STUB}
            wire.send(packed(types.TEXT_DOCUMENT_DID_OPEN, {"textDocument": item}))
            run = {"command": protocol.RUN, "arguments": [asked(uri)]}
            await asyncio.to_thread(wire.ask, types.WORKSPACE_EXECUTE_COMMAND, run)
            await until(lambda: bool(working(server)))
            yield wire, server


@contextmanager
def started(tmp_path: Path, command: tuple[str, ...]) -> Generator[tuple[Wire, psutil.Process]]:
    """A server on pipes that outlive the editor process that started it."""
    (child_in, to), (of, child_out) = os.pipe(), os.pipe()
    editor = subprocess.Popen(
        [sys.executable, "-c", EDITOR, str(child_in), str(child_out), *command],
        pass_fds=(child_in, child_out),
        stdout=subprocess.PIPE,
        env=home(tmp_path),
    )
    os.close(child_in)
    os.close(child_out)
    assert editor.stdout is not None
    server = psutil.Process(int(editor.stdout.readline()))
    with os.fdopen(to, "wb") as writer, os.fdopen(of, "rb") as reader, editor.stdout:
        try:
            yield Wire(writer, reader), server
        finally:
            editor.kill()
            editor.wait()
            if server.is_running():
                server.kill()


def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose home is the test's folder."""
    return {**os.environ, "COPE_HOME": str(tmp_path)}


async def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    """Wait for something that only looking tells."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 -- processes send no events
            await asyncio.sleep(0.02)
