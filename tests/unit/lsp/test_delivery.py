"""An edit of another file than the request's: compared before it is sent, looked for after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest
from lsprotocol import types

from cope_lsp.code.problem import Edit, Hunk
from cope_lsp.languages.text import Span
from cope_lsp.lsp.abilities import Abilities
from cope_lsp.lsp.client_files import create, write
from cope_lsp.lsp.delivery import Delivery, deliver
from cope_lsp.lsp.documents import Documents
from cope_lsp.lsp.folders import Folders
from cope_lsp.lsp.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from pygls.lsp.server import LanguageServer

OLD, TEST = "X = 1\n\ndef test_a(): pass\n", "\n\ndef test_b(): pass\n"
ABLE = Abilities(apply_edit=True, document_changes=True, create_files=True)


@dataclass(slots=True)
class Client:
    """An editor's side of the connection: it does what it is sent to files on disk, or only says so."""

    lies: bool = False
    open: Documents = field(default_factory=Documents)
    sent: list[types.WorkspaceEdit] = field(default_factory=list[types.WorkspaceEdit])

    async def workspace_apply_edit_async(
        self, params: types.ApplyWorkspaceEditParams
    ) -> types.ApplyWorkspaceEditResult:
        """Apply it."""
        self.sent.append(params.edit)
        for change in params.edit.document_changes or ():
            if self.lies:
                break
            if isinstance(change, types.CreateFile):
                create(change)
            elif isinstance(change, types.TextDocumentEdit):
                self._edit(change)
        return types.ApplyWorkspaceEditResult(applied=True)

    def _edit(self, change: types.TextDocumentEdit) -> None:
        plain = [each for each in change.edits if isinstance(each, types.TextEdit)]
        uri, version = change.text_document.uri, change.text_document.version
        if version is None:
            write(self.open, uri, plain)
            return
        identifier = types.VersionedTextDocumentIdentifier(version + 1, uri)
        changes = [types.TextDocumentContentChangePartial(each.range, each.new_text) for each in plain]
        self.open.change(types.DidChangeTextDocumentParams(identifier, changes))

    def document_edit(self) -> types.TextDocumentEdit:
        """The one edit of a document that it was sent."""
        changes = [change for edit in self.sent for change in edit.document_changes or ()]
        (found,) = [each for each in changes if isinstance(each, types.TextDocumentEdit)]
        return found


def session(client: Client, abilities: Abilities = ABLE) -> Session:
    """A session with that client."""
    return Session(cast("LanguageServer", client), Folders(()), abilities, client.open)


def appended(path: Path, made_for: str = OLD) -> Edit:
    """An edit that appends a test to a file."""
    end = len(made_for.encode())
    hunk = Hunk(Span(end, end), "", TEST)
    return Edit(path.as_uri(), None, (hunk,), made_for + TEST, made_for=made_for, creates=not made_for)


async def test_a_closed_file_is_edited_where_it_still_is_what_the_edit_was_made_for(tmp_path: Path) -> None:
    """The edit names no version, and counts once the file on disk has the text."""
    path, client = tmp_path / "test_it.py", Client()
    path.write_text(OLD)
    assert await deliver(session(client), appended(path), b"", "Cope") is Delivery.APPLIED
    assert path.read_text() == OLD + TEST
    assert client.document_edit().text_document.version is None


async def test_a_file_that_was_changed_beside_the_place_is_followed(tmp_path: Path) -> None:
    """What was added above stays; the new text goes where it belongs."""
    path = tmp_path / "test_it.py"
    path.write_text("import os\n\n\n" + OLD)
    assert await deliver(session(Client()), appended(path), b"", "Cope") is Delivery.APPLIED
    assert path.read_text() == "import os\n\n\n" + OLD + TEST


@pytest.mark.parametrize("now", [None, "def test_other(): pass\n"])
async def test_another_text_is_never_edited(tmp_path: Path, now: str | None) -> None:
    """The file is gone, or what the edit stands on is."""
    path, client = tmp_path / "test_it.py", Client()
    if now is not None:
        path.write_text(now)
    assert await deliver(session(client), appended(path), b"", "Cope") is Delivery.STALE
    assert client.sent == []


async def test_a_new_file_is_created_and_filled(tmp_path: Path) -> None:
    """By one workspace edit; one that came there meanwhile is left alone."""
    path, client = tmp_path / "tests" / "test_it.py", Client()
    assert await deliver(session(client), appended(path, ""), b"", "Cope") is Delivery.APPLIED
    assert path.read_text() == TEST
    assert await deliver(session(client), appended(path, ""), b"", "Cope") is Delivery.STALE
    assert len(client.sent) == 1


async def test_a_client_that_creates_no_files_is_sent_none(tmp_path: Path) -> None:
    """A client is believed only where it advertises."""
    client = Client()
    abilities = Abilities(apply_edit=True, document_changes=True)
    delivery = await deliver(session(client, abilities), appended(tmp_path / "t.py", ""), b"", "Cope")
    assert (delivery, client.sent) == (Delivery.UNABLE_TO_CREATE, [])


async def test_an_open_document_is_edited_at_its_version(tmp_path: Path) -> None:
    """Also where the disk has an older text."""
    path, client = tmp_path / "test_it.py", Client()
    path.write_text("older\n")
    client.open.open(types.TextDocumentItem(path.as_uri(), "python", 7, OLD))
    assert await deliver(session(client), appended(path), b"", "Cope") is Delivery.APPLIED
    assert client.document_edit().text_document.version == 7
    assert path.read_text() == "older\n"


async def test_an_editor_that_only_says_so_is_found_out(tmp_path: Path) -> None:
    """The file on disk and the open documents do not have the text."""
    path = tmp_path / "test_it.py"
    path.write_text(OLD)
    assert await deliver(session(Client(lies=True)), appended(path), b"", "Cope") is Delivery.UNSEEN
