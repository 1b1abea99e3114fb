"""Where and how candidates run: made by the engine for one request, read by all that gathers evidence."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

import anyio

from cope_lsp.code.context import own_path
from cope_lsp.languages.running import Outcome, Verdict, Work
from cope_lsp.sandbox.caches import Cache, Keeping
from cope_lsp.sandbox.job import CannotIsolate, Ending, Job, Limits, View, Warm
from cope_lsp.workspace.files import read_or_none

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from cope_lsp.code.problem import Request
    from cope_lsp.languages.running import (
        Demands,
        Environment,
        Example,
        Foundation,
        Invocation,
        Preload,
        TestCase,
    )
    from cope_lsp.sandbox.job import Finished

Run: TypeAlias = "Callable[[Job], Awaitable[Finished]]"
LayFoundation: TypeAlias = "Callable[[Foundation, Workbench], Awaitable[Path | None]]"

CASE_SHARE = 0.5
"""Share of a run's time that one case may take."""

MARGIN_S = 5.0
"""Seconds that a run gets beyond its own clock, to report and to end."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """How one request's candidates run.

    `run` runs a job in the sandbox on its rung; None where nothing may execute, and `reason` says why in
    words (untrusted, no isolation, no interpreter). `layer` are all unsaved documents by path relative to
    `root`; `masked` what the sandbox must not see. `timeout_s` bounds a run, `limiter` how many run at once.
    `note` is said wherever evidence is shown (for instance: without isolation). An `untitled:` document has
    an empty folder of ours for its root. `build_s` bounds what a run must build first; `builds` is our folder
    for what was built, and `keeping` says whether a run may add to it. `lay_foundation` sees to it
    that what a toolchain builds of its own is there, and gives its folder (None where it cannot be kept).
    """

    run: Run | None
    root: Path
    environment: Environment | None
    layer: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    masked: tuple[str, ...] = ()
    timeout_s: float = 20.0
    limits: Limits = field(default_factory=Limits)
    limiter: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(2))
    reason: str = ""
    note: str = ""
    command: tuple[str, ...] = ()
    build_s: float = 180.0
    builds: Path | None = None
    keeping: Keeping = Keeping.NOTHING
    lay_foundation: LayFoundation | None = None


@dataclass(frozen=True, slots=True)
class Cases:
    """What is to be tried on a text: `calls` on generated inputs, `assertions` of self-made tests.

    `checks` are compilers and checkers, which can speak against a text and not for it.
    """

    examples: tuple[Example, ...] = ()
    tests: tuple[TestCase, ...] = ()
    calls: tuple[str, ...] = ()
    assertions: tuple[Example, ...] = ()
    checks: tuple[TestCase, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of running cases on a text: a verdict by case, or why nothing could run (`problem`)."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, Verdict])
    problem: str = ""


def cannot_run(bench: Workbench) -> str:
    """Why nothing may execute; empty where it may."""
    if bench.run is None:
        return bench.reason or "nothing may run here"
    if bench.environment is None:
        return "no interpreter was found for this project"
    return bench.environment.problem


async def attempt(bench: Workbench, request: Request, text: bytes, cases: Cases) -> Attempt:
    """Run cases on a text of the request's file, over the project and all unsaved documents."""
    problem = cannot_run(bench)
    target = request.language.syntax.target_named(
        request.language.syntax.parse(text), request.target.qualname
    )
    if problem or bench.run is None or bench.environment is None or target is None:
        return Attempt(problem=problem or "the function is not there")
    lines = (_line(text, target.span.start), _line(text, target.span.end))
    work = Work(
        path=own_path(request),
        qualname=target.qualname,
        lines=lines,
        examples=cases.examples,
        tests=cases.tests,
        calls=cases.calls,
        assertions=cases.assertions,
        checks=cases.checks,
        timeout_s=bench.timeout_s * CASE_SHARE,
        build_s=bench.build_s,
        nonce=secrets.token_hex(32),
        wall_s=bench.timeout_s,
        command=bench.command,
        root=bench.root,
        text=text,
        texts=_texts(bench, request, cases),
    )
    invocation = request.language.running.invoke(bench.environment, work)
    view = View(bench.root, {**bench.layer, **invocation.layer, work.path: text}, bench.masked)
    try:
        cache = await _cache(bench, invocation)
        wall_s = work.wall_s + MARGIN_S + (work.build_s if invocation.cache else 0)
        job = job_of(invocation, view, replace(bench.limits, wall_s=wall_s), cache)
        async with bench.limiter:
            finished = await bench.run(job)
    except CannotIsolate as error:
        return Attempt(problem=str(error))
    verdicts = request.language.running.verdicts(work, finished.records, work.nonce)
    if finished.ending is Ending.EXITED and finished.exit_code != 0 and not finished.records:
        return Attempt(problem=_last_line(finished.stderr) or "the run did not start")
    return Attempt({verdict.id: _ended(verdict, finished) for verdict in verdicts})


