"""The one question in a whole solve: real sandbox, real HTTP, and what becomes of the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import NEITHER
from cope_lsp.engine.front import Ending, Front, Reach
from cope_lsp.engine.solving import confirm, solve
from tests.support.model_server import Reply, Rule, by_rules
from tests.unit.engine.asking import User, world

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.cascade.problem import Inquiry
    from cope_lsp.engine.front import Solved
    from tests.support.model_server import Script
    from tests.unit.engine.asking import World

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


def differing() -> Script:
    """Two draws that differ at zero and below, and no tests."""
    return by_rules(
        Rule((Reply("I write no tests."),), contains="Write five tests"), Rule((Reply(HIGH), Reply(LOW)) * 9)
    )


async def asked(here: World, answer: str | None) -> tuple[Solved, list[Inquiry]]:
    """Solve beside a user who gives this answer."""
    inquiries: list[Inquiry] = []

    async def consult(inquiry: Inquiry) -> str | None:
        inquiries.append(inquiry)
        return answer

    user = User()
    front = Front(user.heard.append, user.ask, consult=consult)
    return await solve(here.engine, here.request(STUB, "clip"), Reach.CASCADE, front), inquiries


async def test_an_answer_is_evidence_and_can_be_kept(tmp_path: Path) -> None:
    """The draw that agrees is accepted; beside the plain edit there is one with the answer as an example."""
    async with world(tmp_path / "p", differing(), samples=3) as here:
        solved, (inquiry,) = await asked(here, "0")
        again = await confirm(here.engine, replace(solved, confidence=0.0), here.request(STUB, "clip"))
    assert inquiry.answers == ("-1", "0")
    assert solved.ending is Ending.ACCEPTED
    assert "as you said" in solved.message
    assert solved.edit is not None
    assert solved.edit.new_text == STUB.replace("...", "return max(number, 0)")
    assert solved.with_answer is not None
    assert f"    >>> {inquiry.call}\n    0\n" in solved.with_answer.new_text
    assert again.ending is Ending.ACCEPTED
    assert again.confidence > 0


async def test_neither_is_told_as_a_failure(tmp_path: Path) -> None:
    """No example is made of it, since nobody said what is right."""
    async with world(tmp_path / "p", differing(), samples=3) as here:
        solved, _ = await asked(here, NEITHER)
    assert (solved.ending, solved.with_answer) == (Ending.UNVERIFIED, None)
    assert "as the user said" in solved.report


async def test_a_model_s_tests_are_asked_for_and_settle_it(tmp_path: Path) -> None:
    """One example is little: the small model is asked once for tests, beside its draws."""
    tests = Reply("```python\nassert clip(-5) == 0\nassert clip(0) == 0\nassert clip(7) == 7\n```")
    script = by_rules(Rule((tests,), contains="Write five tests"), Rule((Reply(HIGH), Reply(LOW)) * 9))
    async with world(tmp_path / "p", script) as here:
        solved = await here.solve(here.request(STUB, "clip"))
        prompts = [chat for chat in here.models.chats if "Write five tests" in str(chat.body)]
    assert len(prompts) == 1
    assert solved.edit is not None
    assert "max(number, 0)" in solved.edit.new_text
