"""What is offered where, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from cope_lsp.lsp.client import EVERYTHING
from tests.protocol.driving import STUB, Setting, argument_of, on_line, world

if TYPE_CHECKING:
    from pathlib import Path

LARGE = {"large.model": "large", "large.provider": "ollama", "large.base_url": "http://127.0.0.1:9"}
PROTOCOL = "from typing import Protocol\n\n\nclass Named(Protocol):\n    def name(self) -> str: ...\n"


async def test_a_stub_is_offered_last_of_all_never_preferred_and_marked_as_made_by_a_model(
    tmp_path: Path,
) -> None:
    """One action of our kind, with the tag that the client knows, and all that `cope.run` needs."""
    async with world(tmp_path) as here:
        uri = here.open()
        (action,) = await here.offered(uri)
        assert (action.title, action.kind) == ("Implement slugify", "refactor.rewrite.cope.implement")
        assert (action.is_preferred, action.edit) == (None, None)
        assert list(action.tags or ()) == [types.CodeActionTag.LlmGenerated]
        argument = argument_of(action)
        assert (argument["uri"], argument["version"], argument["qualname"]) == (uri, 1, "slugify")
        assert len(argument["hash"]) == 16


async def test_a_client_that_does_not_know_the_tag_gets_none(tmp_path: Path) -> None:
    """`CodeActionTag.LLMGenerated` goes only where it is advertised."""
    code_action = types.CodeActionClientCapabilities(
        code_action_literal_support=types.ClientCodeActionLiteralOptions(
            types.ClientCodeActionKindOptions([types.CodeActionKind.Empty])
        )
    )
    document = types.TextDocumentClientCapabilities(code_action=code_action)
    capabilities = types.ClientCapabilities(text_document=document, workspace=EVERYTHING.workspace)
    async with world(tmp_path, Setting(capabilities=capabilities)) as here:
        (action,) = await here.offered(here.open())
        assert action.tags is None


async def test_a_client_without_code_action_literals_gets_commands(tmp_path: Path) -> None:
    """Old clients take commands only."""
    async with world(tmp_path, Setting(capabilities=types.ClientCapabilities())) as here:
        (command,) = await here.editor.actions(here.open(), on_line(0))
        assert isinstance(command, types.Command)
        assert (command.title, command.command) == ("Implement slugify", "cope.run")


@pytest.mark.parametrize(
    ("only", "count"),
    [
        (["refactor"], 1),
        (["refactor.rewrite.cope"], 1),
        (["refactor.rewrite.cope.implement"], 1),
        (["quickfix"], 0),
        (["source.organizeImports"], 0),
        ([""], 1),
    ],
)
async def test_only_the_kinds_that_the_client_asks_for_come(
    tmp_path: Path, only: list[str], count: int
) -> None:
    """`context.only` is honoured by prefix."""
    async with world(tmp_path) as here:
        assert len(await here.offered(here.open(), only=only)) == count


async def test_with_a_large_model_there_are_two_offers_and_the_second_names_its_price(tmp_path: Path) -> None:
    """The user picks how far a request may go."""
    async with world(tmp_path, Setting(config=LARGE)) as here:
        local, cascade = await here.offered(here.open())
        assert [local.title, cascade.title] == [
            "Implement slugify (local)",
            "Implement slugify (local, then ≤ $0.05)",
        ]
        assert [argument_of(action)["reach"] for action in (local, cascade)] == ["local", "cascade"]


async def test_nothing_paid_is_offered_where_nothing_may_leave(tmp_path: Path) -> None:
    """`cloud = never` leaves the local offer alone."""
    async with world(tmp_path, Setting(config={**LARGE, "cloud": "never"})) as here:
        (action,) = await here.offered(here.open())
        assert action.title == "Implement slugify"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [("types.pyi", STUB, 0), ("proto.py", PROTOCOL, 4), ("done.py", "def f() -> int:\n    return 1\n", 1)],
)
async def test_nothing_is_offered_where_it_makes_no_sense(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    """Declarations only, protocols, and somewhere in code that is written."""
    async with world(tmp_path) as here:
        assert await here.offered(here.open(name, text), line) == []


@pytest.mark.parametrize("scheme", ["vscode-notebook-cell", "git", "https"])
async def test_nothing_is_offered_outside_files_and_untitled_documents(tmp_path: Path, scheme: str) -> None:
    """Notebook cells, history and remote views are left alone."""
    async with world(tmp_path) as here:
        uri = f"{scheme}:/somewhere/slug.py"
        here.editor.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 1, STUB))
        )
        assert await here.offered(uri) == []


async def test_an_untitled_document_is_offered(tmp_path: Path) -> None:
    """A scratch buffer has examples, too."""
    async with world(tmp_path) as here:
        here.editor.open("untitled:Untitled-1", STUB)
        (action,) = await here.offered("untitled:Untitled-1")
        assert action.title == "Implement slugify"


async def test_a_file_over_a_mebibyte_is_left_alone(tmp_path: Path) -> None:
    """Neither when it is opened nor when it grows, until it is opened small."""
    padding = "# " + "x" * (1024 * 1024) + "\n"
    async with world(tmp_path) as here:
        uri = here.open(text=STUB)
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        assert len(await here.offered(uri)) == 1
        here.editor.change(uri, types.TextEdit(start, padding))
        assert await here.offered(uri, 1) == []
        here.editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        assert len(await here.offered(here.open())) == 1


async def test_a_comment_offers_the_edit_that_it_asks_for(tmp_path: Path) -> None:
    """`# cope: …` above a written function."""
    text = "# cope: make it iterative\ndef fact(n: int) -> int:\n    return 1 if n < 2 else n * fact(n - 1)\n"
    async with world(tmp_path) as here:
        (action,) = await here.offered(here.open("fact.py", text), 2)
        assert action.kind == "refactor.rewrite.cope.edit"
        assert action.title == "Edit fact: make it iterative"


async def test_another_servers_diagnostic_offers_a_fix(tmp_path: Path) -> None:
    """The finding travels in the command's argument."""
    text = "def area(width: int) -> int:\n    return widht * 2\n"
    async with world(tmp_path) as here:
        uri = here.open("area.py", text)
        place = types.Range(types.Position(1, 11), types.Position(1, 16))
        finding = types.Diagnostic(place, "Undefined name `widht`", code="F821", source="Ruff")
        (action,) = await here.editor.actions(uri, place, diagnostics=[finding])
        assert isinstance(action, types.CodeAction)
        assert action.kind == "quickfix.cope"
        argument = argument_of(action)
        assert argument["findings"] == [
            {
                "range": {"start": {"line": 1, "character": 11}, "end": {"line": 1, "character": 16}},
                "message": "Undefined name `widht`",
                "source": "Ruff",
                "code": "F821",
            }
        ]


