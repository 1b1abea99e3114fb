"""Go's own tools: `go vet`, test binaries built once by `go test -c`, each test run alone from them."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.go.grammar import GRAMMAR
from cope_lsp.languages.grammar.test_index import reaching
from cope_lsp.languages.running import Demands, Environment, TestCase
from cope_lsp.languages.toolchain import commands
from cope_lsp.languages.toolchain.results import judged, unbuilt
from cope_lsp.languages.toolchain.steps import CACHE, SCRATCH, Recipe, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.languages.running import Example, Verdict, Work
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.text import Source
    from cope_lsp.languages.toolchain.results import Result

VET = "check:go vet"
_PLACES = (Path("/usr/local/go/bin/go"), Path("/opt/homebrew/bin/go"))
_ENV = {
    "CGO_ENABLED": "0",
    "GOCACHE": f"{CACHE}/go",
    "GOFLAGS": "-buildvcs=false",
    "GOPROXY": "off",
    "GOSUMDB": "off",
    "GOTELEMETRY": "off",
    "GOTMPDIR": SCRATCH,
    "GOTOOLCHAIN": "local",
}
DEMANDS = Demands(memory_mb=3072, processes=256, files=1024, file_mb=512)


def environment(root: Path, preferred: Path | None) -> Environment:  # noqa: ARG001 -- the port's signature
    """The `go` on PATH, with its own tree and the modules that were downloaded."""
    found = shutil.which("go")
    program = Path(found) if found else next(filter(Path.is_file, _PLACES), None)
    if program is None:
        return Environment(Path(), (), problem="No `go` was found. Install Go, or put it on PATH.")
    tree = program.resolve().parent.parent
    readable = tuple(path for path in (tree, _modules()) if path.is_dir())
    return Environment(program, readable, "go test")


def tests_for(
    root: Path,  # noqa: ARG001 -- the port's signature
    target_path: str,
    target: Target,
    files: Mapping[str, bytes],
) -> tuple[TestCase, ...]:
    """Tests, fuzz tests and examples that mention the target; those of its own package first."""
    own = PurePosixPath(target_path).parent
    found = reaching(GRAMMAR, target, files)
    near = sorted(found, key=lambda each: PurePosixPath(each.path).parent != own)
    return tuple(TestCase(f"{each.path}::{each.name}", each.path, "go test") for each in near)


def checks(root: Path, target_path: str) -> tuple[TestCase, ...]:  # noqa: ARG001 -- the port's signature
    """`go vet`, which compiles too."""
    return (TestCase(VET, target_path, "go vet"),)


def recipe(environment: Environment, work: Work) -> Recipe:
    """Vet the target's package, build the test binary of each package once, run each test from it."""
    go = str(environment.program)
    steps = [Step(VET, (go, "vet", f"./{_package(work.path)}"), work.build_s)] if work.checks else []
    if work.command and not _is_go_test(work.command):
        steps += commands.steps(work)
    else:
        steps += _tests(go, work)
    return Recipe(
        steps=tuple(steps),
        env=_ENV,
        path=(environment.program.parent,),
        readable=environment.readable,
        cache="go",
        demands=DEMANDS,
    )


def _tests(go: str, work: Work) -> list[Step]:
    packages = tuple(dict.fromkeys(_package(case.path) for case in work.tests))
    flags = work.command[2:] if work.command else ()
    builds = [
        Step(
            f"build:{package}",
            (go, "test", "-c", *flags, "-o", f"{SCRATCH}/{number}.test", f"./{package}"),
            work.build_s,
        )
        for number, package in enumerate(packages)
    ]
    runs = [
        Step(
            case.id,
            (
                f"{SCRATCH}/{packages.index(_package(case.path))}.test",
                "-test.v",
                "-test.run",
                f"^{_name(case)}$",
            ),
            work.timeout_s,
            folder=_package(case.path),
            needs=f"build:{_package(case.path)}",
        )
        for case in work.tests
    ]
    return [*builds, *runs]


def read(work: Work, seen: Mapping[str, Result]) -> tuple[Verdict, ...]:
    """What each test's own run says, and `go vet`."""
    own = commands.verdict if work.command and not _is_go_test(work.command) else _verdict
    found = [own(case, seen) for case in work.tests]
    found += [judged(case.id, seen.get(case.id), ok=True) for case in work.checks]
    return tuple(found)


def _verdict(case: TestCase, seen: Mapping[str, Result]) -> Verdict:
    build = seen.get(f"build:{_package(case.path)}")
    if build is None or build.exit != 0:
        return unbuilt(case.id, build, f"the package {_package(case.path)}")
    result = seen.get(case.id)
    said = result.out if result else ""
    ok = re.search(rf"^--- PASS: {re.escape(_name(case))} ", said, re.MULTILINE) is not None
    return judged(case.id, result, ok=ok)


def inputs(
    source: Source,  # noqa: ARG001 -- the port's signature
    target: Target,  # noqa: ARG001
    examples: tuple[Example, ...],  # noqa: ARG001
    seed: int,  # noqa: ARG001
    texts: tuple[bytes, ...],  # noqa: ARG001
) -> tuple[str, ...]:
    """None yet."""
    return ()


def _package(path: str) -> str:
    return PurePosixPath(path).parent.as_posix()


def _name(case: TestCase) -> str:
    return case.id.rpartition("::")[2]


def _is_go_test(command: tuple[str, ...]) -> bool:
    return Path(command[0]).name == "go" and command[1:2] == ("test",)


def _modules() -> Path:
    """Where downloaded modules are."""
    told = os.environ.get("GOMODCACHE")
    if told:
        return Path(told)
    path = os.environ.get("GOPATH", "").split(os.pathsep)[0]
    return (Path(path) if path else Path.home() / "go") / "pkg" / "mod"
