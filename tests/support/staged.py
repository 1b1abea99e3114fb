"""Plain stages of scripted models, and a solve of one problem with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.cascade import prompts
from cope_lsp.cascade.problem import Kind, Problem, Role
from cope_lsp.cascade.solve import Result, solve
from cope_lsp.cascade.stages import Arm, Planning, Stage, passed
from tests.support.scripted import MemoryPlans, ScriptedJudge, Witness, right

if TYPE_CHECKING:
    from cope_lsp.cascade.ports import Judge, Model

PROBLEM = Problem(Kind.CODE, "Write f.", key="what-was-asked")


def stage(executor: Model, samples: int = 3, name: str = "small") -> Stage:
    """A plain stage: draws without plans, one after the other."""
    return Stage(name, executor, (Arm(0.8),) * samples, passed, prompts.SHARED)


def guided(executor: Model, planner: Model) -> Stage:
    """A stage of one draw that follows a guideline."""
    return replace(stage(executor, 1, "guided"), planner=planner, plan=Planning(Role.GUIDELINE, 0.2))


async def run(*stages: Stage, judge: Judge | None = None, plans: MemoryPlans | None = None) -> Result:
    """Solve the problem with these stages; without a judge, `right` passes."""
    return await solve(
        PROBLEM, stages, judge or ScriptedJudge(right("right")), plans or MemoryPlans(), Witness()
    )
