"""The `DEFAULT` and `LOCAL` presets: what is sent, in which order, and what is not paid for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cope_lsp.cascade.errors import ModelUnavailable
from cope_lsp.cascade.escalation import FIXED, Worth
from cope_lsp.cascade.presets import LOCAL_SHARE, Terms, default, local
from cope_lsp.cascade.problem import (
    Candidate,
    Completion,
    Evidence,
    Kind,
    Message,
    Problem,
    Ruling,
    Status,
    Usage,
)
from cope_lsp.cascade.solve import End, Options, Result, solve
from cope_lsp.cascade.stages import Batch, Carry, Stage
from tests.support.scripted import (
    Call,
    MemoryPlans,
    Rule,
    ScriptedJudge,
    ScriptedModel,
    Witness,
    right,
    unknown,
)

STATEMENT = "def square(x):\n    '''x times x'''"
FORMAT = "Answer with one fenced block."
SYSTEM = Message("system", "You write code.")
PROBLEM = Problem(Kind.CODE, STATEMENT, FORMAT, SYSTEM.content)
ASK = "Solve the task above."
FAILURE = (
    "An attempt that failed:\n\n```\nwrong\n```\n\n"
    "What went wrong with it:\n\n```\nassert f(2) == 4\nE  got 3\n```"
)
BRIEF_FAILURE = (
    "An attempt that failed:\n\n```\nwrong\n```\n\nWhat went wrong with it:\n\n```\nf(2) gave 3\n```"
)
"""What may leave the machine."""
DEAR_SOLUTIONS = Terms(rates=replace(FIXED, solution_usd=0.2, right_guided=0.95))
"""Terms under which a guideline pays."""


def asks_plan(call: Call) -> bool:
    """Whether the call asks for a goal or a guideline."""
    return ASK not in call.text and "Correct the attempt" not in call.text


def small_model(solution: str = "wrong") -> ScriptedModel:
    """A small model with one goal and one solution."""
    return ScriptedModel("small", lambda call: "Square it." if asks_plan(call) else solution)


def large_model(solution: str = "large solution") -> ScriptedModel:
    """A large model with one guideline and one solution."""
    return ScriptedModel("large", lambda call: "Multiply." if asks_plan(call) else solution)


async def run(stages: tuple[Stage, ...], rule: Rule) -> Result:
    """Solve the problem with these stages before a judge that rules so."""
    return await solve(PROBLEM, stages, ScriptedJudge(rule), MemoryPlans(), Witness())


def user(*parts: str) -> tuple[Message, Message]:
    """The messages of a prompt whose user part consists of these paragraphs behind the statement."""
    return SYSTEM, Message("user", "\n\n".join((STATEMENT, *parts)))


async def test_first_draw_has_no_plan_and_alone_suffices() -> None:
    """One call at a low temperature with the bare problem; it passes and nothing else is asked."""
    small, large = small_model("right"), large_model()
    result = await run(default(small, large), right("right"))
    (call,) = small.calls
    assert call.prompt.messages == user(ASK, FORMAT)
    assert call.temperature == 0.2
    assert large.calls == []
    assert result.end is End.ACCEPTED
    assert result.usage.calls == 1


async def test_local_stage_varies_its_draws() -> None:
    """Eight draws: two with a goal of their own at the paper's temperatures, the others without."""
    small = small_model()
    await run(local(small), right())
    plans = [call for call in small.calls if asks_plan(call)]
    draws = [call for call in small.calls if ASK in call.text]
    assert [call.temperature for call in plans] == [0.8, 0.8]
    assert [call.temperature for call in draws] == [0.2, 0.8, 0.8, 0.4, 0.8, 0.8, 0.4, 0.8]
    guided = [call for call in draws if call.temperature == 0.4]
    assert all(call.prompt.messages == user("Goal: Square it.", ASK, FORMAT) for call in guided)
    bare = [call for call in draws if call.temperature != 0.4]
    assert all(call.prompt.messages == user(ASK, FORMAT) for call in bare)


async def test_one_local_repair_comes_before_any_payment() -> None:
    """After the last failed draw the small model sees its attempt and the assertion, and saves the call."""
    large = large_model()
    small = ScriptedModel("small", lambda call: "repaired" if "Correct" in call.text else "wrong")
    result = await run(default(small, large), right("repaired"))
    assert large.calls == []
    repair = small.calls[-1]
    assert repair.prompt.messages == user(
        FAILURE,
        "Correct the attempt above so that it passes, and give the whole corrected solution.",
        FORMAT,
    )
    assert result.best is not None
    assert result.best.text == "repaired"
    assert result.best.repairs is not None
    assert result.best.repairs.text == "wrong"
    assert result.end is End.ACCEPTED


