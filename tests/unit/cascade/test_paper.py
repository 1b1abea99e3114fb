"""The `PAPER` preset to the letter: every message, temperature and number of arXiv 2506.11578."""

from __future__ import annotations

from functools import partial

import pytest

from cope_lsp.cascade.events import PlanWritten
from cope_lsp.cascade.presets import paper
from cope_lsp.cascade.problem import Candidate, Completion, Kind, Message, Problem, Prompt, Role, Ruling
from cope_lsp.cascade.rulings import majority, perplexity
from cope_lsp.cascade.solve import End, Options, Result, solve
from cope_lsp.cascade.stages import Carry
from cope_lsp.cascade.trials import Poll
from tests.support.scripted import Call, MemoryPlans, ScriptedJudge, ScriptedModel, Witness, right, unknown

STATEMENT = "Write a function to square a number.\nassert square(3) == 9"
PROBLEM = Problem(Kind.CODE, STATEMENT, system="never sent by the paper")
PERSONA = "You are an expert Python programmer. "
SOLVE = Message("system", PERSONA + "Solve the following coding problem efficiently and clearly.")
GOAL = Message("system", PERSONA + "State the goal of the following coding problem in one sentence.")
GUIDELINE = Message(
    "system",
    PERSONA + "Explain how to solve the following coding problem. Focus on strategy and key ideas. "
    "Respond in just one or two sentences. Return only the guidelines as plain text.",
)


def is_goal(call: Call) -> bool:
    """Whether the call asks for a goal."""
    return call.prompt.messages[0] == GOAL


def small_model(solution: str = "wrong") -> ScriptedModel:
    """A small model whose n-th goal is `goal n`."""
    goals = iter(range(1000))
    return ScriptedModel("small", lambda call: f"goal {next(goals)}" if is_goal(call) else solution)


def large_model(solution: str = "large solution") -> ScriptedModel:
    """A large model with one guideline and one solution."""
    return ScriptedModel(
        "large", lambda call: "Multiply." if call.prompt.messages[0] == GUIDELINE else solution
    )


async def run(
    small: ScriptedModel, large: ScriptedModel, *, judge: ScriptedJudge | None = None, seed: int = 0
) -> Result:
    """Solve the problem by the paper's cascade; without a judge nothing ever passes."""
    judge = judge or ScriptedJudge(right())
    return await solve(PROBLEM, paper(small, large), judge, MemoryPlans(), Witness(), Options(seed))


def messages(prompt: Prompt) -> tuple[Message, Message]:
    """The system and the user message."""
    system, user = prompt.messages
    return system, user


async def test_stage_one_draws_one_solution_for_each_of_eight_goals() -> None:
    """Eight goals at 0.8 from the bare problem, and for each its own solution at 0.4."""
    small = small_model("right")
    result = await run(small, large_model(), judge=ScriptedJudge(right("right")))
    goals = [call for call in small.calls if is_goal(call)]
    draws = [call for call in small.calls if not is_goal(call)]
    assert [messages(call.prompt) for call in goals] == [(GOAL, Message("user", STATEMENT))] * 8
    assert {call.temperature for call in goals} == {0.8}
    assert {messages(call.prompt) for call in draws} == {
        (SOLVE, Message("user", f"{STATEMENT}\n\nGoal: goal {number}")) for number in range(8)
    }
    assert len(draws) == 8
    assert {call.temperature for call in draws} == {0.4}
    assert result.end is End.ACCEPTED
    assert [outcome.stage for outcome in result.outcomes] == ["small"]


async def test_all_calls_of_a_stage_have_their_own_seeds() -> None:
    """Equal prompts are not equal draws, and the same run seed repeats them all."""
    first, second, other = small_model(), small_model(), small_model()
    await run(first, large_model())
    await run(second, large_model())
    await run(other, large_model(), seed=1)
    seeds = [call.seed for call in first.calls]
    assert len(set(seeds)) == len(seeds)
    assert sorted(seeds) == sorted(call.seed for call in second.calls)
    assert set(seeds).isdisjoint(call.seed for call in other.calls)


