"""The runners as steps: one process a file of `node --test`, one a package of vitest and jest."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.javascript import packages, scripts
from cope_lsp.languages.javascript.node import version
from cope_lsp.languages.javascript.reports import key_of
from cope_lsp.languages.toolchain import called
from cope_lsp.languages.toolchain.steps import CACHE, Step

if TYPE_CHECKING:
    from cope_lsp.languages.running import Environment, TestCase, Work

REPORTING = Path(__file__).parent / "reporting"
LOADER = Path(__file__).parent / "typed" / "load.mjs"
"""Lets Node load TypeScript by the project's own compiler."""

TYPED = frozenset({".ts", ".mts", ".cts", ".tsx"})
_MARKUP = frozenset({".tsx", ".jsx"})
_TOLD = 200_000
_START_S = 20.0
_STRIPPING = ("--experimental-strip-types",)
_STRIPS = ((22, 6), (22, 18), (23, 0), (23, 6))
"""Node takes types away behind a flag, then by itself: from 22.6 and 22.18 on, from 23.0 and 23.6 on."""


def step_of(root: Path, case: TestCase) -> str:
    """The id of the step that runs a test."""
    if case.runner == packages.NODE:
        return f"{case.runner} {case.path}"
    return f"{case.runner} in {packages.place_of(root, case.path, case.runner)}"


def problem(root: Path, environment: Environment, target: str, case: TestCase) -> str:
    """Why a test cannot run on this machine as it is; empty where it can."""
    folder = packages.package_of(root, case.path).folder
    if case.runner == packages.NODE:
        return _untyped(root, folder, environment, (target, case.path))
    if not case.runner:
        return (
            f"what runs {case.path} is not known (node --test, vitest and jest are). Set tests.command "
            "to the command that runs one test."
        )
    if packages.program_of(root, packages.place_of(root, case.path, case.runner), case.runner) is None:
        return f"{case.runner} is not in node_modules. Install what the project depends on: `npm install`."
    return ""


def steps(root: Path, environment: Environment, work: Work) -> list[Step]:
    """One step a file or a package, for the tests that can run."""
    found: dict[str, list[TestCase]] = {}
    for case in work.tests:
        if not problem(root, environment, work.path, case):
            found.setdefault(step_of(root, case), []).append(case)
    return [step(root, environment, work, cases) for cases in found.values()]


def step(root: Path, environment: Environment, work: Work, cases: list[TestCase]) -> Step:
    """The step that runs tests of one file, or of one package."""
    name, runner = step_of(root, cases[0]), cases[0].runner
    limit = work.timeout_s * min(len(cases), 2)
    if runner == packages.NODE:
        folder = packages.package_of(root, cases[0].path).folder
        argv = _node(root, environment, work, folder, cases[0].path)
    else:
        folder, limit = packages.place_of(root, cases[0].path, runner), limit + min(_START_S, work.build_s)
        argv = _program(root, environment, work, folder, cases)
    return Step(name, argv, limit, folder=folder, stdin=key_of(work.nonce, name), told=_TOLD)


def _node(root: Path, environment: Environment, work: Work, folder: str, path: str) -> tuple[str, ...]:
    """The file run by itself: one process, not a second one for it."""
    reporter = str(REPORTING / "node.cjs")
    own = own_command(work)[1:] if _name(work) == "node" else ()
    flags = (
        *(part for part in own if part != "--test"),
        *_loading(root, folder, environment, (work.path, path)),
    )
    file = _within(path, folder)
    return (str(environment.program), "--require", reporter, *flags, f"--test-reporter={reporter}", file)


