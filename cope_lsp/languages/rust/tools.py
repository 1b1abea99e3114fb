"""Cargo: test programs built once, each test run alone from them; rustdoc's examples where there are any."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.grammar.grammar import TOKEN
from cope_lsp.languages.running import Demands, TestCase
from cope_lsp.languages.rust import doctests, nextest, own_command
from cope_lsp.languages.rust.crates import has_library, module_of, package_of
from cope_lsp.languages.rust.reaching import name_of, selecting, tests_for
from cope_lsp.languages.rust.reading import CHECK, DOC, read
from cope_lsp.languages.rust.toolchain import cargo_home, downloaded, environment
from cope_lsp.languages.toolchain import called, times
from cope_lsp.languages.toolchain.steps import CACHE, PYTHON, SCRATCH, Recipe, Step

if TYPE_CHECKING:
    from cope_lsp.languages.running import Environment, Work
    from cope_lsp.languages.rust.crates import Crate, Package

__all__ = ["checks", "environment", "inputs", "read", "recipe", "tests_for"]

DEMANDS = Demands(memory_mb=4096, processes=256, files=1024, file_mb=1024)
_BUILD = Path(__file__).parent / "inside" / "build.py"
_TARGET, _PROGRAMS = f"{CACHE}/target", f"{SCRATCH}/programs"
_DOC_S = 60.0
_ENV = {
    "CARGO_INCREMENTAL": "1",
    "CARGO_NET_OFFLINE": "true",
    "CARGO_PROFILE_DEV_DEBUG": "0",
    "CARGO_TARGET_DIR": _TARGET,
    "CARGO_TERM_COLOR": "never",
    "RUSTC_WORKSPACE_WRAPPER": f"{_TARGET}/rustc",
    "RUSTC_WRAPPER": "",
    "RUSTUP_TOOLCHAIN": "",
    "RUST_BACKTRACE": "0",
}


def checks(root: Path, target_path: str) -> tuple[TestCase, ...]:  # noqa: ARG001 -- the port's signature
    """What the build that the tests need says by itself."""
    return (TestCase(CHECK, target_path, "cargo test"),)


def recipe(environment: Environment, work: Work) -> Recipe:
    """Build the crates that hold the tests, run each test from them, and the documentation's examples."""
    root = work.root or Path()
    package = package_of(root, work.path)
    cargo = str(environment.program)
    steps = [times.step()]
    if package is not None:
        steps += [_built(cargo, root, package, work), *_tried(cargo, root, package, work)]
        steps += _documented(cargo, root, package, work)
    found = nextest.program()
    home = {"CARGO_HOME": str(cargo_home())} if downloaded() else {}
    return Recipe(
        steps=tuple(steps),
        env={**_ENV, **home},
        path=(environment.program.parent, *([found.parent] if found else [])),
        readable=(*environment.readable, _BUILD.parent),
        cache="rust",
        demands=DEMANDS,
    )


def _built(cargo: str, root: Path, package: Package, work: Work) -> Step:
    """One call of Cargo, for no more than what the cases need."""
    crates = _crates(root, package, work)
    flags = [flag for crate in crates for flag in crate.flags]
    way = (
        ("test", "--no-run", "--no-fail-fast") if work.tests else ("build",) if work.examples else ("check",)
    )
    inner = PurePosixPath(work.path).relative_to(package.folder).as_posix()
    told = (_PROGRAMS, inner, *map(str, work.lines), TOKEN)
    command = (cargo, *way, *flags, *own_command.build_flags(work.command))
    return Step(
        CHECK,
        (PYTHON, "-I", "-S", str(_BUILD), *told, "--", *command),
        work.build_s,
        folder=package.folder,
        told=12_000,
    )


def _crates(root: Path, package: Package, work: Work) -> tuple[Crate, ...]:
    """The crates of the tests; of the target itself where there are none."""
    paths = [case.path for case in work.tests] or [work.path]
    found = (module_of(root, package, path) for path in dict.fromkeys(paths))
    return tuple(dict.fromkeys(each.crate for each in found if each is not None))


def _tried(cargo: str, root: Path, package: Package, work: Work) -> list[Step]:
    """One step a test: the user's command, or the program of its crate."""
    if nextest.is_asked(work.command):
        return [replace(step, needs=CHECK) for step in nextest.steps(cargo, root, package, work)]
    if own_command.replaces(work.command):
        return own_command.steps(work)
    places = {case.path: module_of(root, package, case.path) for case in work.tests}
    arguments = own_command.arguments(work.command)
    return [
        Step(
            case.id,
            (f"{_PROGRAMS}/{place.crate.label}", *selecting(name_of(case)), *arguments),
            work.timeout_s,
            folder=package.folder,
        )
        for case in work.tests
        if (place := places[case.path]) is not None
    ]


def _documented(cargo: str, root: Path, package: Package, work: Work) -> list[Step]:
    if not work.examples or not has_library(root, package):
        return []
    names = (f"(line {doctests.line_of(each, work.lines[0])})" for each in work.examples)
    command = (cargo, "test", "--doc", *own_command.build_flags(work.command), "--", *names)
    limit = work.timeout_s + min(work.build_s, _DOC_S)
    return [Step(DOC, command, limit, folder=package.folder, needs=CHECK, told=12_000)]


inputs = called.no_calls
