"""C++'s own tools: CMake's build, kept and of what is needed; each test alone by GoogleTest or CTest."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.cpp.grammar import GRAMMAR
from cope_lsp.languages.grammar.test_index import reaching
from cope_lsp.languages.running import Demands, Environment, Outcome, TestCase, Verdict
from cope_lsp.languages.toolchain import called, commands
from cope_lsp.languages.toolchain.results import failed, judged, passed, unbuilt
from cope_lsp.languages.toolchain.steps import CACHE, DRIVER, PYTHON, SCRATCH, Recipe, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.languages.grammar.test_index import Found
    from cope_lsp.languages.running import Work
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.toolchain.results import Result

CHECK = "check:compiler"
BUILD = "build"
UNTRIED = 3
"""Exit status of our own steps where something is missing; what they print says what."""

GOOGLE_TEST, CTEST = "GoogleTest", "CTest"
INSIDE = Path(__file__).parent / "inside"
DEMANDS = Demands(memory_mb=4096, processes=256, files=1024, file_mb=1024)

_TOLD = 120_000
_COMPILERS = ("c++", "g++", "clang++")
_HEADERS = frozenset({".h", ".hh", ".hpp", ".hxx", ".h++", ".ipp", ".tpp", ".inl"})
_MACRO = re.compile(r"(\w+)\(\s*(\w+)\s*(?:,\s*(\w+)\s*)?[,)]")
_PASSED = re.compile(r"^\[  PASSED  \] [1-9]\d* tests?\.", re.MULTILINE)
_FRAME = re.compile(r"^(?:Running main\(\) from |\[=+\] |\[  PASSED  \] 0 tests).*\n?", re.MULTILINE)
_BUILDERS = frozenset({"make", "gmake", "ninja", "cmake", "ctest", "meson"})
_ENV = {
    "GTEST_BRIEF": "1",
    "GTEST_COLOR": "no",
    "CLICOLOR_FORCE": "0",
    "CCACHE_DISABLE": "1",
    "LC_ALL": "C.UTF-8",
}
_NO_CMAKE = (
    "There is no CMakeLists.txt, or no CMake on PATH, so no test can be built. "
    'The setting `tests.command` can say how tests are run, for example ["make", "test"].'
)


def environment(root: Path, preferred: Path | None) -> Environment:  # noqa: ARG001 -- the port's signature
    """CMake, or where that is missing a compiler, from PATH."""
    compiler = _first(_COMPILERS)
    if compiler is None:
        return Environment(
            Path(), (), problem="No C++ compiler was found. Install g++ or clang, or put it on PATH."
        )
    cmake = _first(("cmake",))
    if cmake is None:
        return Environment(compiler, _trees(compiler), "tests.command")
    return Environment(cmake, _trees(cmake, compiler), "CMake")


def tests_for(
    root: Path,  # noqa: ARG001 -- the port's signature
    target_path: str,
    target: Target,
    files: Mapping[str, bytes],
) -> tuple[TestCase, ...]:
    """Tests that mention the target; where none does, those of its type: an operator is reached so."""
    found = reaching(GRAMMAR, target, files)
    if not found and target.parents:
        found = reaching(GRAMMAR, replace(target, name=target.parents[-1], parents=()), files)
    stem = PurePosixPath(target_path).stem.lower()
    near = sorted(found, key=lambda each: stem not in PurePosixPath(each.path).stem.lower())
    return tuple(dict.fromkeys(_case(each) for each in near))


def checks(root: Path, target_path: str) -> tuple[TestCase, ...]:  # noqa: ARG001 -- the port's signature
    """The compiler, on a file that is compiled by itself."""
    if PurePosixPath(target_path).suffix.lower() in _HEADERS:
        return ()
    return (TestCase(CHECK, target_path, "c++"),)


def recipe(environment: Environment, work: Work) -> Recipe:
    """Build once what is asked for, in a folder that is kept, and run each test from it."""
    source = _project(work)
    steps: list[Step] = []
    if work.command:
        steps = [*_checked_alone(work), *_commanded(work)]
    elif source is not None and environment.program.name == "cmake":
        steps = _built(environment, work, source)
    return Recipe(
        steps=tuple(steps),
        env=_ENV,
        path=(environment.program.parent,),
        readable=(*environment.readable, INSIDE),
        cache="cpp",
        demands=DEMANDS,
    )


def _built(environment: Environment, work: Work, source: str) -> list[Step]:
    """One build for all, then each test from what was built."""
    paths = tuple(dict.fromkeys(case.path for case in work.tests))
    cases = [[case for case in work.tests if case.path == path] for path in paths]
    titles = [[_name(case) for case in held if case.runner == CTEST] for held in cases]
    tests = [
        {"file": path, "start": f"{SCRATCH}/start-{number}", "titles": titles[number]}
        for number, path in enumerate(paths)
    ]
    order = {**_order(environment, source), "file": work.path, "check": bool(work.checks), "tests": tests}
    return [
        _own(BUILD, "build", order, work.build_s),
        *(_run(case, paths, titles, work) for case in work.tests),
    ]


def _run(case: TestCase, paths: tuple[str, ...], titles: list[list[str]], work: Work) -> Step:
    number = paths.index(case.path)
    start = f"{SCRATCH}/start-{number}"
    if case.runner == GOOGLE_TEST:
        argv = (start, f"--gtest_filter={_filter(_name(case))}")
    else:
        argv = (f"{start}-{titles[number].index(_name(case))}",)
    return Step(case.id, argv, work.timeout_s, needs=BUILD)


def _order(environment: Environment, source: str) -> dict[str, object]:
    """What the build is told of the tools."""
    cmake, ninja = environment.program, _first(("ninja", "ninja-build"))
    return {
        "build": f"{CACHE}/build",
        "source": source,
        "program": str(cmake),
        "ctest": str(cmake.with_name("ctest")),
        "generator": "Ninja" if ninja else "Unix Makefiles",
        "ninja": str(ninja or ""),
    }


def _own(name: str, task: str, order: Mapping[str, object], limit: float) -> Step:
    told = json.dumps({**order, "driver": str(DRIVER.parent)})
    return Step(name, (PYTHON, "-I", "-S", str(INSIDE / "main.py"), task, told), limit, told=_TOLD)


def _checked_alone(work: Work) -> list[Step]:
    compiler = _first(_COMPILERS)
    if compiler is None or not work.checks:
        return []
    return [_own(CHECK, "syntax", {"file": work.path, "compiler": str(compiler)}, work.build_s)]


def _commanded(work: Work) -> list[Step]:
    """The user's command for each test: a builder learns it by GoogleTest's variable, others by its id."""
    if Path(work.command[0]).name not in _BUILDERS:
        return commands.steps(work)
    limit = work.timeout_s + work.build_s
    return [
        Step(
            case.id,
            work.command,
            limit,
            env={"GTEST_FILTER": _filter(_name(case))} if case.runner == GOOGLE_TEST else {},
        )
        for case in work.tests
    ]


def read(work: Work, seen: Mapping[str, Result]) -> tuple[Verdict, ...]:
    """What each test's own run says, and the compiler."""
    if work.command:
        found = [commands.verdict(case, seen) for case in work.tests]
        return (*found, *(judged(case.id, seen.get(case.id), ok=True) for case in work.checks))
    build = seen.get(BUILD)
    told = _told(build)
    found = [_verdict(work, case, seen, told) for case in work.tests]
    return (*found, *(_checked(work, case, build, told) for case in work.checks))


