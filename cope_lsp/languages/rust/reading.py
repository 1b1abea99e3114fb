"""What Cargo's, libtest's and rustdoc's steps say of each case."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.running import Outcome, Verdict
from cope_lsp.languages.rust import doctests, nextest, own_command
from cope_lsp.languages.toolchain.results import judged, passed, unbuilt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.languages.running import Example, TestCase, Work
    from cope_lsp.languages.toolchain.results import Result

CHECK = "check:cargo check"
"""The step that builds, and what the compiler says of a candidate."""

DOC = "doc"
_OK = re.compile(r"^test result: ok\. [1-9]\d* passed; 0 failed", re.MULTILINE)
_NOT_STARTED = 127


def read(work: Work, seen: Mapping[str, Result]) -> tuple[Verdict, ...]:
    """One verdict a case: examples, tests, checks."""
    examples = [_of_example(number, each, work, seen) for number, each in enumerate(work.examples)]
    tests = [_of_test(each, work, seen) for each in work.tests]
    return (*examples, *tests, *(_of_build(each.id, seen.get(CHECK)) for each in work.checks))


def _of_build(case: str, build: Result | None) -> Verdict:
    """It builds, and says nothing of lints that the project denies."""
    ok = build is not None and not build.out.strip()
    return judged(case, build, ok=ok, brief="it does not compile")


def _of_test(case: TestCase, work: Work, seen: Mapping[str, Result]) -> Verdict:
    build, result = seen.get(CHECK), seen.get(case.id)
    if own_command.replaces(work.command) and not nextest.is_asked(work.command):
        return judged(case.id, result, ok=True)
    if result is None or result.exit == _NOT_STARTED:
        if build is not None and build.exit == 0:
            return Verdict(case.id, Outcome.MISSING, detail=f"Cargo made no test program of {case.path}")
        return unbuilt(case.id, build, f"the crate of {case.path}")
    if nextest.is_asked(work.command):
        return nextest.verdict(case, result)
    ok = _OK.search(result.out) is not None
    return judged(case.id, result, ok=ok, detail=_failure(result))


def _of_example(number: int, example: Example, work: Work, seen: Mapping[str, Result]) -> Verdict:
    """What rustdoc says of the fence of that line."""
    case, build, result = f"example:{number}", seen.get(CHECK), seen.get(DOC)
    if result is None:
        if build is None or build.exit != 0:
            return unbuilt(case, build, "the library")
        return Verdict(case, Outcome.MISSING, detail="rustdoc runs examples of libraries alone")
    line = doctests.line_of(example, work.lines[0])
    file = re.escape(PurePosixPath(work.path).name)
    told = re.search(rf"^test (\S*{file} - .*\(line {line}\)).* \.\.\. (\w+)$", result.out, re.MULTILINE)
    if told is not None and told[2] == "ok" and not result.timed_out:
        return passed(case)
    return judged(case, result, ok=False, detail=_section(result.out, told[1] if told else ""))


def _failure(result: Result) -> str:
    """What a test printed, without the report around it."""
    return _section(result.out, "") or result.said


def _section(out: str, name: str) -> str:
    """What the report holds of one test that failed; of any, where no name is given."""
    found = re.search(
        rf"^---- {re.escape(name) or '.*'} stdout ----\n(.*?)(?=^---- |^failures:$|\Z)",
        out,
        re.MULTILINE | re.DOTALL,
    )
    text = found[1] if found else ""
    return re.sub(r"^note: run with `RUST_BACKTRACE.*\n?", "", text, flags=re.MULTILINE).strip()
