"""Files that would hold up or end whoever parses them: others are served as if they were not open."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from tests.protocol.driving import STUB, World, asked, on_line, tasters, world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LANGUAGE, ENDLESS = "typescriptreact", "<a {{b:>c:d(e f)"
"""tree-sitter-typescript#323: 16 bytes that its parser never comes to an end of."""

BRACKETS = "[" * 1_000_000
HUGE = 100_000_000
KEYSTROKES = 40


async def test_hostile_files_are_left_alone_and_said_so_while_others_are_served(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Every code action elsewhere is answered; how long each took is recorded (goal: p95 of 20 ms)."""
    hostile = {"deep.py": ("python", BRACKETS), "loop.tsx": (LANGUAGE, ENDLESS)}
    async with world(tmp_path) as here:
        uri = here.open()
        assert len(await here.offered(uri)) == 1
        # Apart from the rest: a message of this size keeps the editor busy, and the pipe to the server.
        assert await _asked(here, "huge.py", "python", "x" * HUGE) == []
        asking = [asyncio.create_task(_asked(here, name, *file)) for name, file in hostile.items()]
        seconds = [await _keystroke(here, uri, number) for number in range(KEYSTROKES)]
        assert not any(await asyncio.gather(*asking))
        await here.editor.until(lambda: len(here.editor.logged) > len(hostile), 30)
        said = {each.message.partition(" is left alone")[0] for each in here.editor.logged}
        assert said == {"huge.py", *hostile}
        assert here.editor.messages == []
        assert len(await here.offered(uri)) == 1
    record_property("p95_ms", statistics.quantiles(seconds, n=20)[-1] * 1000)
    record_property("longest_ms", max(seconds) * 1000)


async def test_a_hostile_file_that_is_asked_about_all_the_same_is_refused_with_the_reason(
    tmp_path: Path,
) -> None:
    """One message that says why and what to do."""
    async with world(tmp_path) as here:
        outcome = await here.editor.solve(asked(here.open(text=f"{STUB}\n\nx = {'(' * 3000}1{')' * 3000}\n")))
        assert outcome["ending"] == "failed"
        assert "slug.py is left alone, since it is nested too deeply" in outcome["message"]


async def test_a_file_that_was_mended_is_served_again_once_it_is_opened_again(tmp_path: Path) -> None:
    """Within one opening it stays left alone, so that no keystroke costs a child."""
    async with world(tmp_path) as here:
        uri = here.open(text=f"{STUB}\n\nx = {'(' * 3000}1{')' * 3000}\n")
        assert await here.offered(uri) == []
        here.editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        assert len(await here.offered(here.open())) == 1


async def test_a_killed_child_costs_no_answer(tmp_path: Path) -> None:
    """The next keystroke starts another, which takes the file up from nothing."""
    async with world(tmp_path) as here:
        uri = here.open()
        assert len(await here.offered(uri)) == 1
        (child,) = tasters(here.process)
        child.kill()
        await _keystroke(here, uri, 0)
        assert len(await here.offered(uri)) == 1
        (other,) = tasters(here.process)
        assert other.pid != child.pid
        assert here.editor.logged == []


@pytest.mark.parametrize("name", ["huge.py", "grown.py"])
async def test_a_file_that_is_or_grows_too_large_is_said_once(tmp_path: Path, name: str) -> None:
    """At once, since no code action will be asked of it."""
    async with world(tmp_path) as here:
        if name == "grown.py":
            here.editor.open(here.uri(name), "")
            here.editor.change(here.uri(name), types.TextEdit(on_line(0, 0), "#" * 2_000_000))
        else:
            await _asked(here, name, "python", "#" * 2_000_000)
        await here.editor.until(lambda: here.editor.logged, 30)
        assert f"{name} is left alone, since it is larger than 1 MiB" in here.editor.logged[0].message
        outcome = await here.editor.solve({**asked(here.uri(name)), "reach": "local"})
        assert "larger than 1 MiB" in outcome["message"]


async def _asked(here: World, name: str, language_id: str, text: str) -> list[types.CodeAction]:
    """Open a file, as the wire sees it, and ask for its actions."""
    uri = here.uri(name)
    item = types.TextDocumentItem(uri, language_id, 1, text)
    here.editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    return await here.offered(uri)


async def _keystroke(here: World, uri: str, number: int) -> float:
    """Type a character into the docstring and ask for actions; the seconds that the answer took."""
    here.editor.change(uri, types.TextEdit(on_line(1, 7), "abcdefghij"[number % 10]))
    begun = time.perf_counter()
    assert len(await here.offered(uri)) == 1
    return time.perf_counter() - begun