inputs = called.no_calls


def _told(build: Result | None) -> dict[str, Any]:
    """What our own build says of its parts; empty where it came to no end."""
    try:
        return json.loads(build.out) if build is not None else {}
    except ValueError:
        return {}


def _verdict(work: Work, case: TestCase, seen: Mapping[str, Result], told: dict[str, Any]) -> Verdict:
    if _project(work) is None or _first(("cmake",)) is None:
        return Verdict(case.id, Outcome.MISSING, detail=_NO_CMAKE)
    build = seen.get(BUILD)
    if not told or build is None:
        return unbuilt(case.id, build, "the project")
    for status, text in (told["prepare"], told["builds"].get(case.path, (0, ""))):
        if status == UNTRIED:
            return Verdict(case.id, Outcome.MISSING, detail=text)
        if status != 0:
            return unbuilt(case.id, replace(build, out=text), f"what {case.path} needs")
    result = seen.get(case.id)
    ok = case.runner == CTEST or _PASSED.search(result.out if result else "") is not None
    return judged(case.id, result, ok=ok, detail=_plain(work, result.said) if result else "")


def _plain(work: Work, said: str) -> str:
    """What a test said, without what says nothing of it, and with paths as the project names them."""
    return _FRAME.sub("", said.replace(f"{work.root}/", "")).strip()


def _checked(work: Work, case: TestCase, build: Result | None, told: dict[str, Any]) -> Verdict:
    """The compiler's word; it has none on a file that nothing compiles."""
    check = told.get("check")
    if build is None or build.timed_out or check is None or check[0] == UNTRIED:
        return Verdict(case.id, Outcome.MISSING, detail=check[1] if check else "nothing compiled it")
    if check[0] != 0:
        return failed(case.id, _plain(work, check[1]), "it does not compile")
    return passed(case.id)


def _case(found: Found) -> TestCase:
    """A test by the name that its runner knows: `Suite.Name`, a case's title, or the program's `main`."""
    macro = _MACRO.match(found.name)
    if macro is None:
        return TestCase(f"{found.path}::{found.name}", found.path, CTEST)
    if macro[3] is None or macro[1].startswith("BOOST"):
        return TestCase(f"{found.path}::{macro[2]}", found.path, CTEST)
    return TestCase(f"{found.path}::{macro[2]}.{macro[3]}", found.path, GOOGLE_TEST)


def _filter(name: str) -> str:
    """The test alone, or with all its parameters or types."""
    suite, _, test = name.partition(".")
    return ":".join(
        (name, f"{name}/*", f"*/{name}", f"*/{name}/*", f"{suite}/*.{test}", f"*/{suite}/*.{test}")
    )


def _name(case: TestCase) -> str:
    return case.id.removeprefix(f"{case.path}::")


def _project(work: Work) -> str | None:
    """The outermost folder with a CMakeLists.txt, from the root to the target's file."""
    if work.root is None:
        return None
    root = work.root
    folders = [*reversed(PurePosixPath(work.path).parents)]
    return next((each.as_posix() for each in folders if (root / each / "CMakeLists.txt").is_file()), None)


def _first(names: tuple[str, ...]) -> Path | None:
    found = (shutil.which(name) for name in names)
    return next((Path(each) for each in found if each), None)


def _trees(*programs: Path) -> tuple[Path, ...]:
    """The trees of tools that stand outside the system's folders."""
    trees = (program.resolve().parent.parent for program in programs)
    return tuple(
        dict.fromkeys(tree for tree in trees if not tree.is_relative_to("/usr") and tree != Path("/"))
    )
