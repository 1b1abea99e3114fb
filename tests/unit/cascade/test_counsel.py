"""The one question: when it is asked, what an answer changes, and that nothing waits for one for long."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import anyio
import pytest

from cope_lsp.cascade.counsel import Patience
from cope_lsp.cascade.presets import Terms, default, local, paper
from cope_lsp.cascade.problem import NEITHER, Candidate, Inquiry, Kind, Problem, Ruling, Status
from cope_lsp.cascade.solve import End, Options, Result, solve
from cope_lsp.cascade.stages import Stage, passed
from tests.support.scripted import MemoryPlans, ScriptedJudge, ScriptedModel, Witness

PROBLEM = Problem(Kind.CODE, "def slugify(title): ...")
INQUIRY = Inquiry('slugify("Ä b")', ("'a-b'", "'ae-b'"))
SOON = Patience(0.05, 0.1)


@dataclass(slots=True)
class User:
    """Someone who answers after a while, or not at all."""

    answer: str | None
    after_s: float = 0.0
    asked: list[Inquiry] = field(default_factory=list[Inquiry])
    interrupted: int = 0

    async def consult(self, inquiry: Inquiry) -> str | None:
        """Answer."""
        self.asked.append(inquiry)
        try:
            await anyio.sleep(self.after_s)
        except anyio.get_cancelled_exc_class():
            self.interrupted += 1
            raise
        return self.answer


def split(drawn: tuple[Candidate, ...], remaining: int, heeded: list[str], hope: float) -> Ruling:
    """Several behaviours; the user's word decides: for `a`, or against all but `c`."""
    right = tuple(each for each in drawn if each.text == ("c" if NEITHER in heeded else "a"))
    if heeded and right:
        return Ruling(0.95, Status.PASS, right[0], right)
    if heeded:
        return Ruling(0.0, Status.FAIL, drawn[0], settled=remaining == 0, feedback="neither", brief="no")
    group = tuple(each for each in drawn if each.text == drawn[0].text)
    return Ruling(0.7, Status.PASS, drawn[0], group, remaining == 0, prospects=(hope,) * remaining)


def judge(hope: float = 0.7) -> ScriptedJudge:
    """A judge whose candidates stay split; more draws that agree could reach the confidence `hope`."""

    def rule(drawn: tuple[Candidate, ...], remaining: int) -> Ruling:
        return split(drawn, remaining, made.heeded, hope)

    made = ScriptedJudge(rule, inquiry=INQUIRY)
    return made


async def ask(
    user: User, stages: tuple[Stage, ...], judge: ScriptedJudge, deadline_s: float | None = None
) -> Result:
    """Solve at a user's side."""
    options = Options(deadline_s=deadline_s, consult=user.consult, patience=SOON)
    with anyio.fail_after(5):
        return await solve(PROBLEM, stages, judge, MemoryPlans(), Witness(), options)


def small(*texts: str) -> ScriptedModel:
    """A small model that writes these in order."""
    return ScriptedModel("small", texts or ["a", "b"])


async def test_an_answer_decides_what_draws_left_open() -> None:
    """Asked once, with the values that candidates give; what agrees with the user is accepted."""
    here, user = judge(), User("'a-b'")
    result = await ask(user, local(small()), here)
    assert user.asked == [INQUIRY]
    assert here.heeded == ["'a-b'"]
    assert result.end is End.ACCEPTED
    assert result.best is not None
    assert result.best.text == "a"


@pytest.mark.parametrize(
    "user", [User(None), User("'something else'"), User("'a-b'", after_s=3.0)], ids=["no", "nonsense", "late"]
)
async def test_no_answer_changes_nothing(user: User) -> None:
    """Dismissed, garbled or too late: the outcome is the one without a question; nobody is asked twice."""
    here = judge()
    result = await ask(user, local(small()), here)
    without = await solve(PROBLEM, local(small()), judge(), MemoryPlans(), Witness())
    assert here.heeded == []
    assert (result.end, result.best) == (without.end, without.best)
    assert len(user.asked) == 1


async def test_neither_goes_on() -> None:
    """Both behaviours are wrong then: a repair is tried, and a large model may be asked."""
    here, large = judge(), ScriptedModel("large", ["c"])
    writer = ScriptedModel("small", lambda call: "b" if "Correct" in call.text else "a")
    result = await ask(User(NEITHER), default(writer, large), here)
    assert "neither" in writer.calls[-1].text
    assert (result.end, len(large.calls)) == (End.ACCEPTED, 1)


