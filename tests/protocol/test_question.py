"""The one question of a job, through a real server: asked once, answered, dismissed, refused, withdrawn."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound

from cope_lsp.lsp import protocol
from cope_lsp.lsp.client import Manners
from tests.protocol.driving import Setting, World, asked, world
from tests.support.model_server import Reply, Rule, by_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STUB = '''\
def clip(number: int) -> int:
    """Bring a number into bounds.

    >>> clip(3)
    3
    """
    ...
'''
LOW = "```python\nreturn max(number, 0)\n```"
HIGH = "```python\nreturn number if number > 0 else -1\n```"
RICH = {"trusted": True, "protocolVersion": 1, "questions": True, "status": True}
CONFIG: dict[str, object] = {"samples": 2, "auto_apply": True}


def split(manners: Manners, options: object = None) -> Setting:
    """A user beside a small model whose two draws differ at zero and below."""
    script = by_rules(
        Rule((Reply("I write no tests."),), contains="Write five tests"), Rule((Reply(LOW), Reply(HIGH)) * 9)
    )
    return Setting(script, CONFIG, manners=manners, options=options or {"trusted": True})


def argument(uri: str) -> protocol.RunArguments:
    """The argument of `cope/solve` for the stub."""
    return {**asked(uri), "qualname": "clip"}


def questions(here: World) -> list[types.ShowMessageRequestParams]:
    """The questions of this kind that came."""
    return [each for each in here.editor.questions if "candidates differ" in each.message]


def saying(pick: Callable[[list[str]], str | None]) -> Callable[[types.ShowMessageRequestParams], str | None]:
    """A user who picks among the values on offer."""

    def answer(params: types.ShowMessageRequestParams) -> str | None:
        titles = [action.title for action in params.actions or ()]
        return pick(titles) if "candidates differ" in params.message else None

    return answer


def cannot(_: list[str]) -> str | None:
    """A client without `window/showMessageRequest`."""
    raise JsonRpcMethodNotFound


def dismiss(_: list[str]) -> str | None:
    """A user who closes it."""
    return None


def zero(titles: list[str]) -> str | None:
    """The user means zero."""
    return "0" if "0" in titles else None


async def solved(tmp_path: Path, manners: Manners, options: object = None) -> tuple[World, protocol.Outcome]:
    """Solve the stub with such a user."""
    async with world(tmp_path, split(manners, options)) as here:
        outcome = await here.editor.solve(argument(here.open("clip.py", STUB)))
        return here, outcome


async def test_an_answer_settles_it_and_can_be_kept_as_an_example(tmp_path: Path) -> None:
    """Asked once, with what candidates give; the edit stays minimal, and an action adds the answer after."""
    async with world(tmp_path, split(Manners(saying(zero)))) as here:
        uri = here.open("clip.py", STUB)
        outcome = await here.editor.solve(argument(uri))
        (question,) = questions(here)
        assert [action.title for action in question.actions or ()][-1] == "Neither, go on"
        assert outcome["ending"] == "applied"
        assert "as you said" in outcome["message"]
        assert here.editor.document(uri).text.decode() == STUB.replace("...", "return max(number, 0)")
        (add,) = [each for each in await here.offered(uri) if each.title.startswith("Add your answer")]
        assert add.command is not None
        await here.editor.execute(add.command)
        await here.editor.until(lambda: b"    0\n" in here.editor.document(uri).text)
        assert here.editor.document(uri).text.decode().count(">>>") == 2


@pytest.mark.parametrize("pick", [cannot, dismiss], ids=["cannot be asked", "dismissed"])
async def test_no_answer_changes_nothing(tmp_path: Path, pick: Callable[[list[str]], str | None]) -> None:
    """The best candidate is offered as unverified, as without a question."""
    here, outcome = await solved(tmp_path, Manners(saying(pick)))
    assert len(questions(here)) == 1
    assert outcome["ending"] == "unverified"


async def test_a_client_of_its_own_kind_is_asked_by_its_own_request(tmp_path: Path) -> None:
    """`cope/question` with call and values; no message request besides."""
    manners = Manners(inquiries=lambda _: {"answer": "0"})
    here, outcome = await solved(tmp_path, manners, RICH)
    (question,) = here.editor.inquiries
    assert question["call"].startswith("clip(")
    assert "0" in question["answers"]
    assert questions(here) == []
    assert outcome["ending"] == "applied"


async def test_neither_refutes_both(tmp_path: Path) -> None:
    """Candidates that gave what the user turned down are failures then."""
    _, outcome = await solved(tmp_path, Manners(inquiries=lambda _: {"answer": ""}), RICH)
    assert outcome["ending"] == "unverified"
    assert "not as you said" in outcome["message"]


async def test_cancelling_withdraws_an_open_question(tmp_path: Path) -> None:
    """The job ends at once although nobody answered."""
    async with world(tmp_path, split(Manners(inquiries=lambda _: None), RICH)) as here:
        job = asyncio.create_task(here.editor.solve(argument(here.open("clip.py", STUB))))
        await here.editor.until(lambda: here.editor.inquiries, 30)
        await here.editor.execute(types.Command("", protocol.CANCEL, arguments=[{}]))
        async with asyncio.timeout(5):
            assert (await job)["ending"] == "cancelled"
