"""The main job over the wire: from an offer to an edit that is known to have arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from cope_lsp.lsp import protocol
from cope_lsp.lsp.client import EVERYTHING, Applies, Manners
from cope_lsp.storage.ledger import Ledger
from cope_lsp.storage.statistics import statistics
from tests.protocol.driving import RIGHT, SOLVED, STUB, WRONG, Setting, asked, world
from tests.support.model_server import Reply, always

if TYPE_CHECKING:
    from pathlib import Path

RIGHT_LINE = 'return "-".join(title.lower().split())'
AUTO = {"auto_apply": True}
SLOW = always(Reply(RIGHT, delay_s=0.5))


async def test_a_picked_offer_becomes_one_edit_that_passed_its_tests(tmp_path: Path) -> None:
    """Code action, command, one versioned edit, one message with the evidence."""
    async with world(tmp_path, Setting(config=AUTO)) as here:
        uri = here.open()
        await here.pick(uri)
        message = await here.message()
        assert here.editor.document(uri).text.decode() == SOLVED
        assert message.startswith("slugify: 2 of 2 examples pass · 2 samples agree · local · $0.00")
        (edit,) = here.editor.edits
        assert edit.edit.document_changes is not None
        (change,) = edit.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == 1
        assert len(here.editor.messages) == 1


async def test_what_became_of_solutions_is_counted(tmp_path: Path) -> None:
    """`cope-lsp stats` tells how many were applied; one that waits counts once the user applies it."""
    ledger = Ledger(tmp_path / "state" / "ledger.sqlite")
    async with world(tmp_path, Setting(always(WRONG))) as here:
        uri = here.open()
        job = await here.pick(uri)
        await here.message()
        assert (await statistics(ledger)).by_delivery == {"unverified": 1}
        await here.editor.execute(types.Command("Apply", protocol.APPLY, arguments=[{"job": job}]))
        await here.message(2)
    assert (await statistics(ledger)).by_delivery == {"applied": 1}


async def test_the_command_is_answered_before_the_model_is_asked(tmp_path: Path) -> None:
    """Clients give up on commands that take long."""
    async with world(tmp_path, Setting(always(Reply(RIGHT, delay_s=60)))) as here:
        assert await here.pick(here.open())
        assert not here.models.chats or not here.models.chats[0].done


async def test_progress_shows_stage_samples_tests_and_money(tmp_path: Path) -> None:
    """Begin with a cancel button, reports, one end with the message."""
    async with world(tmp_path, Setting(config=AUTO)) as here:
        job = await here.pick(here.open())
        await here.message()
        values = [value for token, value in here.editor.progress if token == job]
        assert here.editor.tokens == [job]
        assert (values[0]["kind"], values[0]["cancellable"]) == ("begin", True)
        assert [value["kind"] for value in values].count("end") == 1
        assert values[-1]["message"] == here.editor.messages[0].message
        assert any(
            value["message"] == "local · 1 of 8 drawn · 2 of 2 tests · $0.00" for value in values[1:-1]
        )


async def test_a_client_without_progress_gets_no_token(tmp_path: Path) -> None:
    """`window/workDoneProgress/create` goes only where it is advertised; the message comes all the same."""
    window = types.WindowClientCapabilities()
    capabilities = types.ClientCapabilities(text_document=EVERYTHING.text_document, window=window)
    async with world(tmp_path, Setting(capabilities=capabilities)) as here:
        await here.pick(here.open())
        await here.message()
        assert (here.editor.tokens, here.editor.progress) == ([], [])


async def test_a_client_that_advertises_nothing_gets_a_message_with_the_reports_path(tmp_path: Path) -> None:
    """No edit is sent to a client that takes none; the outcome is told."""
    async with world(tmp_path, Setting(capabilities=types.ClientCapabilities(), config=AUTO)) as here:
        uri = here.open()
        (command,) = await here.editor.actions(uri, types.Range(types.Position(0, 0), types.Position(0, 0)))
        assert isinstance(command, types.Command)
        await here.editor.execute(command)
        message = await here.message()
        assert "does not take edits" in message
        assert str(tmp_path / "state" / "reports") in message
        assert here.editor.edits == []


async def test_an_unsaved_document_is_judged_by_its_examples(tmp_path: Path) -> None:
    """`untitled:` belongs to no project; its examples run all the same."""
    async with world(tmp_path, Setting(config=AUTO)) as here:
        uri = "untitled:Untitled-1"
        here.editor.open(uri, STUB)
        assert (await here.editor.solve(asked(uri)))["ending"] == "applied"
        assert here.editor.document(uri).text.decode() == SOLVED


async def test_solve_can_be_awaited(tmp_path: Path) -> None:
    """`cope/solve` answers with the ending; the message comes with it and is not shown besides."""
    async with world(tmp_path, Setting(config=AUTO)) as here:
        outcome = await here.editor.solve(asked(here.open()))
        assert (outcome["ending"], outcome["stage"], outcome["costUsd"]) == ("applied", "small", 0.0)
        assert outcome["confidence"] > 0.5
        assert "2 of 2 examples pass" in outcome["message"]
        assert here.editor.messages == []


async def test_a_client_without_versioned_edits_gets_plain_ones(tmp_path: Path) -> None:
    """`changes` instead of `documentChanges`."""
    workspace = types.WorkspaceClientCapabilities(apply_edit=True)
    capabilities = types.ClientCapabilities(text_document=EVERYTHING.text_document, workspace=workspace)
    async with world(tmp_path, Setting(capabilities=capabilities, config=AUTO)) as here:
        uri = here.open()
        await here.pick(uri)
        await here.message()
        assert here.editor.document(uri).text.decode() == SOLVED
        assert here.editor.edits[0].edit.document_changes is None


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
async def test_the_edit_lands_right_after_text_of_many_widths(tmp_path: Path, ending: str) -> None:
    """Non-ASCII text before the target on its line and above, and both line ends."""
    head = 'x = "äß𝒳😋"\n\n\nclass Ä:\n    '
    stub = (
        STUB.replace("\n", "\n    ")
        .rstrip(" ")
        .replace("(title", "(self, title")
        .replace('slugify("', 'Ä().slugify("')
    )
    text = (head + stub).replace("\n", ending)
    async with world(tmp_path, Setting(config=AUTO)) as here:
        uri = (here.project / "wide.py").as_uri()
        (here.project / "wide.py").write_bytes(text.encode())
        here.editor.open(uri, text)
        await here.pick(uri, 5)
        assert "2 of 2 examples pass" in await here.message()
        expected = text.replace("        ...", '        return "-".join(title.lower().split())')
        assert here.editor.document(uri).text.decode() == expected


async def test_what_is_typed_elsewhere_meanwhile_moves_the_edit(tmp_path: Path) -> None:
    """The edit follows its target; nothing that was typed is lost."""
    async with world(tmp_path, Setting(SLOW, config=AUTO)) as here:
        uri = here.open()
        await here.pick(uri)
        await here.models.until(lambda models: len(models.chats) == 1)
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        here.editor.change(uri, types.TextEdit(start, '"""Words."""\n\n\n'))
        assert "2 of 2 examples pass" in await here.message()
        assert here.editor.document(uri).text.decode() == '"""Words."""\n\n\n' + SOLVED


async def test_a_target_that_was_changed_meanwhile_is_not_touched(tmp_path: Path) -> None:
    """Stale: the edit is offered, never forced."""
    async with world(tmp_path, Setting(SLOW, config=AUTO)) as here:
        uri = here.open()
        await here.pick(uri)
        await here.models.until(lambda models: len(models.chats) == 1)
        line = types.Range(types.Position(8, 4), types.Position(8, 7))
        here.editor.change(uri, types.TextEdit(line, "return title"))
        assert "the code it was made for has changed" in await here.message()
        assert here.editor.document(uri).text.decode() == STUB.replace("...", "return title")
        assert here.editor.edits == []


async def test_a_test_that_changed_meanwhile_is_asked_again(tmp_path: Path) -> None:
    """The evidence read a file that is no longer what it was: a choice that fails now is not applied."""
    passes = "from slug import slugify\n\n\ndef test_it():\n    assert slugify('A B') == 'a-b'\n"
    async with world(tmp_path, Setting(SLOW, config=AUTO)) as here:
        uri = here.open()
        tests = here.open("test_slug.py", passes)
        await here.pick(uri)
        await here.models.until(lambda models: len(models.chats) == 1)
        place = types.Range(types.Position(4, 0), types.Position(5, 0))
        here.editor.change(tests, types.TextEdit(place, "    assert slugify('A B') == 'a_b'\n"))
        assert "the project changed meanwhile" in await here.message()
        assert here.editor.document(uri).text.decode() == STUB


async def test_an_editor_that_refuses_the_edit_is_asked_once_more_and_no_further(tmp_path: Path) -> None:
    """Re-anchored once, then offered."""
    setting = Setting(config=AUTO, manners=Manners(applies=Applies.REFUSES))
    async with world(tmp_path, setting) as here:
        uri = here.open()
        outcome = await here.editor.solve(asked(uri))
        assert outcome["ending"] == "proposed"
        assert "was refused by the editor" in outcome["message"]
        assert len(here.editor.edits) == 2


async def test_an_offer_that_is_out_of_date_is_refused(tmp_path: Path) -> None:
    """The command carries a hash of the target."""
    async with world(tmp_path) as here:
        uri = here.open()
        (action,) = await here.offered(uri)
        line = types.Range(types.Position(1, 7), types.Position(1, 11))
        here.editor.change(uri, types.TextEdit(line, "Turn"))
        assert action.command is not None
        await here.editor.execute(action.command)
        assert (
            await here.message() == "slugify: it has changed since this was offered, or is gone; ask again."
        )
        assert here.models.chats == []


async def test_a_document_that_is_closed_meanwhile_is_not_touched(tmp_path: Path) -> None:
    """The job says so."""
    async with world(tmp_path, Setting(SLOW, config=AUTO)) as here:
        uri = here.open()
        await here.pick(uri)
        await here.models.until(lambda models: len(models.chats) == 1)
        here.editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        assert "the file was closed" in await here.message()
        assert here.editor.edits == []


async def test_what_failed_its_tests_is_told_kept_and_applied_only_when_picked(tmp_path: Path) -> None:
    """Unverified: nothing changes, a report is there, and a code action applies it."""
    async with world(tmp_path, Setting(always(WRONG), config=AUTO)) as here:
        uri = here.open()
        await here.pick(uri)
        message = await here.message()
        assert "not verified" in message
        assert str(tmp_path / "state" / "reports") in message
        assert here.editor.document(uri).text.decode() == STUB
        actions = await here.offered(uri)
        assert [action.title for action in actions] == [
            "Implement slugify",
            "Apply unverified candidate for slugify",
        ]
        assert actions[1].command is not None
        assert await here.editor.execute(actions[1].command) == {"done": True}
        assert await here.message(2) == "slugify: the unverified candidate was applied, as you asked."
        assert here.editor.document(uri).text.decode() == STUB.replace("...", "return title.lower()")


async def test_a_candidate_can_be_discarded(tmp_path: Path) -> None:
    """Its code action goes with it."""
    async with world(tmp_path, Setting(always(WRONG))) as here:
        uri = here.open()
        await here.pick(uri)
        await here.message()
        assert await here.editor.execute(types.Command("", protocol.DISCARD)) == {"done": True}
        assert len(await here.offered(uri)) == 1


async def test_code_with_new_powers_is_never_applied_by_itself(tmp_path: Path) -> None:
    """It passes its tests, but it can start processes: it waits for the user."""
    lines = ("import subprocess", 'if title == "x":', '    subprocess.run(["id"])', RIGHT_LINE)
    reply = "\n".join(("```python", *lines, "```"))
    async with world(tmp_path, Setting(always(reply), config=AUTO)) as here:
        uri = here.open()
        outcome = await here.editor.solve(asked(uri))
        assert outcome["ending"] == "proposed"
        assert "the new code can do what the old could not" in outcome["message"]
        assert here.editor.document(uri).text.decode() == STUB
        assert "Apply tested candidate for slugify" in [a.title for a in await here.offered(uri)]


async def test_statuses_tell_a_client_that_knows_them_and_spare_it_the_message(tmp_path: Path) -> None:
    """`cope/status` carries stage, samples, tests, money, and in the end message and ending."""
    options = {"trusted": True, "protocolVersion": 1, "status": True}
    async with world(tmp_path, Setting(config=AUTO, options=options)) as here:
        job = await here.pick(here.open())
        await here.editor.until(lambda: any("ending" in status for status in here.editor.statuses))
        last = here.editor.statuses[-1]
        assert (last["job"], last.get("ending"), last["qualname"]) == (job, "applied", "slugify")
        assert (last["drawn"], last["passed"], last["total"], last["costUsd"]) == (2, 2, 2, 0.0)
        assert [status for status in here.editor.statuses if "ending" in status] == [last]
        assert here.editor.messages == []


async def test_a_client_of_another_protocol_version_loses_previews_and_is_told(tmp_path: Path) -> None:
    """Neither side guesses what the other means."""
    options = {"trusted": True, "protocolVersion": 99, "status": True, "previewEdits": True}
    async with world(tmp_path, Setting(config=AUTO, options=options)) as here:
        assert "version 99" in await here.message()
        await here.pick(here.open())
        await here.message(2)
        assert (here.editor.statuses, here.editor.proposals) == ([], [])


async def test_the_server_says_its_protocols_version(tmp_path: Path) -> None:
    """Under `capabilities.experimental.cope`."""
    async with world(tmp_path) as here:
        offer = here.initialized.capabilities.experimental
        assert offer == {"cope": {"protocolVersion": protocol.VERSION}}
