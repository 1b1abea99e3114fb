"""What a judge learns on the way: a model's tests, the user's word, and what more draws could make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from cope_lsp.cascade.problem import NEITHER, Inquiry, Status
from cope_lsp.code.judge import code_judge
from cope_lsp.code.outlook import LONE_REPAIR
from cope_lsp.code.workbench import Workbench
from tests.support.judging import asked, reply, written
from tests.support.scripted_sandbox import returned, scripted_bench

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cope_lsp.cascade.problem import Candidate, Ruling
    from cope_lsp.code.findings import Findings
    from cope_lsp.code.judge import CodeJudge
    from tests.support.scripted_sandbox import ScriptedSandbox

STUB = '''
def clip(number: int) -> int:
    """Bring a number into bounds.

    >>> clip(3)
    3
    """
    ...
'''


def value_of(name: str, number: int) -> int:
    """What the candidates below do; a mutant of one is wrong too."""
    if name == "low":
        return max(number, 0)
    if name == "high":
        return number if number > 0 else -1
    return number + 1


def says(text: str, case: str) -> Mapping[str, Any]:
    """Do what the text's `return` names; a stub gives None. Self-made tests call with two."""
    body = re.search(r"return (\w+)", text)
    if body is None:
        return {"outcome": "returned", "value": ["None"], "printed": "", "shown": "None"}
    number = {"example:0": 3, "assertion:0": 2, "assertion:1": 2, "assertion:2": 0}.get(case)
    given = re.search(r"\((-?\d+)\)", case)
    return returned(value_of(body[1], number if number is not None else int(given[1]) if given else 0))


def solution(name: str) -> Candidate:
    """A candidate that does one of the above."""
    return reply(f"def clip(number: int) -> int:\n    return {name}")


@dataclass
class Court:
    """A judge, its one trial, and the sandbox behind it."""

    judge: CodeJudge
    sandbox: ScriptedSandbox
    found: list[Findings] = field(default_factory=list["Findings"])

    def __post_init__(self) -> None:
        self.trial = self.judge.open(self.judge.asked.problem)

    async def ruled(self, *candidates: Candidate | str, remaining: int = 0) -> Ruling:
        """The ruling once these were added."""
        for each in candidates:
            await self.trial.add(solution(each) if isinstance(each, str) else each)
        return self.trial.rule(remaining)


@pytest.fixture
def court(tmp_path: Path) -> Court:
    """A stub with one example."""
    request = asked(written(tmp_path, {"clip.py": STUB}), "clip.py", "clip")
    bench, sandbox = scripted_bench(says, tmp_path)
    return Court(code_judge(request, bench), sandbox)


async def test_tests_that_a_model_wrote_run_on_earlier_and_later_candidates(court: Court) -> None:
    """Each survivor is run once more on them alone; a later one meets them with everything else."""
    await court.ruled("low", "wrong")
    runs = len(court.sandbox.jobs)
    await court.judge.suppose(("assert clip(2) == 2\nassert clip(2) == 5",))
    assert len(court.sandbox.jobs) == runs + 2
    await court.ruled("high")
    told = [each.assertions for each in court.trial.findings]
    assert told == [(True, False), (), (True, False)]


async def test_a_model_s_tests_are_no_veto_and_no_feedback(court: Court) -> None:
    """A candidate that fails one still passes; nothing of it is told to a repair."""
    before = await court.ruled("low")
    await court.judge.suppose(("assert clip(2) == 5",))
    after = court.trial.rule(0)
    assert (before.status, after.status) == (Status.PASS, Status.PASS)
    assert after.feedback is None


async def test_a_model_s_tests_weigh_between_rivals(court: Court) -> None:
    """Of two behaviours that both pass what is given, the one that more of them hold for is chosen."""
    before = await court.ruled("high", "low")
    assert before.choice == solution("high")
    await court.judge.suppose(("assert clip(2) == 2\nassert clip(2) == 5\nassert clip(0) == 0",))
    after = court.trial.rule(0)
    assert after.choice == solution("low")
    assert after.status is Status.PASS


async def test_tests_that_say_nothing_new_cost_nothing(court: Court) -> None:
    """Garbage, the examples themselves, and what was supposed already run nothing."""
    await court.ruled("low")
    await court.judge.suppose(("assert clip(2) == 2",))
    runs = len(court.sandbox.jobs)
    for text in ("I cannot write tests.", "assert clip(2) == 2", ""):
        await court.judge.suppose((text,))
    assert len(court.sandbox.jobs) == runs


