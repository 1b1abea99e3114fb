"""What is asked before anything happens, and what silence means."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound

from cope_lsp.lsp import protocol
from cope_lsp.lsp.client import EVERYTHING, Manners
from cope_lsp.lsp.documents import path_of
from tests.protocol.driving import RIGHT, SOLVED, STUB, WRONG, Setting, World, asked, world
from tests.support.model_server import Entry, Reply, Rule, always, by_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Literal

    from tests.support.model_exchange import Record

PREVIEWS = {"trusted": True, "protocolVersion": 1, "previewEdits": True}
MODELS = (Entry("small"), Entry("large", remote_host="https://models.example"))
REMOTE = {
    "samples": 2,
    "large.model": "large",
    "large.provider": "ollama",
    "large.price.input": 1.0,
    "large.price.output": 1.0,
}
SCRIPT = by_rules(Rule((Reply(WRONG),), model="small"), Rule((Reply(RIGHT),), model="large"))


def cannot_ask(_: types.ShowMessageRequestParams) -> str | None:
    """A client without `window/showMessageRequest`."""
    raise JsonRpcMethodNotFound


def answers(**by_word: str) -> Callable[[types.ShowMessageRequestParams], str | None]:
    """A user who answers questions that hold a word."""

    def answer(params: types.ShowMessageRequestParams) -> str | None:
        return next((title for word, title in by_word.items() if word in params.message), None)

    return answer


async def test_the_first_verified_edit_is_asked_about_and_applied_on_yes(tmp_path: Path) -> None:
    """Without previews and without the user's choice, a question comes before the edit."""
    async with world(tmp_path, Setting(manners=Manners(answers(Apply="Apply")))) as here:
        uri = here.open()
        outcome = await here.editor.solve(asked(uri))
        assert outcome["ending"] == "applied"
        assert "2 of 2 examples pass" in here.editor.questions[0].message
        assert here.editor.document(uri).text.decode() == SOLVED


async def test_from_now_on_means_that_the_next_one_is_not_asked_about(tmp_path: Path) -> None:
    """For the session, in this folder."""
    choice = "Apply, and verified edits from now on"
    async with world(tmp_path, Setting(manners=Manners(answers(Apply=choice)))) as here:
        assert (await here.editor.solve(asked(here.open("one.py"))))["ending"] == "applied"
        assert (await here.editor.solve(asked(here.open("two.py"))))["ending"] == "applied"
        assert len(here.editor.questions) == 1


async def test_discarding_is_rejecting(tmp_path: Path) -> None:
    """Nothing changes and nothing waits."""
    async with world(tmp_path, Setting(manners=Manners(answers(Apply="Discard")))) as here:
        uri = here.open()
        assert (await here.editor.solve(asked(uri)))["ending"] == "rejected"
        assert here.editor.document(uri).text.decode() == STUB
        assert len(await here.offered(uri)) == 1


@pytest.mark.parametrize("questions", [cannot_ask, answers()], ids=["cannot ask", "dismissed"])
async def test_no_answer_applies_nothing_and_a_code_action_still_does(
    tmp_path: Path, questions: Callable[[types.ShowMessageRequestParams], str | None]
) -> None:
    """The edit waits at its target; picking it is the user's choice."""
    async with world(tmp_path, Setting(manners=Manners(questions))) as here:
        uri = here.open()
        outcome = await here.editor.solve(asked(uri))
        assert outcome["ending"] == "proposed"
        assert "`auto_apply = true`" in outcome["message"]
        _, apply = await here.offered(uri)
        assert apply.title == "Apply tested candidate for slugify"
        assert apply.command is not None
        await here.editor.execute(apply.command)
        await here.message()
        assert here.editor.document(uri).text.decode() == SOLVED


@pytest.mark.parametrize("reply", [RIGHT, WRONG], ids=["verified", "unverified"])
async def test_a_client_with_previews_gets_a_proposal_with_its_evidence(tmp_path: Path, reply: str) -> None:
    """Edit and evidence; accepting has the server apply it."""
    async with world(tmp_path, Setting(always(reply), options=PREVIEWS)) as here:
        uri = here.open()
        outcome = await here.editor.solve(asked(uri))
        (proposal,) = here.editor.proposals
        assert (proposal["uri"], proposal["version"], proposal["qualname"]) == (uri, 1, "slugify")
        assert proposal["verified"] == (reply == RIGHT)
        assert proposal["newText"] == here.editor.document(uri).text.decode() != STUB
        assert outcome["ending"] == "applied"
        assert here.editor.questions == []


async def test_a_rejected_proposal_changes_nothing(tmp_path: Path) -> None:
    """Rejected is an ending of its own."""
    setting = Setting(options=PREVIEWS, manners=Manners(proposals=lambda _: "reject"))
    async with world(tmp_path, setting) as here:
        uri = here.open()
        assert (await here.editor.solve(asked(uri)))["ending"] == "rejected"
        assert here.editor.edits == []


