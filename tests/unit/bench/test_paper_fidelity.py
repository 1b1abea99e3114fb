"""The strategy *paper* on one MBPP problem: every request of arXiv 2506.11578, sections 3 to 5 and A.3."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pytest

from cope_lsp.bench.attempts import attempt
from cope_lsp.bench.coding.problems import BenchmarkProblem
from cope_lsp.bench.coding.tasks import stated
from cope_lsp.bench.records import NUMBERS_A_SEED
from cope_lsp.bench.strategies import PAPERS
from cope_lsp.bench.tasks import Rulebook, Step
from cope_lsp.cascade.problem import Candidate, Kind, Problem, Status
from cope_lsp.cascade.trials import Gate
from tests.support.scripted_tasks import ScriptedSource, ScriptedTask, pair_of

if TYPE_CHECKING:
    from cope_lsp.bench.attempts import Attempt, Pair
    from cope_lsp.bench.records import Call
    from cope_lsp.bench.tasks import Solve
    from cope_lsp.cascade.ports import Judge
    from cope_lsp.cascade.problem import Prompt

(PAPER,) = (strategy for strategy in PAPERS if strategy.name == "paper")

MBPP = BenchmarkProblem(
    "MBPP/2",
    'def shared(first, second):\n    """Find the elements that two tuples share.\n\n'
    '    shared((3, 4, 5), (5, 4, 9)) == (4, 5)\n    """\n',
    "shared",
    "    return tuple(sorted(set(first) & set(second)))\n",
    "def check(candidate):\n    assert candidate((1,), (1,)) == (1,)\n",
    "",
)

SOLVE = "You are an expert Python programmer. Solve the following coding problem efficiently and clearly."
GOAL = "You are an expert Python programmer. State the goal of the following coding problem in one sentence."
GUIDELINE = (
    "You are an expert Python programmer. Explain how to solve the following coding problem. "
    "Focus on strategy and key ideas. Respond in just one or two sentences. "
    "Return only the guidelines as plain text."
)


class Request(NamedTuple):
    """A request as a model receives it."""

    model: str
    temperature: float
    system: str
    user: str


@dataclass(slots=True)
class MbppTask:
    """One problem before the paper's gate; `tested` is what the gate ran."""

    passing: frozenset[str] = frozenset()
    tested: list[str] = field(default_factory=list[str])
    id: str = MBPP.task_id
    kind: Kind = Kind.CODE
    problem: Problem = field(default_factory=lambda: stated(MBPP).problem)

    async def work(self, solve: Solve) -> float:
        """Right is what the large model says at the end."""
        result = await solve(Step(self.problem, self.judges))
        return float(result.best is not None and result.best.text == "the large solution")

    def judges(self, rulebook: Rulebook, seed: int) -> Judge:
        """The gate on the given tests."""
        assert rulebook is Rulebook.PAPER
        return Gate(self._check, seed)

    async def _check(self, problem: Problem, candidate: Candidate) -> Status:
        assert problem == self.problem
        self.tested.append(candidate.text)
        return Status.PASS if candidate.text in self.passing else Status.FAIL

    @property
    def ending(self) -> str:
        """What every request for a solution ends with: how to reply."""
        return f"\n\n{self.problem.reply_format}"


def small_says(call: Call, prompt: Prompt) -> str:
    """Goals and solutions with numbers; a solution names the goal that it followed."""
    number = call.number % NUMBERS_A_SEED
    if prompt.messages[0].content == GOAL:
        return f"Goal number {number}."
    followed = [line for line in prompt.messages[1].content.split("\n") if line.startswith("Goal: ")]
    return f"solution {number} after {followed[0].removeprefix('Goal: ')}"


def large_says(_call: Call, prompt: Prompt) -> str:
    """One guideline, one solution."""
    return "Intersect them." if prompt.messages[0].content == GUIDELINE else "the large solution"


def scripted() -> tuple[Pair, list[tuple[Call, Prompt]]]:
    """A pair whose requests all come into one list, in the order in which they were made."""
    asked = list["tuple[Call, Prompt]"]()
    return pair_of(ScriptedSource(small_says, asked), ScriptedSource(large_says, asked)), asked


def sent(call: Call, prompt: Prompt) -> Request:
    """A request with its messages word for word; there are exactly two."""
    system, user = prompt.messages
    assert (system.role, user.role) == ("system", "user")
    assert prompt.stop == ()
    return Request(call.model, call.temperature, system.content, user.content)


async def replay(task: MbppTask, seed: int = 0) -> tuple[Attempt, list[Request]]:
    """One attempt, and all its requests."""
    pair, asked = scripted()
    made = await attempt(task, PAPER, pair, {}, seed=seed)
    return made, [sent(*each) for each in asked]


