"""Three ways to cancel, and what else ends a job early."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cope_lsp.lsp import protocol
from tests.protocol.driving import RIGHT, STUB, Setting, World, asked, world
from tests.support.model_server import Reply, always, in_turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

HANGS = always(Reply(RIGHT, delay_s=60))
LOOPS = always("```python\nwhile True:\n    pass\n```")


async def by_progress(here: World, job: str) -> None:
    """The progress bar's button."""
    here.editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(job))


async def by_command(here: World, job: str) -> None:
    """`cope.cancel`."""
    argument: protocol.JobArguments = {"job": job}
    done = await here.editor.execute(types.Command("", protocol.CANCEL, arguments=[argument]))
    assert done == {"done": True}


async def by_command_without_a_name(here: World, _: str) -> None:
    """`cope.cancel` of the latest job."""
    assert await here.editor.execute(types.Command("", protocol.CANCEL)) == {"done": True}


@pytest.mark.parametrize("cancel", [by_progress, by_command, by_command_without_a_name])
async def test_cancelling_closes_the_models_connection(
    tmp_path: Path, cancel: Callable[[World, str], Awaitable[None]]
) -> None:
    """The model server sees its client leave, and the user one message."""
    async with world(tmp_path, Setting(HANGS)) as here:
        job = await here.pick(here.open())
        await here.models.until(lambda models: len(models.chats) == 1)
        await cancel(here, job)
        await here.models.until(lambda models: models.chats[0].closed_early)
        assert await here.message() == "slugify: cancelled."
        assert here.editor.edits == []


async def test_cancelling_the_request_cancels_the_solve(tmp_path: Path) -> None:
    """`$/cancelRequest` of `cope/solve` answers "cancelled" and closes the model's connection."""
    async with world(tmp_path, Setting(HANGS)) as here:
        endpoint = here.editor.client.protocol
        sent = endpoint.send_request_async(protocol.SOLVE, asked(here.open()), msg_id="solve-1")
        answer = asyncio.ensure_future(sent)
        await here.models.until(lambda models: len(models.chats) == 1)
        here.editor.client.cancel_request(types.CancelParams("solve-1"))
        with pytest.raises(JsonRpcException) as failure:
            await answer
        assert failure.value.code == types.LSPErrorCodes.RequestCancelled
        await here.models.until(lambda models: models.chats[0].closed_early)


async def test_cancelling_kills_what_runs_in_the_sandbox(tmp_path: Path) -> None:
    """A candidate that never ends leaves no process."""
    async with world(tmp_path, Setting(LOOPS)) as here:
        await here.pick(here.open())
        await until(lambda: bool(here.children()))
        await here.editor.execute(types.Command("", protocol.CANCEL))
        assert await here.message() == "slugify: cancelled."
        await until(lambda: not here.children())


async def test_a_newer_request_for_a_target_supersedes_the_older(tmp_path: Path) -> None:
    """One solve a target; the older one says so and lets go of its model."""
    script = in_turn(Reply(RIGHT, delay_s=60), RIGHT)
    async with world(tmp_path, Setting(script, config={"auto_apply": True})) as here:
        uri = here.open()
        await here.pick(uri)
        await here.models.until(lambda models: len(models.chats) == 1)
        await here.pick(uri)
        assert await here.message(1) == "slugify: superseded by a newer request."
        await here.models.until(lambda models: models.chats[0].closed_early)
        assert "2 of 2 examples pass" in await here.message(2)


async def test_requests_for_different_targets_run_side_by_side(tmp_path: Path) -> None:
    """Only the same target is superseded."""
    text = STUB + "\n\n" + STUB.replace("slugify", "other")
    async with world(tmp_path, Setting(HANGS)) as here:
        uri = here.open(text=text)
        jobs = {await here.pick(uri, 0), await here.pick(uri, STUB.count("\n") + 2)}
        assert len(jobs) == 2
        await here.models.until(lambda models: len(models.chats) >= 1)
        await here.editor.execute(types.Command("", protocol.CANCEL))
        assert await here.message(1) == "other: cancelled."
        await here.editor.execute(types.Command("", protocol.CANCEL))
        assert await here.message(2) == "slugify: cancelled."


async def test_the_best_so_far_can_be_had_at_once(tmp_path: Path) -> None:
    """`cope.showBest` ends the drawing; what failed its tests is shown as unverified."""
    script = in_turn("```python\nreturn title.lower()\n```", Reply(RIGHT, delay_s=60))
    async with world(tmp_path, Setting(script)) as here:
        await here.pick(here.open())
        await here.models.until(lambda models: len(models.chats) == 2)
        assert await here.editor.execute(types.Command("", protocol.SHOW_BEST)) == {"done": True}
        assert "not verified" in await here.message()
        await here.models.until(lambda models: models.chats[1].closed_early)


@pytest.mark.parametrize("command", [protocol.CANCEL, protocol.SHOW_BEST, protocol.APPLY, protocol.DISCARD])
async def test_a_command_without_anything_to_do_says_so(tmp_path: Path, command: str) -> None:
    """No job, nothing done, no error."""
    async with world(tmp_path) as here:
        assert await here.editor.execute(types.Command("", command)) == {"done": False}


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that only looking tells."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 -- processes send no events
            await asyncio.sleep(0.02)