async def test_stage_two_passes_one_goal_and_one_guideline_jointly() -> None:
    """The large planner sees the bare problem once at 0.8; eight draws at 0.8 see g_S and g_L."""
    small, large = small_model(), large_model()
    await run(small, large)
    guideline = large.calls[0]
    assert messages(guideline.prompt) == (GUIDELINE, Message("user", STATEMENT))
    assert guideline.temperature == 0.8
    draws = small.calls[16:]
    assert len(draws) == 8
    assert {call.temperature for call in draws} == {0.8}
    (prompt,) = {messages(call.prompt) for call in draws}
    goals = {f"{STATEMENT}\n\nGoal: goal {n}\n\nGuideline: Multiply." for n in range(8)}
    assert prompt[0] == SOLVE
    assert prompt[1].content in goals


async def test_goal_for_stage_two_is_drawn_at_random() -> None:
    """Where no code passed, any of the eight goals may be passed on."""
    passed_on = set[str]()
    for seed in range(30):
        small = small_model()
        await run(small, large_model(), seed=seed)
        passed_on.add(small.calls[-1].text)
    assert len(passed_on) > 4


async def test_stage_three_reuses_the_guideline_alone_once_and_greedily() -> None:
    """No new plan, no goal, no candidate, no error: the statement and g_L, at temperature 0."""
    large = large_model()
    await run(small_model(), large)
    assert len(large.calls) == 2
    last = large.calls[1]
    assert messages(last.prompt) == (SOLVE, Message("user", f"{STATEMENT}\n\nGuideline: Multiply."))
    assert last.temperature == 0.0


async def test_stage_three_is_returned_unchecked() -> None:
    """The judge never sees the large model's solution, and nobody calls it accepted."""
    judge = ScriptedJudge(right("large solution"))
    result = await run(small_model(), large_model(), judge=judge)
    assert len(judge.trials) == 2
    assert result.end is End.UNCHECKED
    assert result.accepted is None
    assert result.best is not None
    assert result.best.text == "large solution"
    assert result.outcomes[-1].reason == "returned unchecked"


async def test_no_failure_crosses_stages() -> None:
    """Neither a candidate nor what its tests said appears in any later request."""
    small, large = small_model("a wrong candidate"), large_model()
    await run(small, large, judge=ScriptedJudge(right(feedback="a telling assertion")))
    for call in (*small.calls, *large.calls):
        assert "a wrong candidate" not in call.text
        assert "a telling assertion" not in call.text


async def test_gate_for_code_knows_no_threshold() -> None:
    """A candidate that passes its tests is accepted at any confidence of the judge."""
    stages = paper(small_model(), large_model())
    weak = Ruling(0.2, right("x")((Candidate("x", "small"),), 0).status, Candidate("x", "small"))
    assert stages[0].accept(weak)
    assert stages[1].accept(weak)


async def test_unknown_ends_the_paper_s_cascade_too() -> None:
    """Where nothing can be run, the large model is not called."""
    large = large_model()
    result = await run(small_model(), large, judge=ScriptedJudge(unknown))
    assert large.calls == []
    assert result.end is End.UNVERIFIED


ANSWER = Problem(Kind.ANSWER, "What is 2 + 2?")


def text_of(candidate: Candidate) -> str:
    """The answer itself."""
    return candidate.text


def ballot(candidates: tuple[Candidate, ...], remaining: int) -> Ruling:
    """A majority vote on the reply's text."""
    return majority(candidates, text_of, remaining)


def voter(answers: str) -> ScriptedModel:
    """A small model whose n-th goal is `goal n`, and whose solutions are these characters."""
    goals, solutions = iter(range(1000)), iter(answers)

    def script(call: Call) -> str:
        asks_goal = "State the goal" in call.prompt.messages[0].content
        return f"goal {next(goals)}" if asks_goal else next(solutions)

    return ScriptedModel("small", script)


