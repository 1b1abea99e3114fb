"""The product's own evidence on a case: a one-file project with the stub, each draw run in the sandbox."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Candidate
from cope_lsp.code.baseline import baseline
from cope_lsp.code.context import Budget, Material, build_problem
from cope_lsp.code.evidence import Case as Docket
from cope_lsp.code.evidence import cases_of
from cope_lsp.code.evidence import gather as add_runs
from cope_lsp.code.evidence import read
from cope_lsp.code.request import request_named
from cope_lsp.code.workbench import Workbench
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.sandbox.ladder import strongest
from cope_lsp.sandbox.run import run
from cope_lsp.workspace.snapshot import Document, Snapshot

if TYPE_CHECKING:
    import anyio

    from benchmarks.samples import Visible
    from cope_lsp.code.findings import Findings
    from cope_lsp.code.problem import CodeProblem

FILE = "solution.py"
TIMEOUT_S = 6.0
"""Seconds that judging one draw may take; recorded draws loop for ever more often than an editor's."""

BUDGET = Budget(4096, 1024)


async def workbench(root: Path, limiter: anyio.CapacityLimiter) -> Workbench:
    """A workbench over an empty folder, on this interpreter, in the strongest isolation there is here."""
    return Workbench(
        run=partial(run, isolation=await strongest()),
        root=root,
        environment=PYTHON.running.environment(root, Path(sys.executable)),
        timeout_s=TIMEOUT_S,
        limiter=limiter,
    )


async def gather(shown: Visible, bench: Workbench) -> tuple[Findings, ...]:
    """What the product finds out about each draw, in their order."""
    request = asked(shown, bench.root)
    target = request.request.target
    made = [each for text in shown.tests for each in PYTHON.syntax.assertions(text, target)]
    cases = cases_of(request, 0, made)
    docket = Docket(request, bench, cases, await baseline(request, bench, cases))
    known: dict[bytes, Findings] = {}
    found: dict[int, Findings] = {}

    for number, candidate in enumerate(candidates(shown)):
        first = read(request, candidate)
        if first.text is not None and first.text in known:
            found[number] = known[first.text]
            continue
        found[number] = await add_runs(docket, first)
        if first.text is not None:
            known[first.text] = found[number]
    return tuple(found[number] for number in sorted(found))


def candidates(shown: Visible) -> tuple[Candidate, ...]:
    """The draws as the cascade's candidates."""
    return tuple(
        Candidate(reply, shown.model, logprob=draw.logprob, truncated=draw.truncated)
        for reply, draw in zip(shown.replies, shown.draws, strict=True)
    )


def asked(shown: Visible, root: Path) -> CodeProblem:
    """The request *implement* for the stub, in a project of this one file."""
    stub = f"{shown.stub.rstrip()}\n"
    document = Document((root / FILE).as_uri(), root / FILE, "python", 1, stub)
    snapshot = Snapshot(root, {FILE: document}, trusted=True)
    request = request_named(PYTHON, document, snapshot, shown.entry_point)
    return build_problem(request, Material(lambda _path: None, ()), BUDGET)
