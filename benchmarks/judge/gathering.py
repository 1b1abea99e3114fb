"""The product's own evidence on a case: a one-file project with the stub, each draw run in the sandbox."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.problem import Candidate, Plan, Role
from cope_lsp.code.context import Budget, Material, build_problem
from cope_lsp.code.judge import code_judge
from cope_lsp.code.request import request_named
from cope_lsp.code.workbench import Workbench
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.sandbox.ladder import strongest
from cope_lsp.sandbox.run import capacity
from cope_lsp.sandbox.warm import run_pooled
from cope_lsp.workspace.snapshot import Document, Snapshot

if TYPE_CHECKING:
    from benchmarks.samples import Visible
    from cope_lsp.code.findings import Findings
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.sandbox.warm import Pool

FILE = "solution.py"
TIMEOUT_S = 6.0
"""Seconds that judging one draw may take; recorded draws loop for ever more often than an editor's."""

BUDGET = Budget(4096, 1024)


async def workbench(root: Path, pool: Pool) -> Workbench:
    """A workbench over an empty folder, on this interpreter, in the strongest isolation there is here."""
    return Workbench(
        run=partial(run_pooled, isolation=await strongest(), pool=pool),
        root=root,
        environment=PYTHON.running.environment(root, Path(sys.executable)),
        timeout_s=TIMEOUT_S,
        limiter=capacity(),
    )


async def gather(shown: Visible, bench: Workbench) -> tuple[Findings, ...]:
    """What the product finds out about each draw, in their order."""
    judge = code_judge(asked(shown, bench.root), bench)
    await judge.suppose(shown.tests)
    drawn = candidates(shown)
    found: dict[int, Findings] = {}

    async def examine(number: int) -> None:
        found[number] = await judge.examine(drawn[number])

    async with anyio.create_task_group() as group:
        for number in range(len(drawn)):
            group.start_soon(examine, number)
    return tuple(found[number] for number in range(len(drawn)))


def candidates(shown: Visible) -> tuple[Candidate, ...]:
    """The draws as the cascade's candidates."""
    return tuple(
        Candidate(
            reply,
            draw.model or shown.model,
            plan=Plan("", Role.GOAL, shown.model) if draw.variant == Role.GOAL else None,
            logprob=draw.logprob,
            truncated=draw.truncated,
        )
        for reply, draw in zip(shown.replies, shown.draws, strict=True)
    )


def asked(shown: Visible, root: Path) -> CodeProblem:
    """The request *implement* for the stub, in a project of this one file."""
    stub = f"{shown.stub.rstrip()}\n"
    document = Document((root / FILE).as_uri(), root / FILE, "python", 1, stub)
    snapshot = Snapshot(root, {FILE: document}, trusted=True)
    request = request_named(PYTHON, document, snapshot, shown.entry_point)
    return build_problem(request, Material(lambda _path: None, ()), BUDGET)