async def test_the_deadline_stands_still_while_the_user_thinks() -> None:
    """A person's seconds are not the models': an answer after the deadline still counts."""
    here = judge()
    options = Options(deadline_s=0.2, consult=User("'a-b'", after_s=0.4).consult, patience=Patience(1.0, 2.0))
    result = await solve(PROBLEM, local(small()), here, MemoryPlans(), Witness(), options)
    assert result.end is End.ACCEPTED


async def test_drawing_goes_on_while_the_question_is_open() -> None:
    """Asked early where three draws differ; more are drawn meanwhile, and their agreement withdraws it."""

    def rule(drawn: tuple[Candidate, ...], remaining: int) -> Ruling:
        same = tuple(each for each in drawn if each.text == "same")
        group = same or drawn[:1]
        sure = (0.7, 0.75, 0.95)[min(len(group), 3) - 1]
        return Ruling(sure, Status.PASS, group[0], group, remaining == 0, prospects=(0.95,) * remaining)

    here, user = ScriptedJudge(rule, inquiry=INQUIRY), User("'a-b'", after_s=10.0)
    model = ScriptedModel("small", ["x", "y", "z", "goal", "same"], delay_s=[0.01] * 10)
    result = await ask(user, local(model), here)
    assert result.end is End.ACCEPTED
    assert len(user.asked) == 1
    assert user.interrupted == 1
    assert here.heeded == []


async def test_an_answer_ends_the_draws_in_flight() -> None:
    """What the user settled needs no further sample."""
    here = judge(hope=0.95)
    model = ScriptedModel("small", ["a", "b", "b", "goal", "b"], delay_s=[0, 0, 0, 0, 5, 5])
    result = await ask(User("'a-b'", after_s=0.05), local(model), here)
    assert result.end is End.ACCEPTED
    assert model.cancelled == 1


async def test_before_a_payment_the_question_is_waited_for_briefly() -> None:
    """Where a stage may escalate from a split, the paid call waits a moment and is then made."""
    here, large, user = judge(), ScriptedModel("large", ["c"]), User(None, after_s=30.0)
    first, last = default(small(), large)
    eager = replace(first, escalate=passed)
    options = Options(consult=user.consult, patience=Patience(before_paying_s=0.05, at_the_end_s=30.0))
    with anyio.fail_after(5):
        await solve(PROBLEM, (eager, last), here, MemoryPlans(), Witness(), options)
    assert len(large.calls) >= 1
    assert user.interrupted == 1


async def test_nothing_is_asked_without_need() -> None:
    """Not where it is decided, where all fail, where nothing tells candidates apart, nor by the paper."""
    sure = ScriptedJudge(lambda drawn, _left: Ruling(0.95, Status.PASS, drawn[0], drawn), inquiry=INQUIRY)
    wrong = ScriptedJudge(
        lambda drawn, left: Ruling(0.0, Status.FAIL, drawn[0], settled=left == 0), inquiry=INQUIRY
    )
    alike = ScriptedJudge(lambda drawn, _left: Ruling(0.7, Status.PASS, drawn[0], drawn, prospects=()))
    for here in (sure, wrong, alike):
        user = User("'a-b'")
        await ask(user, local(small("a")), here)
        assert user.asked == []
    user = User("'a-b'")
    await ask(user, paper(small("a"), small("a")), judge())
    assert user.asked == []


async def test_cancelling_withdraws_the_question() -> None:
    """A cancelled solve leaves nobody asked."""
    here, user = judge(), User("'a-b'", after_s=30.0)
    with anyio.move_on_after(0.1):
        await solve(
            PROBLEM, local(small(), Terms()), here, MemoryPlans(), Witness(), Options(consult=user.consult)
        )
    assert user.interrupted == 1


async def test_show_best_now_does_not_wait_for_an_answer() -> None:
    """The user who wants the best so far gets it although a question is open."""
    here, user, stop = judge(), User("'a-b'", after_s=30.0), anyio.Event()

    async def consult(inquiry: Inquiry) -> str | None:
        stop.set()
        return await user.consult(inquiry)

    with anyio.fail_after(3):
        result = await solve(
            PROBLEM, local(small()), here, MemoryPlans(), Witness(), Options(stop=stop, consult=consult)
        )
    assert result.end is End.STOPPED
