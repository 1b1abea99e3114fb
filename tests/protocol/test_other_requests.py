"""Documentation and explanations over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from lsprotocol import types

from cope_lsp.lsp.client import EVERYTHING
from tests.protocol.driving import Setting, on_line, world
from tests.support.model_server import Reply, always

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.lsp import protocol

WRITTEN = 'def slugify(title: str) -> str:\n    words = title.lower().split()\n    return "-".join(words)\n'
DOCSTRING = '"""Make a slug.\n\n>>> slugify("A B")\n\'a-b\'\n"""'
DOCUMENTED = WRITTEN.replace(
    "    words", '    """Make a slug.\n\n    >>> slugify("A B")\n    \'a-b\'\n    """\n    words'
)
DOCUMENT = Setting(always(DOCSTRING), config={"auto_apply": True})
TESTS = """```python
from slug import slugify


def test_words_are_joined():
    assert slugify('A B') == 'a-b'


def test_case_stays():
    assert slugify('A B') == 'A-B'
```"""
ONE_TEST = "from slug import slugify\n\n\ndef test_empty():\n    assert slugify('') == ''\n"
EXPLANATION = "It joins **words**.\n\n![x](http://evil.example/x.png)"


def explain(uri: str) -> protocol.RunArguments:
    """The argument of `cope/solve` for the written function."""
    return {"uri": uri, "version": 1, "qualname": "slugify", "kind": "explain", "reach": "local"}


async def test_a_written_function_can_be_tested_documented_and_explained(tmp_path: Path) -> None:
    """At its head; deep inside it only when the user opens the menu."""
    async with world(tmp_path) as here:
        uri = here.open(text=WRITTEN)
        head = await here.offered(uri)
        assert [(action.title, action.kind) for action in head] == [
            ("Write tests for slugify", "refactor.rewrite.cope.tests"),
            ("Document slugify", "refactor.rewrite.cope.document"),
            ("Explain slugify", "refactor.cope.explain"),
        ]
        assert await here.offered(uri, 2) == []
        context = types.CodeActionContext([], trigger_kind=types.CodeActionTriggerKind.Invoked)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), on_line(2), context)
        assert len(await here.editor.client.text_document_code_action_async(params) or []) == 3


async def test_documentation_is_applied_as_one_edit(tmp_path: Path) -> None:
    """The docstring comes in; what stood there stays."""
    async with world(tmp_path, DOCUMENT) as here:
        uri = here.open(text=WRITTEN)
        await here.pick(uri, number=1)
        message = await here.message()
        assert here.editor.document(uri).text.decode() == DOCUMENTED
        assert message.startswith("slugify: 1 of 1 examples pass")


async def test_a_comment_that_asks_for_it_goes(tmp_path: Path) -> None:
    """And an old docstring is replaced, because that is what was asked."""
    text = "# cope: update the docs\n" + WRITTEN.replace("    words", '    """Old."""\n    words')
    async with world(tmp_path, DOCUMENT) as here:
        uri = here.open(text=text)
        (action, *_) = await here.offered(uri)
        assert action.title == "Update the documentation of slugify"
        await here.pick(uri)
        await here.message()
        assert here.editor.document(uri).text.decode() == DOCUMENTED


async def test_documentation_that_nothing_proves_waits(tmp_path: Path) -> None:
    """It is offered again where the cursor is at the function."""
    async with world(tmp_path, Setting(always('"""Make a slug."""'))) as here:
        uri = here.open(text=WRITTEN)
        await here.pick(uri, number=1)
        assert "no example in it shows that it is true" in await here.message()
        (waiting,) = await here.offered(uri, 1)
        assert waiting.title == "Apply unverified documentation for slugify"


async def test_tests_are_written_into_a_new_file(tmp_path: Path) -> None:
    """What does not hold is left out; the share of faults that they notice is told."""
    async with world(tmp_path, Setting(always(TESTS), config={"auto_apply": True})) as here:
        uri = here.open(text=WRITTEN)
        await here.pick(uri)
        message = await here.message()
        (edit,) = here.editor.edits
        assert edit.edit.document_changes is not None
        assert isinstance(edit.edit.document_changes[0], types.CreateFile)
        assert here.editor.document(uri).text.decode() == WRITTEN
        text = await anyio.Path(here.project / "test_slug.py").read_text()
        assert "'a-b'" in text
        assert "test_case_stays" not in text
        assert message.startswith("slugify: 1 of 2 tests pass · ")
        assert " mutants killed · " in message
        assert message.endswith(" · a new file test_slug.py")