async def test_every_request_of_a_problem_that_takes_three_stages() -> None:
    """26 requests: 8 goals, 8 solutions, a guideline, 8 solutions, the large model's one."""
    task = MbppTask()
    made, requests = await replay(task)
    statement = task.problem.statement
    numbers = range(8)
    goals = [Request("small", 0.8, GOAL, statement) for _ in numbers]
    solved = [
        Request("small", 0.4, SOLVE, f"{statement}\n\nGoal: Goal number {number}.{task.ending}")
        for number in numbers
    ]
    assert requests[:16] == goals + solved
    assert requests[16] == Request("large", 0.8, GUIDELINE, statement)
    jointly = {
        Request(
            "small",
            0.8,
            SOLVE,
            f"{statement}\n\nGoal: Goal number {number}.\n\nGuideline: Intersect them.{task.ending}",
        )
        for number in numbers
    }
    assert requests[17:25] == [requests[17]] * 8
    assert requests[17] in jointly
    last = Request("large", 0.0, SOLVE, f"{statement}\n\nGuideline: Intersect them.{task.ending}")
    assert requests[25:] == [last]
    assert made.exits == ("large",)
    assert made.right
    assert (made.small.calls, made.large.calls) == (24, 2)


async def test_the_bare_problem_holds_its_given_tests_and_no_hidden_one() -> None:
    """The gate's tests are the paper's *given* ones: the statement shows them."""
    _, requests = await replay(MbppTask())
    for request in requests:
        assert "shared((3, 4, 5), (5, 4, 9)) == (4, 5)" in request.user
        assert "candidate" not in request.user
        assert "sorted(set(first)" not in request.user


async def test_the_gate_runs_sixteen_candidates_and_not_the_last() -> None:
    """The large model's solution is returned unchecked, and is nothing that was accepted."""
    task = MbppTask(passing=frozenset({"the large solution"}))
    made, _ = await replay(task)
    assert len(task.tested) == 16
    assert "the large solution" not in task.tested
    assert not made.accepted
    assert made.choice is not None
    assert made.choice.text == "the large solution"


async def test_each_solution_of_the_first_stage_comes_after_its_own_goal() -> None:
    """No goal is used twice, and none is left."""
    task = MbppTask()
    await replay(task)
    assert sorted(task.tested[:8]) == [f"solution 0 after Goal number {number}." for number in range(8)]


async def test_the_goal_that_goes_on_is_any_of_the_eight_the_same_for_all() -> None:
    """Where nothing passed it is drawn at random: over thirty seeds nearly all occur."""
    passed_on = set[str]()
    for seed in range(30):
        _, requests = await replay(MbppTask(), seed)
        assert len({request.user for request in requests[17:25]}) == 1
        passed_on.add(requests[17].user)
    assert len(passed_on) > 6


async def test_a_pass_in_stage_one_is_chosen_at_random_and_nothing_more_is_asked() -> None:
    """Three of eight pass: over seeds each is returned, and all eight were drawn first."""
    passing = frozenset(f"solution 0 after Goal number {number}." for number in (1, 4, 6))
    returned = set[str]()
    for seed in range(40):
        made, requests = await replay(MbppTask(passing), seed)
        assert made.exits == ("small",)
        assert made.accepted
        assert len(requests) == 16
        assert all(request.model == "small" for request in requests)
        assert made.choice is not None
        returned.add(made.choice.text)
    assert returned == passing


async def test_a_pass_in_stage_two_ends_there() -> None:
    """Nothing is asked of the large model but the guideline."""
    passing = frozenset(f"solution 3 after Goal number {number}." for number in range(8))
    made, requests = await replay(MbppTask(passing))
    assert made.exits == ("guided",)
    assert [request.model for request in requests].count("large") == 1
    assert made.choice is not None
    assert made.choice.text in passing


def voter(first: str, second: str) -> ScriptedSource:
    """A small model whose solutions are these characters, in stage one and in stage two."""

    def says(call: Call, prompt: Prompt) -> str:
        if "State the goal" in prompt.messages[0].content:
            return f"Goal number {call.number}."
        user = prompt.messages[1].content
        if "Guideline: " in user:
            return second[call.number]
        (goal,) = (line for line in user.split("\n") if line.startswith("Goal: Goal number "))
        return first[int(goal.removeprefix("Goal: Goal number ").removesuffix("."))]

    return ScriptedSource(says)


@pytest.mark.parametrize("kind", [Kind.ANSWER, Kind.ACTION])
@pytest.mark.parametrize(
    ("first", "second", "stage"),
    [
        ("4444444x", "", "small"),
        ("444444xx", "44444xxx", "guided"),
        ("444444xx", "4444xxxy", "large"),
        ("44yyyyyx", "yyyyxx44", "large"),
    ],
)
async def test_votes_are_accepted_strictly_above_tau(kind: Kind, first: str, second: str, stage: str) -> None:
    """Six of eight (0.75) and four of eight (0.5) are not enough; seven and five are."""
    task = ScriptedTask(kind=kind, passing=frozenset("4xy"), truly=frozenset("4"))
    small = voter(first, second)
    made = await attempt(task, PAPER, pair_of(small, ScriptedSource(large_says)), {})
    assert made.exits == (stage,)
    assert made.accepted == (stage != "large")
