"""The family's tools: its runners by what a project is set up for, and its type checker."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.grammar.test_index import reaching
from cope_lsp.languages.javascript import calls, checking, example_tests, packages, runners
from cope_lsp.languages.javascript.grammar import GRAMMAR
from cope_lsp.languages.javascript.node import environment
from cope_lsp.languages.javascript.reports import BETWEEN, key_of, reports, verdict
from cope_lsp.languages.running import Demands, Outcome, TestCase, Verdict
from cope_lsp.languages.toolchain import called, commands
from cope_lsp.languages.toolchain.steps import CACHE, Recipe
from cope_lsp.languages.typescript.grammar import TSX, TYPESCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cope_lsp.languages.grammar.grammar import Grammar
    from cope_lsp.languages.grammar.test_index import Found
    from cope_lsp.languages.running import Environment, Example, Work
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source
    from cope_lsp.languages.toolchain.results import Result

__all__ = ["checks", "environment", "inputs", "read", "recipe", "tests_for"]

SUFFIXES: Mapping[str, Grammar] = {
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), GRAMMAR),
    **dict.fromkeys((".ts", ".mts", ".cts"), TYPESCRIPT),
    ".tsx": TSX,
}
"""Files of the family, and by which grammar each is read."""

_NAMED = ("*.test", "*.spec", "*-test", "*_test", "*.tests", "test-*", "test", "tests")
_PLACED = ("*/__tests__/*", "*/test/*")
TEST_FILES = tuple(f"{stem}{suffix}" for stem in (*_NAMED, *_PLACED) for suffix in SUFFIXES)

DEMANDS = Demands(memory_mb=3072, processes=256, files=2048, file_mb=512, output_kb=4096)
_ENV = {
    "CI": "1",
    "COPE_REPORTER": str(runners.REPORTING / "vitest.mjs"),
    "NODE_COMPILE_CACHE": f"{CACHE}/node",
    "NO_COLOR": "1",
    "NODE_DISABLE_COLORS": "1",
}


def tests_for(
    root: Path, target_path: str, target: Target, files: Mapping[str, bytes]
) -> tuple[TestCase, ...]:
    """Tests of the target's package, and of packages around it, that mention the target."""
    own = packages.package_of(root, target_path).folder
    near = {path: text for path, text in files.items() if _is_around(root, path, own)}
    found = sorted(_reaching(target, near), key=lambda each: each.distance)
    runner = {path: packages.runner_of(root, path, near[path]) for path in {each.path for each in found}}
    cases = (TestCase(_id(each), each.path, runner[each.path]) for each in found)
    return tuple(dict.fromkeys(cases))


def _reaching(target: Target, files: Mapping[str, bytes]) -> Iterator[Found]:
    """Likewise, each file by its own grammar."""
    for grammar in (GRAMMAR, TYPESCRIPT, TSX):
        texts = {path: text for path, text in files.items() if SUFFIXES.get(_suffix(path)) is grammar}
        yield from reaching(grammar, target, texts)


def _is_around(root: Path, path: str, package: str) -> bool:
    """Whether a file belongs to a package or to one around it."""
    theirs = PurePosixPath(packages.package_of(root, path).folder)
    return PurePosixPath(package).is_relative_to(theirs)


def _id(found: Found) -> str:
    return f"{found.path}::{BETWEEN.join(map(_said, (*found.suites, found.name)))}"


def _said(written: str) -> str:
    """What a string says."""
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), written)


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


def checks(root: Path, target_path: str) -> tuple[TestCase, ...]:
    """The type checker, where the project has one."""
    return checking.checks(root, target_path)


def recipe(environment: Environment, work: Work) -> Recipe:
    """The documentation's examples and the tests first, then calls and the type checker."""
    root = work.root
    if root is None:
        return Recipe(())
    own = work.command and not runners.is_known(work)
    taken = commands.steps(work) if own else runners.steps(root, environment, work)
    check = checking.step(root, environment, work)
    calling = runners.calling(root, environment, work, calls.DRIVER)
    return Recipe(
        steps=(
            *example_tests.steps(root, environment, work),
            *taken,
            *([calling] if calling else []),
            *([check] if check else []),
        ),
        layer=calls.layer(work, packages.package_of(root, work.path).folder)
        | example_tests.layer(root, work),
        env=_ENV,
        path=(environment.program.parent,),
        readable=(*environment.readable, runners.REPORTING, runners.LOADER.parent),
        cache="node",
        demands=DEMANDS,
    )


def read(work: Work, seen: Mapping[str, Result]) -> tuple[Verdict, ...]:
    """What the reporters said of each example and test, and the type checker of the file."""
    root = work.root
    if root is None:
        shown = (f"example:{number}" for number, _ in enumerate(work.examples))
        tried = (*shown, *(case.id for case in (*work.tests, *work.checks)))
        found = [Verdict(case, Outcome.MISSING) for case in tried]
        return (*found, *called.verdicts(work.calls, None))
    if work.command and not runners.is_known(work):
        found = [commands.verdict(case, seen) for case in work.tests]
    else:
        found = [_verdict(root, work, case, seen) for case in work.tests]
    found = [*example_tests.read(root, work, seen), *found]
    found += called.verdicts(work.calls, seen.get(called.STEP))
    found += [checking.verdict(root, work, case, seen.get(case.id)) for case in work.checks]
    return tuple(found)


def _verdict(root: Path, work: Work, case: TestCase, seen: Mapping[str, Result]) -> Verdict:
    step = runners.step_of(root, case)
    result = seen.get(step)
    if result is None:
        why = runners.problem(root, environment(root, None), work.path, case)
        return Verdict(case.id, Outcome.MISSING, detail=why or "it was not reached")
    return verdict(case, result, tuple(reports(result.out, key_of(work.nonce, step))))


def inputs(
    source: Source,
    target: Target,
    examples: tuple[Example, ...],
    seed: int,
    texts: tuple[bytes, ...],
) -> tuple[str, ...]:
    """Calls of an exported function."""
    return calls.calls(source, target, examples, seed, texts)