async def test_large_model_sees_the_failure_and_is_judged() -> None:
    """By fixed rates the guideline is left out: one paid call with attempt and failure, then the judge."""
    small, large = small_model(), large_model("right")
    judge = ScriptedJudge(right("right"))
    result = await solve(PROBLEM, default(small, large), judge, MemoryPlans(), Witness())
    (call,) = large.calls
    assert call.prompt.messages == user(BRIEF_FAILURE, ASK, FORMAT)
    assert call.temperature == 0.0
    assert [outcome.stage for outcome in result.outcomes] == ["small", "large"]
    assert len(judge.trials) == 2
    assert result.end is End.ACCEPTED


async def test_no_assertion_or_message_reaches_a_large_model() -> None:
    """Tests' own words stay local: every large call holds the brief account alone, in repair too."""
    large = large_model("still wrong")
    await run(default(small_model(), large, DEAR_SOLUTIONS), right())
    assert large.calls
    assert not any("assert f(2)" in call.text for call in large.calls)


async def test_failed_large_solution_is_repaired_once() -> None:
    """The large model gets one repair with the feedback on its own attempt, and no more."""
    large = large_model("still wrong")
    result = await run(default(small_model(), large), right())
    assert len(large.calls) == 2
    assert "```\nstill wrong\n```" in large.calls[1].text
    assert result.end is End.EXHAUSTED


async def test_paid_repair_is_left_out_where_it_does_not_pay() -> None:
    """Who loses little by no answer is not charged for a second try."""
    large = large_model("still wrong")
    await run(default(small_model(), large, Terms(worth=Worth(no_answer_usd=0.05))), right())
    assert len(large.calls) == 1


async def test_guided_stage_diagnoses_the_failure() -> None:
    """Where a guideline pays, its author sees the failed attempt; the small draws see the guideline alone."""
    small, large = small_model(), large_model("right")
    await run(default(small, large, DEAR_SOLUTIONS), right("right"))
    guideline, solution = large.calls
    assert guideline.prompt.messages[0] == SYSTEM
    assert guideline.prompt.messages[1].content.startswith(f"{STATEMENT}\n\n{BRIEF_FAILURE}\n\nExplain how")
    guided = [call for call in small.calls if "Guideline: " in call.text]
    assert len(guided) == 8
    assert all(call.prompt.messages == user("Guideline: Multiply.", ASK, FORMAT) for call in guided)
    assert solution.prompt.messages == user(BRIEF_FAILURE, "Guideline: Multiply.", ASK, FORMAT)


async def test_every_prompt_shares_one_prefix() -> None:
    """Planner and executor, small and large, open with the same system message and statement."""
    small, large = small_model(), large_model()
    await run(default(small, large, DEAR_SOLUTIONS), right())
    for call in (*small.calls, *large.calls):
        assert call.prompt.messages[0] == SYSTEM
        assert call.prompt.messages[1].content.startswith(STATEMENT + "\n\n")


async def test_result_falls_back_to_the_best_earlier_candidate() -> None:
    """A large solution that passes fewer tests than an earlier draw is not preferred for its price."""

    def rule(candidates: tuple[Candidate, ...], _remaining: int) -> Ruling:
        found = tuple(
            Evidence(candidate, "tests", Status.FAIL, 3 if candidate.model == "small" else 1, 4)
            for candidate in candidates
        )
        return Ruling(0.0, Status.FAIL, evidence=found, feedback="assert f(2) == 4")

    result = await run(default(small_model(), large_model()), rule)
    assert result.outcomes[-1].stage == "large"
    assert result.best is not None
    assert result.best.model == "small"


@pytest.mark.parametrize("terms", [Terms(), DEAR_SOLUTIONS])
async def test_no_sandbox_means_no_large_call(terms: Terms) -> None:
    """Sandbox absent, large model set: zero large calls, one unverified candidate."""
    small, large = small_model(), large_model()
    result = await run(default(small, large, terms), unknown)
    assert large.calls == []
    assert len(small.calls) == 1
    assert result.end is End.UNVERIFIED
    assert result.accepted is None
    assert result.best is not None


async def test_weak_pass_is_offered_but_not_paid_away() -> None:
    """What passed below the bar is neither accepted nor a reason to pay."""
    large = large_model()

    def weak(candidates: tuple[Candidate, ...], _remaining: int) -> Ruling:
        return Ruling(0.6, Status.PASS, candidates[0], candidates, settled=True)

    result = await run(default(small_model(), large), weak)
    assert large.calls == []
    assert result.end is End.UNVERIFIED
    assert result.outcomes[0].reason == "a confidence of 0.60 was not enough"


