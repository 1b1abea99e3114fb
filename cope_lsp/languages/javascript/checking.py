"""The project's own type checker: when it applies, how it is started, and what it says of one file."""

from __future__ import annotations

import hashlib
import posixpath
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.javascript.packages import program_of, text_of
from cope_lsp.languages.javascript.runners import TYPED
from cope_lsp.languages.running import Outcome, TestCase, Verdict
from cope_lsp.languages.toolchain.results import judged
from cope_lsp.languages.toolchain.steps import CACHE, Step

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.languages.running import Environment, Work
    from cope_lsp.languages.toolchain.results import Result

TSC = "check:tsc"
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_FOUND = re.compile(
    r"^(?P<file>[^\s(][^(\n]*)\((?P<line>\d+),\d+\): error (?P<said>TS(?P<code>\d+): .*(?:\n .*)*)",
    re.MULTILINE,
)
_UNUSED = frozenset({"6133", "6138", "6192", "6196", "6198", "6199", "6205", "7027"})
"""Complaints of style: what is declared and not used, what is never reached."""

_MOST_STEPS = 5


def checks(root: Path, path: str) -> tuple[TestCase, ...]:
    """`tsc`, where the project has it and its settings speak of such files."""
    settings = _settings(root, path)
    if not settings or program_of(root, posixpath.dirname(settings) or ".", "typescript") is None:
        return ()
    typed = PurePosixPath(path).suffix in TYPED or _says(root, settings, "checkJs")
    return (TestCase(TSC, path, "tsc"),) if typed else ()


def step(root: Path, environment: Environment, work: Work) -> Step | None:
    """`tsc --noEmit` over the target's package, from what an earlier run found out."""
    settings = _settings(root, work.path)
    folder = posixpath.dirname(settings) or "."
    program = program_of(root, folder, "typescript")
    if not work.checks or program is None:
        return None
    kept = f"{CACHE}/tsc/{hashlib.sha256(settings.encode()).hexdigest()[:16]}.tsbuildinfo"
    flags = ("--noEmit", "--incremental", "--tsBuildInfoFile", kept, "--pretty", "false")
    argv = (str(environment.program), str(program), "-p", posixpath.basename(settings), *flags)
    return Step(TSC, argv, work.build_s, folder=folder, told=100_000)


def verdict(root: Path, work: Work, case: TestCase, result: Result | None) -> Verdict:
    """Whether it complains of the target's file; each complaint, without its place, is a line of `value`."""
    if result is None or result.timed_out or result.exit == 0:
        return judged(case.id, result, ok=True)
    folder = posixpath.dirname(_settings(root, work.path))
    complaints = [*_FOUND.finditer(result.out)]
    if not complaints:
        return Verdict(case.id, Outcome.ERRORED, detail=result.said)
    own = [
        each
        for each in complaints
        if posixpath.normpath(posixpath.join(folder, each["file"])) == work.path
        and each["code"] not in _UNUSED
    ]
    if not own:
        return Verdict(case.id, Outcome.PASSED, ran_target=True)
    first, last = work.lines
    ordered = sorted(own, key=lambda each: not first <= int(each["line"]) <= last)
    detail = "\n".join(f"{work.path}:{each['line']}: {each['said']}" for each in ordered[:10])
    value = "\n".join(sorted({" ".join(each["said"].split()) for each in own}))
    return Verdict(case.id, Outcome.FAILED, value=value, detail=detail, brief="it does not fit the types")


def _settings(root: Path, path: str) -> str:
    """The settings file that speaks of a file, relative to the root; empty: none."""
    for folder in PurePosixPath(path).parents:
        for name in ("tsconfig.json", "jsconfig.json"):
            if (root / folder / name).is_file():
                return _leading(root, (folder / name).as_posix())
    return ""


def _leading(root: Path, settings: str) -> str:
    """Of settings that only refer to others, the first of those."""
    text = _plain(root, settings)
    listed = re.search(r'"references"\s*:\s*\[\s*\{\s*"path"\s*:\s*"([^"]+)"', text)
    if listed is None or re.search(r'"files"\s*:\s*\[\s*\]', text) is None:
        return settings
    named = posixpath.normpath(posixpath.join(posixpath.dirname(settings), listed[1]))
    found = named if named.endswith(".json") else f"{named}/tsconfig.json"
    return found if (root / found).is_file() else settings


def _says(root: Path, settings: str, option: str) -> bool:
    """Whether an option is on, here or in what the settings extend."""
    for _ in range(_MOST_STEPS):
        text = _plain(root, settings)
        told = re.search(rf'"{option}"\s*:\s*(true|false)', text)
        above = re.search(r'"extends"\s*:\s*"(\.[^"]+)"', text)
        if told or above is None:
            return told is not None and told[1] == "true"
        named = posixpath.normpath(posixpath.join(posixpath.dirname(settings), above[1]))
        settings = named if named.endswith(".json") else f"{named}.json"
    return False


def _plain(root: Path, settings: str) -> str:
    """The settings without comments."""
    return _COMMENT.sub(lambda match: match[1] or "", text_of(root / settings))