async def test_a_newer_request_takes_an_open_proposal_back(tmp_path: Path) -> None:
    """The older job is superseded although its solve was done, and its request is cancelled."""
    undecided: list[Literal["accept"] | None] = [None, "accept"]
    decisions = iter(undecided)
    setting = Setting(options=PREVIEWS, manners=Manners(proposals=lambda _: next(decisions)))
    async with world(tmp_path, setting) as here:
        uri = here.open()
        first = asyncio.ensure_future(here.editor.solve(asked(uri)))
        await here.editor.until(lambda: here.editor.proposals)
        assert (await here.editor.solve(asked(uri)))["ending"] == "applied"
        assert (await first)["ending"] == "superseded"


async def test_an_edit_that_was_judged_before_the_project_changed_says_so(tmp_path: Path) -> None:
    """The user took their time to answer, and changed a test meanwhile."""
    test = "from slug import slugify\n\n\ndef test_it():\n    assert slugify('A B') == 'a-b'\n"
    async with world(tmp_path) as here:
        uri, tests = here.open(), here.open("test_slug.py", test)
        await here.pick(uri)
        await here.message()
        end = types.Range(types.Position(5, 0), types.Position(5, 0))
        here.editor.change(tests, types.TextEdit(end, "    assert slugify('') == ''\n"))
        apply = (await here.offered(uri))[-1]
        assert apply.command is not None
        await here.editor.execute(apply.command)
        assert "judged before the project changed" in await here.message(2)
        assert here.editor.document(uri).text.decode() == SOLVED


async def test_an_untrusted_workspace_runs_nothing_and_says_how_to_trust_it(tmp_path: Path) -> None:
    """A client that cannot ask: unverified, no process ran, and the message names the command."""
    setting = Setting(options={}, manners=Manners(cannot_ask))
    async with world(tmp_path, setting) as here:
        marker = tmp_path / "ran"
        text = STUB.replace('slugify("a")', f'open({str(marker)!r}, "w")')
        outcome = await here.editor.solve(asked(here.open(text=text)))
        assert outcome["ending"] == "unverified"
        assert f"cope-lsp trust {here.project}" in outcome["message"]
        assert not marker.exists()
        assert here.editor.edits == []


async def test_trust_is_asked_for_once_and_kept(tmp_path: Path) -> None:
    """Yes is kept for later servers; the solve goes on with tests."""
    manners = Manners(answers(trust="Trust", Apply="Apply"))
    async with world(tmp_path, Setting(options={}, manners=manners)) as here:
        assert (await here.editor.solve(asked(here.open())))["ending"] == "applied"
        assert here.editor.questions[0].message.startswith("Do you trust")
    async with world(tmp_path, Setting(options={}, manners=manners)) as here:
        await here.editor.solve(asked(here.open()))
        assert not any("trust" in params.message for params in here.editor.questions)


async def test_no_to_trust_is_not_asked_again_in_the_session(tmp_path: Path) -> None:
    """One question, then a sentence in the message."""
    async with world(tmp_path, Setting(options={}, manners=Manners(answers(trust="Not now")))) as here:
        uri = here.open()
        for _ in range(2):
            assert (await here.editor.solve(asked(uri)))["ending"] == "unverified"
        assert len([params for params in here.editor.questions if "trust" in params.message]) == 1


async def test_trust_that_the_client_grants_later_holds_at_once(tmp_path: Path) -> None:
    """`cope/didChangeTrust`."""
    setting = Setting(options={}, config={"auto_apply": True}, manners=Manners(cannot_ask))
    async with world(tmp_path, setting) as here:
        uri = here.open()
        assert (await here.editor.solve(asked(uri)))["ending"] == "unverified"
        change: protocol.TrustChange = {"trusted": True}
        here.editor.client.protocol.notify(protocol.DID_CHANGE_TRUST, change)
        assert (await here.editor.solve(asked(uri)))["ending"] == "applied"


async def test_the_trust_command_trusts_the_open_folders(tmp_path: Path) -> None:
    """`cope.trust`, for clients that cannot be asked."""
    setting = Setting(options={}, config={"auto_apply": True}, manners=Manners(cannot_ask))
    async with world(tmp_path, setting) as here:
        assert await here.editor.execute(types.Command("", protocol.TRUST)) == {"done": True}
        assert (await here.editor.solve(asked(here.open())))["ending"] == "applied"


async def test_a_projects_own_test_command_is_asked_about_once_and_kept(tmp_path: Path) -> None:
    """`[tool.cope]` proposes; the user approves that very command."""
    manners = Manners(answers(proposes="Allow this command"))
    for count in (1, 0):
        async with world(tmp_path, Setting(manners=manners)) as here:
            proposal = '[tool.cope]\ntests.command = ["python", "-m", "pytest"]\n'
            (here.project / "pyproject.toml").write_text(proposal)
            await here.editor.solve(asked(here.open()))
            asked_about = [params for params in here.editor.questions if "python -m pytest" in params.message]
            assert len(asked_about) == count


async def test_a_test_command_that_is_not_approved_is_not_used_and_said_so(tmp_path: Path) -> None:
    """A client that cannot ask gets a sentence in the message."""
    async with world(tmp_path, Setting(manners=Manners(cannot_ask))) as here:
        (here.project / "pyproject.toml").write_text('[tool.cope]\ntests.command = ["touch", "x"]\n')
        outcome = await here.editor.solve(asked(here.open()))
        assert "test command is not approved" in outcome["message"]