async def test_confidence_at_the_bar_is_accepted() -> None:
    """The default bar is nine in ten, inclusive."""

    def rule(confidence: float) -> Rule:
        return lambda drawn, _left: Ruling(confidence, Status.PASS, drawn[0], drawn, settled=True)

    assert (await run(local(small_model()), rule(0.9))).end is End.ACCEPTED
    assert (await run(local(small_model()), rule(0.89))).end is End.UNVERIFIED


async def test_large_solution_that_passed_is_accepted_on_less_evidence() -> None:
    """A confidence fitted on small draws understates a large model's: 0.8 suffices there, and not before."""

    def rule(drawn: tuple[Candidate, ...], _left: int) -> Ruling:
        status = Status.PASS if drawn[-1].model == "large" else Status.FAIL
        return Ruling(0.8 if status is Status.PASS else 0.0, status, drawn[-1], feedback="no")

    assert (await run(default(small_model(), large_model()), rule)).end is End.ACCEPTED


async def test_slow_draws_are_given_up_after_the_second() -> None:
    """A model that takes 20 s a draw is not asked eight times; the first call's seconds prove nothing."""
    small = ScriptedModel("small", ["wrong"], usage=Usage(seconds=20.0, calls=1))
    await run(local(small), right())
    assert [call.temperature for call in small.calls] == [0.2, 0.8, 0.4]
    assert "Correct the attempt" in small.calls[-1].text


async def test_cold_start_does_not_end_the_drawing() -> None:
    """Only the fastest draw counts, since the first one may have loaded the model."""
    cold = Completion("wrong", "small", Usage(seconds=60.0))
    small = ScriptedModel("small", [cold, "wrong"])
    await run(local(small), right())
    assert len([call for call in small.calls if ASK in call.text]) == 8


async def test_local_preset_has_one_stage_and_no_other_model() -> None:
    """Nothing passes: the cascade ends with the small model's best, and nothing was paid."""
    small = small_model()
    result = await run(local(small), right())
    assert [outcome.stage for outcome in result.outcomes] == ["small"]
    assert {candidate.model for outcome in result.outcomes for candidate in outcome.candidates} == {"small"}
    assert result.end is End.EXHAUSTED
    assert result.best is not None


async def test_small_model_down_buys_nothing() -> None:
    """Without a failed candidate there is no reason to pay; the result says what to start."""
    large = large_model()
    down = ModelUnavailable("Nothing listens at 127.0.0.1:11434.", fix="Start it with `ollama serve`.")
    result = await run(default(ScriptedModel("small", [down]), large), right())
    assert large.calls == []
    assert result.end is End.UNAVAILABLE
    assert result.error is down
    assert result.outcomes[0].reason == ("Nothing listens at 127.0.0.1:11434. Start it with `ollama serve`.")


async def test_large_stage_can_stand_alone() -> None:
    """The action that asks the large model directly runs the last stage, without anything to inherit."""
    large = large_model("right")
    result = await run(default(small_model(), large)[-1:], right("right"))
    assert large.calls[0].prompt.messages == user(ASK, FORMAT)
    assert result.end is End.ACCEPTED


def test_default_stages_are_adaptive_and_checked() -> None:
    """No stage of ours draws all at once or returns anything unchecked."""
    stages = default(small_model(), large_model(), DEAR_SOLUTIONS)
    assert [stage.name for stage in stages] == ["small", "guided", "large"]
    assert {stage.batch for stage in stages} == {Batch.ADAPTIVE}
    assert all(stage.checked for stage in stages)
    assert [stage.carry for stage in stages] == [
        Carry.NOTHING,
        Carry.FAILURE,
        Carry.GUIDELINE | Carry.FAILURE,
    ]


def test_local_stage_leaves_time_for_the_large_one() -> None:
    """Two thirds of the deadline are the local stage's, all of it where no other follows."""
    terms = Terms(deadline_s=30.0)
    assert default(small_model(), large_model(), terms)[0].deadline_s == LOCAL_SHARE * 30.0
    assert local(small_model(), terms)[0].deadline_s is None


async def test_samples_bound_the_draws() -> None:
    """With one sample there is one draw and one repair."""
    small = small_model()
    await solve(
        PROBLEM,
        local(small, Terms(samples=1)),
        ScriptedJudge(right()),
        MemoryPlans(),
        Witness(),
        Options(seed=7),
    )
    assert len(small.calls) == 2