async def test_self_made_tests_are_wanted_where_little_is_given(court: Court) -> None:
    """One example is little; once tests were supposed, no more are wanted."""
    assert (await court.ruled("low")).unproved
    await court.judge.suppose(("assert clip(2) == 2",))
    assert not court.trial.rule(0).unproved


async def test_a_ruling_looks_ahead(court: Court) -> None:
    """What one, two, … more draws that agree would make of it; nothing changes by looking."""
    now = await court.ruled("low", remaining=3)
    assert now.prospects is not None
    assert len(now.prospects) == 3
    assert now.dissent is not None
    assert now.dissent < now.confidence < now.prospects[0]
    later = await court.ruled("low", remaining=2)
    assert later.confidence == now.prospects[0]
    assert (await court.ruled("low", "low", remaining=0)).prospects == ()


async def test_what_fails_has_no_prospects(court: Court) -> None:
    """Agreement with a failure is worth nothing."""
    assert (await court.ruled("wrong", remaining=3)).prospects is None


async def test_the_question_is_about_a_call_on_which_survivors_differ(court: Court) -> None:
    """A call on generated input, with what each behaviour gives; none while all are alike, or fail."""
    await court.ruled("low", "low", "wrong")
    assert await court.trial.question() is None
    await court.ruled("high")
    inquiry = await court.trial.question()
    assert inquiry is not None
    assert re.fullmatch(r"clip\((-\d+|0)\)", inquiry.call)
    assert inquiry.answers == ("0", "-1")


async def test_the_user_s_word_gates_and_counts(court: Court) -> None:
    """Who gives another value is out, whenever it was drawn; who gives it is surer than before."""
    split = await court.ruled("high", "low")
    inquiry = await court.trial.question()
    assert inquiry is not None
    await court.judge.heed(inquiry, "0")
    ruling = await court.ruled("high")
    assert ruling.choice == solution("low")
    assert ruling.confidence > split.confidence
    assert [each.status for each in court.trial.findings] == [Status.FAIL, Status.PASS, Status.FAIL]
    assert ("answer", Status.PASS) in {(each.source, each.status) for each in ruling.evidence}
    assert await court.trial.question() is None


async def test_neither_speaks_against_every_value_on_offer(court: Court) -> None:
    """Both behaviours fail, and a repair is told what the user said."""
    await court.ruled("high", "low")
    inquiry = await court.trial.question()
    assert inquiry is not None
    await court.judge.heed(inquiry, NEITHER)
    ruling = court.trial.rule(0)
    assert ruling.status is Status.FAIL
    assert ruling.feedback is not None
    assert inquiry.call in ruling.feedback
    assert "as the user said" in ruling.feedback


async def test_an_answer_holds_for_a_judge_that_starts_with_it(court: Court, tmp_path: Path) -> None:
    """A second judging asks the same call again, also where it would not have come upon it."""
    judge = code_judge(court.judge.asked, scripted_bench(says, tmp_path)[0])
    await court.judge.heed(Inquiry("clip(-77)", ("0", "-1")), "0")
    judge.answer = court.judge.answer
    assert (await judge.examine(solution("low"))).status is Status.PASS
    assert (await judge.examine(solution("high"))).status is Status.FAIL


async def test_a_lone_repair_stays_below_acceptance_until_another_agrees(court: Court) -> None:
    """It was shown the one example that gates it; an independent draw that behaves alike lifts that."""
    await court.ruled("wrong")
    repaired = replace(solution("low"), repairs=solution("wrong"))
    alone = await court.ruled(repaired, remaining=2)
    assert alone.confidence <= LONE_REPAIR
    again = await court.ruled(repaired, remaining=1)
    assert again.confidence <= LONE_REPAIR
    assert (await court.ruled("low")).confidence > LONE_REPAIR


async def test_nothing_is_learnt_where_nothing_runs(court: Court, tmp_path: Path) -> None:
    """Without a sandbox tests are left unread and there is no question."""
    judge = code_judge(court.judge.asked, Workbench(None, tmp_path, None, reason="untrusted"))
    trial = judge.open(judge.asked.problem)
    await trial.add(solution("low"))
    await trial.add(solution("high"))
    await judge.suppose(("assert clip(2) == 2",))
    assert await trial.question() is None
    assert not trial.rule(3).unproved
