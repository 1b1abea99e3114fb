"""Each language's small project, solved through `cope-lsp --stdio`: its own tests decide.

The model is scripted; the build, the tests and the sandbox are real.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import threading
from typing import TYPE_CHECKING

import psutil
import pytest
from lsprotocol import types

from cope_lsp.lsp import protocol
from tests.languages.cases import CASES
from tests.protocol.driving import Setting, World, is_alive, world
from tests.support.model_server import always, in_turn

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.languages.cases import Case
    from tests.support.model_script import Script

pytestmark = [pytest.mark.heavy]

PATIENT = {"deadline_s": 600.0, "tests.timeout_s": 120.0, "tests.build_timeout_s": 600.0}
CONFIG = {"auto_apply": True, "samples": 4, "worth.wrong_edit_usd": 0.2, **PATIENT}
"""A wrong edit costs little here: what is tried is whether tests decide, not how sure a few of them make."""

each_language = pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder.name)


@pytest.fixture
def home(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's home with the case's project as it was; of what earlier tests did only the builds are left."""
    home = tmp_path_factory.getbasetemp() / f"home-{case.folder.name}"
    for path in (home / "project", home / "state", home / "config", *(home / "cache").glob("*")):
        if path.name != "builds":
            shutil.rmtree(path, ignore_errors=True)
    home.mkdir(exist_ok=True)
    case.lay(home / "project")
    return home


def _setting(case: Case, script: Script) -> Setting:
    return Setting(script, config=CONFIG, env=case.environment())


async def _solved(here: World, case: Case) -> protocol.Outcome:
    """Open the file and ask for the stub; the outcome."""
    path = here.project / case.file
    here.editor.open(path.as_uri(), path.read_text("utf-8"), case.language)
    return await here.editor.solve(_asked(here, case))


def _asked(here: World, case: Case) -> protocol.RunArguments:
    uri = (here.project / case.file).as_uri()
    return {"uri": uri, "version": 1, "qualname": case.symbol, "kind": "implement", "reach": "local"}


@each_language
async def test_a_right_candidate_is_accepted_and_a_wrong_one_refused(case: Case, home: Path) -> None:
    """The wrong reply and the one that does not build come first; only the right one is applied."""
    wrong, broken, right = (case.reply(name) for name in (case.wrong, case.broken, case.right))
    async with world(home, _setting(case, in_turn(wrong, broken, right))) as here:
        outcome = await _solved(here, case)
        assert outcome["ending"] == "applied", outcome["message"]
        assert "tests pass" in outcome["message"]
        text = here.editor.document((here.project / case.file).as_uri()).text.decode()
        assert text != (here.project / case.file).read_text("utf-8")


@each_language
async def test_wrong_candidates_alone_change_nothing(case: Case, home: Path) -> None:
    """The outcome says which test failed."""
    async with world(home, _setting(case, always(case.reply(case.wrong)))) as here:
        outcome = await _solved(here, case)
        assert outcome["ending"] != "applied", outcome["message"]
        assert here.editor.edits == []


@each_language
async def test_an_escape_is_stopped(case: Case, home: Path) -> None:
    """Neither network nor the host's files nor a process that stays: what is tried there leaves no trace."""
    outside, marker = home / "outside.txt", f"31{os.getpid()}"
    with _listening() as (port, heard):
        for name in case.escapes:
            words = {"port": port, "outside": outside, "marker": marker}
            shutil.rmtree(home / "state", ignore_errors=True)
            async with world(home, _setting(case, always(case.reply(name, **words)))) as here:
                outcome = await _solved(here, case)
                assert "tests pass" in outcome["message"], outcome["message"]
        assert not heard
    assert not outside.exists()
    assert not _running(marker)


@each_language
async def test_a_cancelled_build_leaves_no_process(case: Case, home: Path) -> None:
    """The request is cancelled while something builds or runs; soon nothing of it is left."""
    async with world(home, _setting(case, always(case.reply(case.right)))) as here:
        path = here.project / case.file
        here.editor.open(path.as_uri(), path.read_text("utf-8"), case.language)
        before = set(here.children())
        endpoint = here.editor.client.protocol
        sent = endpoint.send_request_async(protocol.SOLVE, _asked(here, case), msg_id="solve-1")
        answer = asyncio.ensure_future(sent)
        async with asyncio.timeout(120):
            while not _builds(here, before):  # noqa: ASYNC110 -- likewise
                await asyncio.sleep(0.01)
        built = set(here.children()) - before
        endpoint.notify("$/cancelRequest", types.CancelParams("solve-1"))
        with contextlib.suppress(Exception):
            await answer
        async with asyncio.timeout(20):
            while any(is_alive(process) for process in built):  # noqa: ASYNC110 -- the kernel tells nobody
                await asyncio.sleep(0.05)


def _builds(here: World, before: set[psutil.Process]) -> bool:
    """Whether the driver has started a tool."""
    return len(set(here.children()) - before) > 3


@contextlib.contextmanager
def _listening() -> Generator[tuple[int, list[bytes]]]:
    """A port of this host, and what was heard there."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def hear() -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    server.accept()[0].close()
                    heard.append(b"someone")

        listener = threading.Thread(target=hear)
        listener.start()
        try:
            yield server.getsockname()[1], heard
        finally:
            done.set()
            listener.join()


def _running(marker: str) -> list[psutil.Process]:
    """Processes of this host whose command line names the marker."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(marker in part for part in process.cmdline()):
                found.append(process)
    return found