async def test_a_model_elsewhere_is_not_called_without_consent(tmp_path: Path) -> None:
    """A client that cannot ask: nothing leaves, and the message names the command."""
    async with world(tmp_path, Setting(SCRIPT, REMOTE, models=MODELS, manners=Manners(cannot_ask))) as here:
        outcome = await here.editor.solve(asked(here.open()))
        assert to_large(here) == []
        assert "cope-lsp consent" in outcome["message"]


async def test_consent_once_lets_the_call_through_and_it_can_be_seen(tmp_path: Path) -> None:
    """The question names host and model; what was sent is shown byte for byte."""
    manners = Manners(lambda params: "This once" if "send code" in params.message else None)
    async with world(tmp_path, Setting(SCRIPT, REMOTE, models=MODELS, manners=manners)) as here:
        await here.editor.solve(asked(here.open()))
        assert len(to_large(here)) == 1
        assert await here.editor.execute(types.Command("", protocol.SHOW_SENT)) == {"done": True}
        await here.editor.until(lambda: here.editor.shown)
        page = path_of_shown(here.editor.shown[0])
        assert "Make a title fit for a URL" in page.read_text()
        assert page.stat().st_mode & 0o077 == 0


async def test_consent_can_be_given_by_command(tmp_path: Path) -> None:
    """`cope.consent`, for rich clients' own dialogs: nothing is asked any more."""
    async with world(tmp_path, Setting(SCRIPT, REMOTE, models=MODELS, manners=Manners(cannot_ask))) as here:
        argument: protocol.ConsentArguments = {
            "host": "models.example",
            "model": "large",
            "price": "$1 in, $1 out per million tokens",
            "answer": "always",
        }
        await here.editor.execute(types.Command("", protocol.CONSENT, arguments=[argument]))
        await here.editor.solve(asked(here.open()))
        assert len(to_large(here)) == 1


async def test_what_would_be_sent_can_be_looked_at_before_consent(tmp_path: Path) -> None:
    """A stray Enter, which takes the first choice, opens the preview, and the question comes again."""

    def answer(params: types.ShowMessageRequestParams) -> str | None:
        first, *_, last = [action.title for action in params.actions or ()]
        return first if first == "Show what would be sent" else last

    manners = Manners(answer)
    async with world(tmp_path, Setting(SCRIPT, REMOTE, models=MODELS, manners=manners)) as here:
        await here.editor.solve(asked(here.open()))
        assert "Make a title fit for a URL" in path_of_shown(here.editor.shown[0]).read_text()
        assert to_large(here) == []


async def test_the_report_is_shown_or_its_path_told(tmp_path: Path) -> None:
    """`window/showDocument` where advertised."""
    async with world(tmp_path, Setting(always(WRONG))) as here:
        job = await here.pick(here.open())
        await here.message()
        argument: protocol.JobArguments = {"job": job}
        command = types.Command("", protocol.SHOW_REPORT, arguments=[argument])
        assert await here.editor.execute(command) == {"done": True}
        await here.editor.until(lambda: here.editor.shown)
        page = path_of_shown(here.editor.shown[0])
        assert page.name == f"{job}.md"
        assert "title.lower()" in page.read_text()


async def test_a_client_without_show_document_is_told_where_the_report_is(tmp_path: Path) -> None:
    """The path comes in a message."""
    capabilities = types.ClientCapabilities(
        text_document=EVERYTHING.text_document, workspace=EVERYTHING.workspace
    )
    async with world(tmp_path, Setting(always(WRONG), capabilities=capabilities)) as here:
        await here.pick(here.open())
        await here.message()
        assert await here.editor.execute(types.Command("", protocol.SHOW_REPORT)) == {"done": True}
        assert str(tmp_path / "state" / "reports") in await here.message(2)


async def test_asking_the_large_model_is_an_action_of_its_own_after_an_unverified_outcome(
    tmp_path: Path,
) -> None:
    """Nothing was paid; the price stands in the title, and picking it asks the large model at once."""
    stub = 'def slugify(title: str) -> str:\n    """Make a title fit for a URL."""\n    ...\n'
    config = {**REMOTE, "cloud": "allow"}
    async with world(tmp_path, Setting(SCRIPT, config, models=MODELS)) as here:
        uri = here.open(text=stub)
        await here.pick(uri)
        await here.message()
        assert to_large(here) == []
        action = (await here.offered(uri))[-1]
        assert action.title.startswith("Ask the large model for slugify (≤ $0.0")
        assert action.command is not None
        await here.editor.execute(action.command)
        await here.message(2)
        assert len(to_large(here)) == 1


def to_large(here: World) -> list[Record]:
    """The calls of the large model."""
    return [call for call in here.models.chats if call.body["model"] == "large"]


def path_of_shown(params: types.ShowDocumentParams) -> Path:
    """The file that the editor was asked to show."""
    path = path_of(params.uri)
    assert path is not None
    return path
