"""A repository's tests, run in the product's sandbox over texts that are nowhere on disk."""

from __future__ import annotations

import ast
import re
import secrets
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from cope_lsp.bench.coding.kept import key
from cope_lsp.cascade.errors import CopeError
from cope_lsp.code.workbench import MARGIN_S, cannot_run
from cope_lsp.languages.python import snippets
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.python.test_index import is_test_file
from cope_lsp.languages.running import Outcome, TestCase, Work
from cope_lsp.sandbox.job import CannotIsolate, Job, Limits, View, Warm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cope_lsp.bench.agents.repository.edits import Files
    from cope_lsp.bench.coding.kept import Kept
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.running import Environment, Preload, Verdict
    from cope_lsp.sandbox.job import Finished

CASE_S, WALL_S = 20.0, 40.0
"""Seconds of one test, and of all; ample, since what a busy machine shows is kept."""

_TOLD_LINES = 4
_ERROR = re.compile(r"^E +(.*)$", re.MULTILINE)


_WITHOUT = "Or leave the repositories out with --problems."


class CannotRun(CopeError):  # noqa: N818 -- a state, like the other errors
    """The tests of a repository cannot run on this machine, so no score is known; the run ends here."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a test came to; `told` is the end of its failure, free of anything of this machine."""

    id: str
    outcome: Outcome
    told: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    """Runs tests; what is kept is not run again, so that a replay needs no sandbox."""

    bench: Workbench
    kept: Kept
    case_s: float = CASE_S

    async def run(self, files: Files) -> tuple[Checked, ...]:
        """Every test of the files. Raises: CannotRun."""
        name = key("tests", sorted(files.items()))
        known = self.kept.get(name)
        if known is None:
            checked = await _run(self.bench, files, self.case_s)
            known = [[each.id, each.outcome, each.told] for each in checked]
            self.kept.put(name, known)
        rows = cast("Sequence[tuple[str, str, str]]", known)
        return tuple(Checked(id_, Outcome(outcome), told) for id_, outcome, told in rows)


def all_pass(checked: Sequence[Checked]) -> bool:
    """Whether every test passed, and there was one."""
    return bool(checked) and all(each.outcome is Outcome.PASSED for each in checked)


def in_words(checked: Sequence[Checked]) -> str:
    """What an agent reads: how many pass, and why the others do not."""
    wrong = [each for each in checked if each.outcome is not Outcome.PASSED]
    told = [f"{len(checked) - len(wrong)} of {len(checked)} tests pass."]
    for each in wrong:
        told += [f"{each.id} {each.outcome}", each.told]
    return "\n".join(filter(None, told))


def tests_in(files: Files) -> tuple[TestCase, ...]:
    """All tests that pytest would find, each to be run alone."""
    return tuple(
        TestCase(f"{path}::{name}", path, "pytest")
        for path, text in files.items()
        if is_test_file(path)
        for name in _test_names(snippets.parsed(text).body)
    )


def _test_names(nodes: Sequence[ast.stmt]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield node.name
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from (f"{node.name}::{name}" for name in _test_names(node.body))


async def _run(bench: Workbench, files: Files, case_s: float) -> tuple[Checked, ...]:
    environment = _environment(bench)
    work = Work(
        path=next(path for path in files if path.endswith(".py") and not is_test_file(path)),
        qualname="",
        lines=(0, 0),
        tests=tests_in(files),
        timeout_s=case_s,
        nonce=secrets.token_hex(32),
        wall_s=WALL_S,
        root=bench.root,
    )
    finished = await _finished(bench, _job(bench, environment, work, files))
    verdicts = PYTHON.running.verdicts(work, finished.records, work.nonce)
    return tuple(Checked(each.id, each.outcome, _told(each, files)) for each in verdicts)


def _environment(bench: Workbench) -> Environment:
    problem = cannot_run(bench)
    if problem or bench.environment is None:
        raise CannotRun(f"Tests of a repository cannot run here: {problem}.", fix=_WITHOUT)
    if bench.environment.runner != "pytest":
        raise CannotRun("Tests of a repository need pytest.", fix=f"Install it beside cope-lsp. {_WITHOUT}")
    return bench.environment


async def _finished(bench: Workbench, job: Job) -> Finished:
    if bench.run is None:
        raise CannotRun(bench.reason, fix=_WITHOUT)
    try:
        async with bench.limiter:
            return await bench.run(job)
    except CannotIsolate as error:
        raise CannotRun(str(error), fix=_WITHOUT) from error


def _job(bench: Workbench, environment: Environment, work: Work, files: Files) -> Job:
    invocation = PYTHON.running.invoke(environment, work)
    layer: Mapping[str, bytes] = {path: text.encode() for path, text in files.items()}
    wall_s = work.wall_s + MARGIN_S
    return Job(
        argv=invocation.argv,
        view=View(bench.root, {**layer, **invocation.layer}),
        readable=invocation.readable,
        env=invocation.env,
        stdin=invocation.stdin,
        limits=Limits(wall_s=wall_s, cpu_s=int(wall_s) * 2),
        warm=_warm(invocation.preload, files),
    )


def _warm(preload: Preload | None, files: Files) -> Warm | None:
    """How runs are kept warm; the repository's modules are not on disk, so they are named to be avoided."""
    if preload is None:
        return None
    own = {PurePosixPath(path).parts[0].removesuffix(".py") for path in files}
    avoided = preload.avoided | own
    return Warm(preload.command, preload.entry, preload.base, preload.modules, avoided, preload.own)


def _told(verdict: Verdict, files: Files) -> str:
    """The failure's own lines; a path to a file of the repository is cut to what the agent knows."""
    if verdict.outcome is Outcome.PASSED:
        return ""
    lines = _ERROR.findall(verdict.detail) or verdict.detail.strip().splitlines()
    told = "\n".join(line.rstrip() for line in lines[:_TOLD_LINES])
    for path in files:
        told = re.sub(rf"[^\s'\"(]*/{re.escape(path)}", path, told)
    return told
