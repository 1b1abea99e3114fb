"""The server's death, however sudden, ends every job."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.sandbox.isolation import UNISOLATED
from cope_lsp.sandbox.job import View
from cope_lsp.sandbox.run import run
from tests.sandbox.box import NAMESPACES, processes_with, shell

if TYPE_CHECKING:
    from cope_lsp.sandbox.isolation import Isolation
    from tests.sandbox.box import Place

SERVER = """
import sys
from pathlib import Path
import anyio
from cope_lsp.sandbox.isolation import UNISOLATED, Protection
from cope_lsp.sandbox.job import View
from cope_lsp.sandbox.run import run
from cope_lsp.sandbox.warm import Pool, run_pooled
from tests.sandbox.box import NAMESPACES, Place, python, shell, without

kinds = {"namespaces": NAMESPACES, "none": UNISOLATED, "careless": without(Protection.LIFELINE)}
script = "trap '' TERM HUP INT; (while :; do sleep 1; done) & while :; do sleep 1; done"
project = Path(sys.argv[2])
if sys.argv[1] == "warm":
    argv = ["/bin/sh", "-c", script, sys.argv[3] + "-job"]
    job = python(f"import subprocess; subprocess.run({argv!r})", Place(project.parent, project))
    anyio.run(run_pooled, job, NAMESPACES, Pool())
else:
    anyio.run(run, shell(script, View(project), sys.argv[3] + "-job"), kinds[sys.argv[1]])
"""

# bubblewrap outside and inside or the lifeline, then the program and its child; a warm job has but these two.
WHOLE_TREE = {"namespaces": 4, "careless": 4, "none": 3, "warm": 2}


async def killed_server_leaves(kind: str, place: Place) -> list[int]:
    """Kill a server in mid-run and say which of its processes are still there two seconds later."""
    mark = secrets.token_hex(8)
    command = (sys.executable, "-c", SERVER, kind, str(place.project), mark)
    root = Path(__file__).parents[2]
    async with await anyio.open_process(command, cwd=root, start_new_session=True) as server:
        with anyio.fail_after(20):
            while len(processes_with(f"{mark}-job")) < WHOLE_TREE[kind]:  # noqa: ASYNC110 -- another process's state has no event
                await anyio.sleep(0.02)
        server.send_signal(signal.SIGKILL)
    with anyio.move_on_after(2):
        while processes_with(f"{mark}-job"):  # noqa: ASYNC110 -- likewise
            await anyio.sleep(0.02)
    return processes_with(f"{mark}-job")


@pytest.mark.parametrize("kind", ["namespaces", "none", "warm"])
async def test_a_killed_server_leaves_no_process(place: Place, kind: str) -> None:
    """SIGKILL gives the server no last word, and still its jobs end."""
    assert await killed_server_leaves(kind, place) == []


@pytest.mark.parametrize("isolation", [NAMESPACES, UNISOLATED], ids=["namespaces", "none"])
async def test_a_task_cancelled_at_any_moment_leaves_no_process(place: Place, isolation: Isolation) -> None:
    """Asyncio's own cancelling goes through every shield, also while the job is only being started."""
    mark = secrets.token_hex(8)
    job = shell("while :; do sleep 1; done", View(place.project), mark)
    for milliseconds in range(0, 40, 2):
        task = asyncio.create_task(run(job, isolation))
        await asyncio.sleep(milliseconds / 1000)
        task.cancel()
        await asyncio.wait([task])
    with anyio.move_on_after(2):
        while processes_with(mark):  # noqa: ASYNC110 -- another process's state has no event
            await anyio.sleep(0.02)
    assert processes_with(mark) == []


async def test_without_the_lifeline_jobs_survive(place: Place) -> None:
    """The test above can fail: without the protection the job goes on."""
    survivors = await killed_server_leaves("careless", place)
    assert survivors
    for process in survivors:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
