"""Eight candidates of a 50-test project that imports numpy, beside one plain run of its tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import anyio
from anyio import to_thread

from benchmarks.sandbox.ours import workbench
from cope_lsp.code.problem import Request, RequestKind
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.running import Outcome
from cope_lsp.sandbox.warm import Pool, close
from cope_lsp.workspace.snapshot import Document, Snapshot

PROJECT = Path(__file__).parents[1] / "projects" / "numeric"
FILE = "numeric.py"
TEST_FILE = "tests/test_numeric.py"
TARGET = "moving_average"
TESTS = 10
"""Test functions; each has five parameters."""

CANDIDATES = 8


async def eight_over_one() -> tuple[float, float]:
    """Seconds that judging eight candidates takes with a warm worker, and that one plain run takes."""
    pool = Pool()
    with tempfile.TemporaryDirectory(prefix=".cope-bench-", dir=Path.home()) as folder:
        root = Path(await anyio.Path(folder).resolve(), "numeric")
        await to_thread.run_sync(_copied, root)
        try:
            return await _eight(root, pool), await to_thread.run_sync(_plain, root)
        finally:
            await close(pool)


def _copied(root: Path) -> None:
    shutil.copytree(PROJECT, root, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))


def _plain(root: Path) -> float:
    """A second run, whose compiled files the first has left."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    begun = time.monotonic()
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return time.monotonic() - begun


async def _eight(root: Path, pool: Pool) -> float:
    request = _request(root)
    files = {TEST_FILE: await anyio.Path(root, TEST_FILE).read_bytes()}
    cases = Cases(tests=PYTHON.running.tests_for(root, FILE, request.target, files))
    text = request.document.text
    bench = await workbench(root, pool)

    async def judged(number: int) -> None:
        found = await attempt(bench, request, f"{text}\n# {number}\n".encode(), cases)
        outcomes = [verdict.outcome for verdict in found.verdicts.values()]
        if len(outcomes) != TESTS or set(outcomes) != {Outcome.PASSED}:
            raise RuntimeError(f"candidate {number}: {found}")

    async def all_judged() -> None:
        async with anyio.create_task_group() as group:
            for number in range(CANDIDATES):
                group.start_soon(judged, number)

    await all_judged()
    begun = time.monotonic()
    await all_judged()
    return time.monotonic() - begun


def _request(root: Path) -> Request:
    text = (root / FILE).read_text(encoding="utf-8")
    target = PYTHON.syntax.target_named(PYTHON.syntax.parse(text.encode()), TARGET)
    if target is None:
        raise RuntimeError(f"{TARGET} is not there")
    document = Document((root / FILE).as_uri(), root / FILE, PYTHON.id, 1, text)
    snapshot = Snapshot(root, {FILE: document}, trusted=True)
    return Request(RequestKind.IMPLEMENT, PYTHON, document, snapshot, target)
