"""Settings over the wire: by folder, checked by field, only ever tighter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from cope_lsp.lsp.client import EVERYTHING, Manners
from tests.protocol.driving import STUB, Setting, asked, world

if TYPE_CHECKING:
    from pathlib import Path

LARGE = {"large.model": "large", "large.provider": "ollama"}


async def test_every_bad_field_is_reported_once_and_the_rest_kept(tmp_path: Path) -> None:
    """By name, in one message; good fields beside it hold."""
    settings = {"samples": "many", "nonsense": 1, "budget": {"per_request_usd": 0.01}}
    setting = Setting(config=LARGE, options={"trusted": True, "settings": settings})
    async with world(tmp_path, setting) as here:
        message = await here.message()
        assert "samples (editor)" in message
        assert "nonsense (editor)" in message
        actions = await here.offered(here.open())
        assert actions[-1].title == "Implement slugify (local, then ≤ $0.01)"
        here.editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await here.offered(here.uri())
        assert len(here.editor.messages) == 1


async def test_loosening_over_the_wire_is_refused_and_says_where_to_do_it(tmp_path: Path) -> None:
    """What an opened project could have written must not open anything."""
    settings = {
        "sandbox": "off",
        "auto_apply": True,
        "cloud": "allow",
        "small": {"base_url": "http://attacker.example"},
        "tests": {"command": ["sh", "-c", "id"]},
    }
    async with world(tmp_path, Setting(options={"trusted": True, "settings": settings})) as here:
        message = await here.message()
        for name in ("sandbox", "auto_apply", "cloud", "small.base_url", "tests.command"):
            assert f"{name} (editor)" in message
        assert "config.toml" in message
        outcome = await here.editor.solve(asked(here.open()))
        assert outcome["ending"] == "proposed"
        assert len(here.models.chats) > 0


async def test_settings_are_asked_for_by_folder(tmp_path: Path) -> None:
    """Two folders, two answers, each for its own documents."""
    other = tmp_path / "other"
    other.mkdir()
    manners = Manners(configuration={other.as_uri(): {"cloud": "never"}})
    async with world(tmp_path, Setting(config=LARGE, manners=manners, more_folders=(other,))) as here:
        uri = (other / "slug.py").as_uri()
        here.editor.open(uri, STUB)
        await here.until_offered(uri, 1)
        assert len(await here.offered(here.open())) == 2


async def test_a_folder_that_is_opened_later_has_its_own_settings(tmp_path: Path) -> None:
    """`workspace/didChangeWorkspaceFolders`."""
    other = tmp_path / "other"
    other.mkdir()
    manners = Manners(configuration={other.as_uri(): {"cloud": "never"}})
    async with world(tmp_path, Setting(config=LARGE, manners=manners)) as here:
        event = types.WorkspaceFoldersChangeEvent([types.WorkspaceFolder(other.as_uri(), "other")], [])
        here.editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(event)
        )
        uri = (other / "slug.py").as_uri()
        here.editor.open(uri, STUB)
        await here.until_offered(uri, 1)


async def test_changed_settings_hold_without_a_restart(tmp_path: Path) -> None:
    """Asked for again after `didChangeConfiguration`."""
    answers: dict[str, object] = {}
    async with world(tmp_path, Setting(config=LARGE, manners=Manners(configuration=answers))) as here:
        uri = here.open()
        assert len(await here.offered(uri)) == 2
        answers[here.project.as_uri()] = {"cloud": "never"}
        here.editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await here.until_offered(uri, 1)


async def test_a_client_that_cannot_be_asked_pushes_its_settings(tmp_path: Path) -> None:
    """`didChangeConfiguration` carries them, under their section."""
    capabilities = types.ClientCapabilities(text_document=EVERYTHING.text_document)
    async with world(tmp_path, Setting(config=LARGE, capabilities=capabilities)) as here:
        uri = here.open()
        assert len(await here.offered(uri)) == 2
        pushed = {"cope": {"cloud": "never"}}
        here.editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(pushed))
        await here.until_offered(uri, 1)


async def test_the_command_line_may_set_what_the_wire_may_not(tmp_path: Path) -> None:
    """`--set`, where the user's own editor settings arrive."""
    command = (*Setting().command, "--set", "auto_apply=true")
    async with world(tmp_path, Setting(command=command)) as here:
        assert (await here.editor.solve(asked(here.open())))["ending"] == "applied"
