"""One draw as the product makes it: its prompts, the arms of its local preset, its adapters."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.draw.records import Part, Recorded
from cope_lsp.cascade.errors import BrokenOff, MalformedReply
from cope_lsp.cascade.presets import Terms, local
from cope_lsp.cascade.problem import Completion, Kind, Plan
from cope_lsp.cascade.prompts import SHARED, parse_plan, render_plan, render_solution, render_tests
from cope_lsp.cascade.stages import TESTS
from cope_lsp.code.context import Budget, Material, build_problem
from cope_lsp.code.request import request_named
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.workspace.snapshot import Document, Snapshot

if TYPE_CHECKING:
    from benchmarks.draw.records import Task
    from cope_lsp.bench.coding.problems import BenchmarkProblem
    from cope_lsp.cascade.ports import Model
    from cope_lsp.cascade.problem import Problem, Prompt
    from cope_lsp.cascade.prompts import Style
    from cope_lsp.cascade.stages import Stage

REPLY_TOKENS = 512
"""Longest reply: a longer one has lost its way, and only costs time."""

TRIES = 3
"""Calls for one reply."""

_PROPERTIES = (
    "Write five property tests for the task above: one short `assert` a line, each with a call with literal "
    "arguments, which states what must hold of the result without naming its exact value: its type, its "
    "length or order, a bound, what of the arguments it keeps, how it relates to a second call. Reply with "
    "one fenced block of tests only, without the solution."
)
_CODE = SHARED.wordings[Kind.CODE]
_SELF_MADE: tuple[tuple[str, Style], ...] = (
    ("tests", SHARED),
    ("properties", replace(SHARED, wordings={Kind.CODE: replace(_CODE, tests=_PROPERTIES)})),
)
"""Kinds of self-made tests, in turn: with values, as the product asks, and with properties (2506.18315)."""

_BUDGET = Budget(statement=4096, reply=REPLY_TOKENS)
_ROOT = Path("/project")


@dataclass(frozen=True, slots=True)
class Asked:
    """A benchmark's problem as the product states it."""

    task_id: str
    problem: Problem


def asked(problem: BenchmarkProblem) -> Asked:
    """State a problem as if its stub were the one open file of a project."""
    path = _ROOT / "solution.py"
    document = Document(path.as_uri(), path, PYTHON.id, 1, problem.prompt)
    snapshot = Snapshot(_ROOT, {path.name: document}, trusted=True)
    request = request_named(PYTHON, document, snapshot, problem.entry_point)
    stated = build_problem(request, Material({path.name: problem.prompt}.get), _BUDGET)
    return Asked(problem.task_id, stated.problem)


async def draw(model: Model, this: Asked, task: Task, seed: int) -> Recorded:
    """One draw with all that is recorded of it. Raises: ModelError."""
    started = time.monotonic()
    chance = random.Random(f"{seed}/{task.task_id}/{task.part}/{task.number}")  # noqa: S311 -- samples
    stage = local(model, Terms(samples=task.number + 1))[0]
    if task.part is Part.TEST:
        variant, style = _SELF_MADE[task.number % len(_SELF_MADE)]
        prompt, temperature = render_tests(style, this.problem), TESTS
    else:
        prompt, variant = await _solution_prompt(stage, this.problem, task.number, chance)
        temperature = stage.arms[task.number].temperature
    call_seed = chance.getrandbits(31)
    completion = await _complete(model, prompt, temperature, call_seed)
    return Recorded(
        task=task,
        text=completion.text,
        model=completion.model,
        variant=variant,
        temperature=temperature,
        seed=call_seed,
        tokens=completion.usage.output_tokens,
        logprob=None if completion.logprob is None else round(completion.logprob, 4),
        logprobs=tuple(round(each, 2) for each in completion.logprobs),
        truncated=completion.truncated,
        seconds=round(time.monotonic() - started, 2),
    )


async def _solution_prompt(
    stage: Stage, problem: Problem, number: int, chance: random.Random
) -> tuple[Prompt, str]:
    """The executor's prompt of an arm, after its own plan where it has one; and the variant's name."""
    planning = stage.arms[number].plan
    if planning is None:
        return render_solution(stage.style, problem), "plain"
    asking = render_plan(stage.style, problem, planning.role)
    said = await _complete(stage.executor, asking, planning.temperature, chance.getrandbits(31))
    plan = Plan(parse_plan(said.text)[0], planning.role, said.model)
    return render_solution(stage.style, problem, (plan,)), planning.role.value


async def _complete(model: Model, prompt: Prompt, temperature: float, seed: int) -> Completion:
    """The model's reply; one that is empty is a draw too, one that broke off is asked for again."""
    for left in reversed(range(TRIES)):
        try:
            return await model.complete(prompt, temperature=temperature, seed=seed)
        except BrokenOff:
            if not left:
                raise
        except MalformedReply:
            break
    return Completion("", model.name)