def job_of(invocation: Invocation, view: View, limits: Limits, cache: Cache | None) -> Job:
    """An invocation as the sandbox takes it, within these limits, raised by what its toolchain demands."""
    return Job(
        argv=invocation.argv,
        view=view,
        readable=invocation.readable,
        env=invocation.env,
        stdin=invocation.stdin,
        limits=_limits(limits, invocation.demands),
        warm=_warm(invocation.preload),
        cache=cache,
    )


def _limits(limits: Limits, demands: Demands) -> Limits:
    """These limits, raised where a toolchain needs more."""
    return Limits(
        limits.wall_s,
        max(limits.cpu_s, int(limits.wall_s) * 2),
        max(limits.memory_mb, demands.memory_mb),
        max(limits.processes, demands.processes),
        max(limits.files, demands.files),
        max(limits.file_mb, demands.file_mb),
        max(limits.output_kb, demands.output_kb),
    )


async def _cache(bench: Workbench, invocation: Invocation) -> Cache | None:
    """The folder of kept builds of that name, each project's its own, over what is built for all."""
    if bench.builds is None or not invocation.cache:
        return None
    below = None
    if bench.lay_foundation is not None and invocation.foundation is not None:
        below = await bench.lay_foundation(invocation.foundation, bench)
    project = hashlib.sha256(f"{bench.root}\0{invocation.cache}".encode()).hexdigest()[:16]
    return Cache(bench.builds / project, bench.keeping, below)


def _texts(bench: Workbench, request: Request, cases: Cases) -> tuple[bytes, ...]:
    """The target's file as it was asked about, tests' files, their set-up: equal for all candidates."""
    tests = {case.path for case in cases.tests}
    folders = {folder for path in tests for folder in PurePosixPath(path).parents}
    prepared = {str(folder / name) for folder in folders for name in request.language.test_setup}
    texts = (_text(bench, path) for path in sorted(tests | prepared))
    return (request.document.text.encode(), *filter(None, texts))


def _text(bench: Workbench, path: str) -> bytes:
    unsaved = bench.layer.get(path)
    return unsaved if unsaved is not None else (read_or_none(bench.root, path) or "").encode()


def _warm(preload: Preload | None) -> Warm | None:
    if preload is None:
        return None
    names = (preload.base, preload.modules, preload.avoided)
    return Warm(preload.command, preload.entry, *names, preload.own)


def _ended(verdict: Verdict, finished: Finished) -> Verdict:
    """A case that a whole run's end left without a record tells how the run ended."""
    if verdict.outcome is not Outcome.MISSING or finished.ending is Ending.EXITED:
        return verdict
    outcome = Outcome.TIMED_OUT if finished.ending is Ending.TIMED_OUT else Outcome.MISSING
    detail = finished.reason or f"the run {finished.ending}"
    return Verdict(verdict.id, outcome, verdict.ran_target, detail=detail)


def _line(text: bytes, offset: int) -> int:
    return text.count(b"\n", 0, offset) + 1


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