def _program(
    root: Path, environment: Environment, work: Work, folder: str, cases: list[TestCase]
) -> tuple[str, ...]:
    runner = cases[0].runner
    program = packages.program_of(root, folder, runner)
    files = dict.fromkeys(_within(case.path, folder) for case in cases)
    told = own_command(work)[1:] if _name(work) == runner else ()
    own = tuple(part for part in told if part not in ("run", "--run"))
    begin = (str(environment.program), *scripts.for_node(root, folder, work.command), str(program))
    if runner == packages.VITEST:
        reporter = f"--reporter={REPORTING / 'vitest.mjs'}"
        return (*begin, "run", *own, *files, reporter, "--coverage.enabled=false")
    quiet = ("--ci", "--runInBand", "--coverage=false", "--watchman=false", f"--cacheDirectory={CACHE}/jest")
    return (*begin, *own, *quiet, f"--reporters={REPORTING / 'jest.cjs'}", "--runTestsByPath", *files)


def calling(root: Path, environment: Environment, work: Work, driver: str) -> Step | None:
    """The module that makes calls, started in the target's package; None where Node cannot load it."""
    folder = packages.package_of(root, work.path).folder
    how = _loaded(root, folder, environment, work.path) if work.calls else None
    if how is None:
        return None
    flags, env = how
    argv = (str(environment.program), *flags, driver)
    return Step(called.STEP, argv, work.timeout_s, folder=folder, env=env, told=called.MOST_BYTES)


def _loaded(
    root: Path, folder: str, environment: Environment, path: str
) -> tuple[tuple[str, ...], dict[str, str]] | None:
    """Flags and variables with which Node loads a module as the project means it; None where it cannot.

    The project's own compiler reads what Node alone would not: enumerations, `paths`, JSX, older Nodes.
    """
    flags = _loading(root, folder, environment, (path,))
    compiler = packages.home_of(root, folder, "typescript")
    if _typed((path,)) and compiler is not None and flags in ((), _STRIPPING):
        return ("--import", LOADER.as_uri()), {"COPE_TYPESCRIPT": str(compiler)}
    return None if _untyped(root, folder, environment, (path,)) else (flags, {})


def own_command(work: Work) -> tuple[str, ...]:
    """The user's command from the runner's name on, where it is one of those known here; else as it is."""
    command = scripts.meant(work.root or Path(), work.path, work.command)
    names = [Path(word).stem for word in command]
    for runner in (packages.VITEST, packages.JEST, "node"):
        if runner in names:
            return scripts.first(command[names.index(runner) :])
    return work.command


def is_known(work: Work) -> bool:
    """Whether the user's command starts a runner that is known here, so that its flags are added to ours."""
    begin = own_command(work)
    return _name(work) in (packages.VITEST, packages.JEST) or (_name(work) == "node" and "--test" in begin)


def _name(work: Work) -> str:
    return Path(own_command(work)[0]).stem if work.command else ""


def _loading(root: Path, folder: str, environment: Environment, paths: tuple[str, ...]) -> tuple[str, ...]:
    """What Node loads before a test: as the package's script says, else what reads types."""
    own = scripts.loading(packages.package_of(root, f"{folder}/package.json"))
    if own or not _typed(paths):
        return own
    if packages.home_of(root, folder, "tsx") is not None:
        return ("--import", "tsx")
    first, plain, second, later = _STRIPS
    found = version(environment.program)
    needs_flag = first <= found < plain or second <= found < later
    return _STRIPPING if needs_flag else ()


def _untyped(root: Path, folder: str, environment: Environment, paths: tuple[str, ...]) -> str:
    """Why Node cannot run files with types here; empty where it can."""
    if not _typed(paths) or _loading(root, folder, environment, paths):
        return ""
    found = version(environment.program)
    if found >= _STRIPS[0] and not any(PurePosixPath(path).suffix in _MARKUP for path in paths):
        return ""
    return (
        f"Node {'.'.join(map(str, found))} cannot run TypeScript by itself. Install tsx in the project "
        "(`npm install --save-dev tsx`), or a Node from 22.18 on."
    )


def _typed(paths: tuple[str, ...]) -> bool:
    return any(PurePosixPath(path).suffix in TYPED for path in paths)


def _within(path: str, folder: str) -> str:
    return PurePosixPath(path).relative_to(folder).as_posix() if folder != "." else path
