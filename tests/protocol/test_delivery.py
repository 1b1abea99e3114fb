"""What an editor says of an edit, and what it does: the job's ending tells the truth of both."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from lsprotocol import types

from cope_lsp.lsp.client import EVERYTHING, Applies, Manners
from cope_lsp.lsp.delivery import ECHO_S
from tests.protocol.driving import RIGHT, SOLVED, Setting, asked, on_line, world
from tests.protocol.test_other_requests import EXPLANATION, ONE_TEST, TESTS, WRITTEN
from tests.support.model_server import Reply, Rule, always, by_rules

if TYPE_CHECKING:
    from pathlib import Path

LYING = Setting(config={"auto_apply": True}, manners=Manners(applies=Applies.LIES))


async def test_an_editor_that_says_applied_and_did_not_is_found_out(tmp_path: Path) -> None:
    """Its next change does not show the text: only one that does counts."""
    async with world(tmp_path, LYING) as here:
        uri = here.open()
        solving = asyncio.create_task(here.editor.solve(asked(uri)))
        await here.editor.until(lambda: here.editor.edits)
        here.editor.change(uri, types.TextEdit(on_line(0, 0), "# typed\n"))
        outcome = await solving
        assert outcome["ending"] == "proposed"
        assert "is not in the file, although the editor said that it was applied" in outcome["message"]
        assert len(here.editor.edits) == 1


async def test_an_editor_may_tell_of_the_change_late(tmp_path: Path) -> None:
    """Emacs does when its user next presses a key: nobody is told meanwhile that nothing was applied."""
    async with world(tmp_path, LYING) as here:
        solving = asyncio.create_task(here.editor.solve(asked(here.open())))
        await here.editor.until(lambda: here.editor.edits)
        await asyncio.sleep(ECHO_S + 0.5)
        assert not solving.done()
        assert here.editor.apply(here.editor.edits[0].edit)
        assert (await solving)["ending"] == "applied"
        assert here.editor.document(here.uri()).text.decode() == SOLVED


async def test_a_file_that_is_closed_is_not_waited_for(tmp_path: Path) -> None:
    """No change can come of it any more."""
    async with world(tmp_path, LYING) as here:
        uri = here.open()
        solving = asyncio.create_task(here.editor.solve(asked(uri)))
        await here.editor.until(lambda: here.editor.edits)
        await asyncio.sleep(ECHO_S + 0.5)
        document = types.TextDocumentIdentifier(uri)
        here.editor.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        async with asyncio.timeout(30):
            assert (await solving)["ending"] == "proposed"


async def test_an_editor_may_open_a_file_and_tell_of_the_change_late(tmp_path: Path) -> None:
    """Tests for a file that is not open: it comes up as it was, and the change after."""
    setting = replace(LYING, script=always(TESTS))
    async with world(tmp_path, setting) as here:
        (here.project / "test_slug.py").write_text(ONE_TEST)
        await here.pick(here.open(text=WRITTEN))
        await here.editor.until(lambda: here.editor.edits, 30)
        tests = here.editor.open(here.uri("test_slug.py"), ONE_TEST)
        await asyncio.sleep(ECHO_S + 0.5)
        assert here.editor.messages == []
        assert here.editor.apply(here.editor.edits[0].edit)
        assert "waits" not in await here.message()
        assert "def test_words_are_joined():" in tests.text.decode()


async def test_nobody_is_asked_to_apply_what_the_editor_cannot_take(tmp_path: Path) -> None:
    """A client that advertises nothing: one message, with the report, which holds the code."""
    capabilities = types.ClientCapabilities(text_document=EVERYTHING.text_document)
    async with world(tmp_path, Setting(capabilities=capabilities)) as here:
        await here.pick(here.open())
        message = await here.message()
        assert here.editor.questions == []
        assert "the editor does not take edits from servers" in message
        (report,) = (tmp_path / "state" / "reports").glob("*.md")
        assert str(report) in message
        assert 'return "-".join(title.lower().split())' in report.read_text()


async def test_nobody_is_asked_for_a_file_that_the_editor_cannot_create(tmp_path: Path) -> None:
    """New tests are in the report; Emacs 30 creates no files for servers."""
    workspace = types.WorkspaceClientCapabilities(apply_edit=True)
    capabilities = types.ClientCapabilities(text_document=EVERYTHING.text_document, workspace=workspace)
    async with world(tmp_path, Setting(always(TESTS), capabilities=capabilities)) as here:
        await here.pick(here.open(text=WRITTEN))
        message = await here.message()
        assert here.editor.questions == []
        assert "the editor does not create files for servers" in message
        assert str(tmp_path / "state" / "reports") in message


async def test_a_message_that_is_cut_off_still_says_where_the_result_is(tmp_path: Path) -> None:
    """Helix shows as much as fits on a line, and opens no pages."""
    capabilities = types.ClientCapabilities(EVERYTHING.workspace, EVERYTHING.text_document)
    script = by_rules(Rule((Reply(EXPLANATION),), contains="words = title"), Rule((Reply(RIGHT),)))
    async with world(tmp_path, Setting(script, capabilities=capabilities)) as here:
        await here.pick(here.open())
        assert "waits as a code action at slugify" in (await here.message())[:120]
        await here.pick(here.open("written.py", WRITTEN), number=2)
        pages = tmp_path / "state" / "reports" / "pages"
        assert (await here.message(2)).startswith(f"slugify: explained · {pages}")
