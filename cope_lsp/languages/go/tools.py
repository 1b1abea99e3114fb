"""Go's own tools: `go vet`, test binaries built once by `go test -c`, each test run alone from them."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.go import calls, reports
from cope_lsp.languages.go.flags import flags_of, is_go_test
from cope_lsp.languages.go.foundation import on_foundation
from cope_lsp.languages.go.grammar import GRAMMAR
from cope_lsp.languages.go.packages import has_module, is_apart, name_in, package_of, version_of
from cope_lsp.languages.grammar.test_index import reaching
from cope_lsp.languages.running import Demands, Environment, TestCase
from cope_lsp.languages.toolchain import called, commands
from cope_lsp.languages.toolchain.results import judged
from cope_lsp.languages.toolchain.steps import CACHE, SCRATCH, Recipe, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cope_lsp.languages.go.flags import Flags
    from cope_lsp.languages.go.packages import Package
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
_PLAIN = ("-test.v=test2json", "-test.paniconexit0")
_OTHERS = 2
"""Packages besides the target's own whose tests are taken."""

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
    root: Path,
    target_path: str,
    target: Target,
    files: Mapping[str, bytes],
) -> tuple[TestCase, ...]:
    """Tests, fuzz tests and examples that mention the target; those of its own package first.

    Each package costs a build of its own: of others than the target's few are taken, of other modules none.
    """
    own = package_of(root, target_path)
    found = [(package_of(root, each.path), each) for each in reaching(GRAMMAR, target, files)]
    near = sorted((pair for pair in found if pair[0].module == own.module), key=lambda pair: pair[0] != own)
    packages = list(dict.fromkeys([own, *(package for package, _ in near)]))[: _OTHERS + 1]
    return tuple(
        TestCase(f"{each.path}::{each.name}", each.path, "go test")
        for package, each in near
        if package in packages
    )


def checks(root: Path, target_path: str) -> tuple[TestCase, ...]:  # noqa: ARG001 -- the port's signature
    """`go vet`, which compiles too."""
    return (TestCase(VET, target_path, "go vet"),)


def recipe(environment: Environment, work: Work) -> Recipe:
    """Vet the target's package, build the test binary of each package once, run each test from it."""
    go, own = str(environment.program), package_of(work.root, work.path)
    theirs = _by_command(work)
    flags = flags_of(() if theirs else work.command)
    vet = Step(VET, (go, "vet", *flags.check, own.pattern), work.build_s, folder=own.module)
    found = Recipe(
        steps=(
            *([vet] if work.checks else []),
            *(commands.steps(work) if theirs else ()),
            *_builds(go, work, flags, () if theirs else _packages(work)),
            *([] if theirs else _runs(work, flags)),
            *([_calling(work)] if work.calls else []),
        ),
        env={**_ENV, **({"GOWORK": "off"} if work.root and is_apart(work.root, own) else {})},
        path=(environment.program.parent,),
        readable=environment.readable,
        layer=_layer(environment, work),
        cache="go",
        demands=DEMANDS,
    )
    return on_foundation(found, environment, work, flags)


def _packages(work: Work) -> list[Package]:
    """Packages with tests to run, each once."""
    return list(dict.fromkeys(package_of(work.root, case.path) for case in work.tests))


def _builds(go: str, work: Work, flags: Flags, packages: Iterable[Package]) -> list[Step]:
    """The target's own package is built with the calls beside its tests; without where they do not fit."""
    own = package_of(work.root, work.path)
    steps: list[Step] = []
    wanted = [*packages, *([own] if work.calls else [])]
    for package in dict.fromkeys(wanted):
        argv = (go, "test", "-c", *flags.build, "-o", _binary(package), package.pattern)
        if work.calls and package == own:
            words = [*argv[:3], f"-overlay={calls.FOLDER}/overlay.json", *argv[3:]]
            argv = ("/bin/sh", "-c", f"{shlex.join(words)} 2>/dev/null || exec {shlex.join(argv)}")
        steps.append(Step(_building(package), argv, work.build_s, folder=package.module))
    return steps


def _runs(work: Work, flags: Flags) -> list[Step]:
    """Each test in a process of its own; one that ends it early has not passed."""
    steps: list[Step] = []
    for case in work.tests:
        package = package_of(work.root, case.path)
        argv = (_binary(package), *_PLAIN, "-test.run", f"^{_name(case)}$", *flags.run)
        steps.append(Step(case.id, argv, work.timeout_s, folder=package.folder, needs=_building(package)))
    return steps


def _calling(work: Work) -> Step:
    own = package_of(work.root, work.path)
    return Step(
        called.STEP,
        (_binary(own), "-test.run", f"^{calls.TEST}$"),
        work.timeout_s,
        folder=own.folder,
        needs=_building(own),
        told=called.MOST_BYTES,
    )


def _layer(environment: Environment, work: Work) -> dict[str, bytes]:
    """The test that makes the calls, where only our own build sees it; a module for a file that has none."""
    own, layer = package_of(work.root, work.path), dict[str, bytes]()
    if work.root is not None and not has_module(work.root, own):
        version = version_of(environment.program.resolve().parent.parent)
        layer["go.mod"] = f"module scratch\n\ngo {version or '1.21'}\n".encode()
    if work.calls:
        place, file = PurePosixPath(own.module, calls.FOLDER), PurePosixPath(own.folder, calls.FILE)
        inside = file.relative_to(own.module).as_posix()
        overlay = {"Replace": {inside: f"{calls.FOLDER}/calls.go"}}
        layer[(place / "overlay.json").as_posix()] = json.dumps(overlay).encode()
        package = name_in(work.texts[0]) if work.texts else ""
        layer[(place / "calls.go").as_posix()] = calls.test_file(package, work.calls)
    return layer


def read(work: Work, seen: Mapping[str, Result]) -> tuple[Verdict, ...]:
    """What each test's own run says, what the calls did, and `go vet`."""
    own = commands.verdict if _by_command(work) else partial(_verdict, work)
    found = [own(case, seen) for case in work.tests]
    found += called.verdicts(work.calls, seen.get(called.STEP))
    found += [judged(case.id, seen.get(case.id), ok=True) for case in work.checks]
    return tuple(found)


def _verdict(work: Work, case: TestCase, seen: Mapping[str, Result]) -> Verdict:
    package = package_of(work.root, case.path)
    build = seen.get(_building(package))
    return reports.verdict(case, _name(case), build, seen.get(case.id), package.folder)


def inputs(
    source: Source,
    target: Target,
    examples: tuple[Example, ...],  # noqa: ARG001 -- Go's stand in tests
    seed: int,
    texts: tuple[bytes, ...],
) -> tuple[str, ...]:
    """Calls with values of the parameters' types."""
    return calls.calls(source, target, seed, texts)


def _by_command(work: Work) -> bool:
    """Whether the user's own command runs the tests."""
    return bool(work.command) and not is_go_test(work.command)


def _building(package: Package) -> str:
    return f"build:{package.folder}"


def _binary(package: Package) -> str:
    return f"{SCRATCH}/{package.folder.replace('/', '+')}+.test"


def _name(case: TestCase) -> str:
    return case.id.rpartition("::")[2]


def _modules() -> Path:
    """Where downloaded modules are."""
    told = os.environ.get("GOMODCACHE")
    if told:
        return Path(told)
    path = os.environ.get("GOPATH", "").split(os.pathsep)[0]
    return (Path(path) if path else Path.home() / "go") / "pkg" / "mod"
