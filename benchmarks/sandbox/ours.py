"""The product's own way from a candidate's text to a verdict, on HumanEval's reference solutions."""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from cope_lsp.code.problem import Request, RequestKind
from cope_lsp.code.workbench import Cases, Workbench, attempt
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.running import Example, Outcome
from cope_lsp.sandbox.ladder import strongest
from cope_lsp.sandbox.run import capacity
from cope_lsp.sandbox.warm import Pool, close, run_pooled
from cope_lsp.workspace.snapshot import Document, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "solution.py"
AHEAD = 2
"""Jobs beyond the cores, which are made ready while others run."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A reference solution as a candidate: its text, its function, the benchmark's own test."""

    text: str
    entry_point: str
    test: str


def problems(path: Path) -> tuple[Checked, ...]:
    """The problems of a file in HumanEval's form."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(
        Checked(row["prompt"] + row["canonical_solution"], row["entry_point"], row["test"]) for row in rows
    )


async def rate(checked: Sequence[Checked]) -> float:
    """Candidates judged a second, once a worker is warm; every one of them must pass."""
    pool = Pool()
    with tempfile.TemporaryDirectory(prefix=".cope-bench-", dir=Path.home()) as folder:
        bench = await workbench(Path(await anyio.Path(folder).resolve()), pool)
        try:
            await _all_judged(bench, checked[:8])
            begun = time.monotonic()
            await _all_judged(bench, checked)
            return len(checked) / (time.monotonic() - begun)
        finally:
            await close(pool)


async def workbench(root: Path, pool: Pool) -> Workbench:
    """A workbench over a project, on this interpreter, with warm workers in the strongest isolation."""
    limiter = capacity()
    limiter.total_tokens += AHEAD
    return Workbench(
        run=partial(run_pooled, isolation=await strongest(), pool=pool),
        root=root,
        environment=PYTHON.running.environment(root, Path(sys.executable)),
        limiter=limiter,
    )


async def _all_judged(bench: Workbench, checked: Sequence[Checked]) -> None:
    async with anyio.create_task_group() as group:
        for each in checked:
            group.start_soon(_judged, bench, each)


async def _judged(bench: Workbench, checked: Checked) -> None:
    check = Example(
        "check(candidate)", "None", (f"candidate = {checked.entry_point}", checked.test), form="=="
    )
    found = await attempt(bench, _request(bench.root, checked), checked.text.encode(), Cases((check,)))
    verdict = found.verdicts.get("example:0")
    if verdict is None or verdict.outcome is not Outcome.PASSED:
        raise RuntimeError(f"{checked.entry_point}: {found.problem or verdict}")


def _request(root: Path, checked: Checked) -> Request:
    source = PYTHON.syntax.parse(checked.text.encode())
    target = PYTHON.syntax.target_named(source, checked.entry_point)
    if target is None:
        raise RuntimeError(f"{checked.entry_point} is not there")
    document = Document((root / FILE).as_uri(), root / FILE, PYTHON.id, 1, checked.text)
    return Request(
        RequestKind.IMPLEMENT, PYTHON, document, Snapshot(root, {FILE: document}, trusted=True), target
    )