@pytest.mark.parametrize("encoding", list(types.PositionEncodingKind))
async def test_positions_are_understood_in_every_encoding(
    tmp_path: Path, encoding: types.PositionEncodingKind
) -> None:
    """The cursor stands right after text that is longer in one encoding than in another."""
    general = types.GeneralClientCapabilities(position_encodings=[encoding])
    capabilities = replace_general(general)
    text = 'x = "äß𝒳😋"; f = lambda: (\n    0)\n\n\ndef slugify(t: str = "ä😋") -> str: ...\n'
    async with world(tmp_path, Setting(capabilities=capabilities)) as here:
        uri = here.open("wide.py", text)
        document = here.editor.document(uri)
        assert document.encoding == encoding
        end = document.position_at(text.encode().index(b") -> str"))
        (action,) = await here.editor.actions(uri, types.Range(end, end))
        assert action.title == "Implement slugify"


def replace_general(general: types.GeneralClientCapabilities) -> types.ClientCapabilities:
    """The full client with other general capabilities."""
    return types.ClientCapabilities(
        general=general,
        text_document=EVERYTHING.text_document,
        window=EVERYTHING.window,
        workspace=EVERYTHING.workspace,
    )


@pytest.mark.parametrize("options", [None, [], {}, {"settings": []}, {"settings": None, "trusted": None}])
async def test_empty_options_may_come_in_any_spelling(tmp_path: Path, options: object) -> None:
    """Lua's empty table arrives as `[]`."""
    async with world(tmp_path, Setting(options=options)) as here:
        assert len(await here.offered(here.open())) == 1
        assert here.editor.messages == []