async def test_a_client_that_creates_no_files_finds_the_tests_in_the_report(tmp_path: Path) -> None:
    """The message names the file and the report."""
    workspace = types.WorkspaceClientCapabilities(apply_edit=True)
    capabilities = types.ClientCapabilities(text_document=EVERYTHING.text_document, workspace=workspace)
    setting = Setting(always(TESTS), config={"auto_apply": True}, capabilities=capabilities)
    async with world(tmp_path, setting) as here:
        await here.pick(here.open(text=WRITTEN))
        message = await here.message()
        assert "a new file test_slug.py" in message
        assert "does not create files" in message
        (report,) = [path async for path in anyio.Path(tmp_path / "state" / "reports").glob("*.md")]
        assert str(report) in message
        assert "def test_words_are_joined" in (await report.read_text()).rpartition("## What goes into")[2]


async def test_tests_join_those_that_are_there(tmp_path: Path) -> None:
    """In a file that is not open: it is edited on disk, with no version."""
    async with world(tmp_path, Setting(always(TESTS), config={"auto_apply": True})) as here:
        path = anyio.Path(here.project / "test_slug.py")
        await path.write_text(ONE_TEST)
        await here.pick(here.open(text=WRITTEN))
        await here.message()
        text = await path.read_text()
        assert text.startswith(ONE_TEST.rstrip())
        assert text.count("def test_") == 2
        assert text.count("import slugify") == 1


async def test_an_explanation_is_opened_as_a_page(tmp_path: Path) -> None:
    """Nothing in it is live, nothing is edited, and nothing waits."""
    async with world(tmp_path, Setting(always(EXPLANATION))) as here:
        uri = here.open(text=WRITTEN)
        await here.pick(uri, number=2)
        message = await here.message()
        (shown,) = here.editor.shown
        page = await anyio.Path(shown.uri.removeprefix("file://")).read_text()
        assert page.startswith("# slugify, explained\n\nIt joins **words**.\n\n!\\[x\\](`http")
        assert message.startswith("slugify: explained · the model was sure of its words (perplexity ")
        assert (here.editor.edits, len(here.editor.messages)) == ([], 1)
        assert await here.offered(uri, 2) == []


async def test_a_client_that_opens_no_documents_is_told_the_path(tmp_path: Path) -> None:
    """In the one message; `cope/solve` has it as a field."""
    capabilities = replace_window(types.WindowClientCapabilities())
    async with world(
        tmp_path, Setting(always(Reply("It joins.", logprob=None)), capabilities=capabilities)
    ) as here:
        uri = here.open(text=WRITTEN)
        outcome = await here.editor.solve(explain(uri))
        assert outcome["ending"] == "shown"
        page = outcome.get("page", "")
        assert f" · {page} · " in outcome["message"]
        assert "It joins." in await anyio.Path(page).read_text()
        assert "read it with care" in outcome["message"]


async def test_an_explanation_gets_in_the_way_of_nothing(tmp_path: Path) -> None:
    """A request that changes the function goes on beside it; a second explanation supersedes the first."""
    async with world(tmp_path, Setting(always(Reply(DOCSTRING, delay_s=0.5)), {"auto_apply": True})) as here:
        uri = here.open(text=WRITTEN)
        await here.pick(uri, number=1)
        await here.pick(uri, number=2)
        await here.pick(uri, number=2)
        await here.message(3)
        told = [each.message for each in here.editor.messages]
        assert sum("superseded" in message for message in told) == 1
        assert here.editor.document(uri).text.decode() == DOCUMENTED


async def test_tests_need_a_project(tmp_path: Path) -> None:
    """A scratch buffer has no place for them, and is not offered any."""
    async with world(tmp_path) as here:
        here.editor.open("untitled:Untitled-1", WRITTEN)
        titles = [action.title for action in await here.offered("untitled:Untitled-1")]
        assert titles == ["Document slugify", "Explain slugify"]
        outcome = await here.editor.solve({**explain("untitled:Untitled-1"), "kind": "tests"})
        assert "tests of it have no place" in outcome["message"]


async def test_what_is_not_written_cannot_be_asked_about(tmp_path: Path) -> None:
    """Also when a client asks all the same."""
    async with world(tmp_path) as here:
        outcome = await here.editor.solve(explain(here.open()))
        assert outcome["ending"] == "failed"
        assert "has no code yet" in outcome["message"]


def replace_window(window: types.WindowClientCapabilities) -> types.ClientCapabilities:
    """The full client with other abilities of its window."""
    return types.ClientCapabilities(
        general=EVERYTHING.general,
        text_document=EVERYTHING.text_document,
        window=window,
        workspace=EVERYTHING.workspace,
    )