@pytest.mark.parametrize(
    ("answers", "stages"),
    [
        ("4444444x", ["small"]),
        ("444444xx" + "44444xxx", ["small", "guided"]),
        ("444444xx" + "4444xxxx", ["small", "guided", "large"]),
    ],
)
async def test_votes_must_be_strictly_above_their_thresholds(answers: str, stages: list[str]) -> None:
    """Six of eight (0.75) and four of eight (0.5) escalate; seven and five are accepted."""
    result = await solve(
        ANSWER,
        paper(voter(answers), large_model(), kind=Kind.ANSWER),
        Poll(ballot),
        MemoryPlans(),
        Witness(),
    )
    assert [outcome.stage for outcome in result.outcomes] == stages


async def test_goal_comes_from_those_behind_the_majority() -> None:
    """Of a split vote, only plans whose solution gave the leading answer are passed on."""
    for seed in range(12):
        small, witness = voter("4x4x4x44" + "y" * 8), Witness()
        stages = paper(small, large_model(), kind=Kind.ANSWER)
        result = await solve(ANSWER, stages, Poll(ballot), MemoryPlans(), witness, Options(seed))
        agreeing = {candidate.plan for candidate in result.outcomes[0].candidates if candidate.text == "4"}
        (goal,) = [line for line in small.calls[-1].text.splitlines() if line.startswith("Goal: ")]
        assert goal.removeprefix("Goal: ") in {plan.text for plan in agreeing if plan is not None}
        assert sum(isinstance(event, PlanWritten) for event in witness.events) == 9


async def test_open_ended_text_goes_by_perplexity() -> None:
    """A lowest perplexity below the threshold ends the cascade at stage 1."""
    small = ScriptedModel("small", [Completion("Sure.", "small", logprob=-0.1)])
    large = large_model()
    judge = Poll(lambda candidates, remaining: perplexity(candidates, 1.2, remaining))
    result = await solve(
        Problem(Kind.TEXT, "Explain."),
        paper(small, large, kind=Kind.TEXT),
        judge,
        MemoryPlans(),
        Witness(),
    )
    assert result.end is End.ACCEPTED
    assert large.calls == []


def test_preset_is_data_with_the_published_numbers() -> None:
    """Eight draws, thresholds of 0.75 and 0.5, and what each stage takes over."""
    small, large = small_model(), large_model()
    first, second, third = paper(small, large, kind=Kind.ANSWER)
    assert [stage.samples for stage in (first, second, third)] == [8, 8, 1]
    assert [accept.args for accept in (first.accept, second.accept) if isinstance(accept, partial)] == [
        (0.75,),
        (0.5,),
    ]
    assert [stage.carry for stage in (first, second, third)] == [
        Carry.NOTHING,
        Carry.GOAL,
        Carry.GUIDELINE,
    ]
    assert [stage.executor for stage in (first, second, third)] == [small, small, large]
    assert [stage.planner for stage in (first, second, third)] == [small, large, None]
    assert [stage.repairs for stage in (first, second, third)] == [(), (), ()]
    assert [stage.samples for stage in paper(small, large, samples=4)] == [4, 4, 1]


def test_large_stage_alone_inherits_nothing() -> None:
    """The last stage can run by itself, for a user who asks the large model directly."""
    stage = paper(small_model(), large_model())[-1]
    assert (stage.samples, stage.plan, stage.checked) == (1, None, False)


async def test_guideline_is_kept_as_the_candidates_plan() -> None:
    """Stage-2 candidates name the guideline, so that a judge finds the tests written beside it."""
    result = await run(small_model(), large_model())
    guided = result.outcomes[1]
    assert {candidate.plan for candidate in guided.candidates} == {guided.plan}
    assert guided.plan is not None
    assert (guided.plan.text, guided.plan.role, guided.plan.model) == (
        "Multiply.",
        Role.GUIDELINE,
        "large",
    )
