"""Java's own tools: Maven builds a module once; then a file is compiled and tests are run without it."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.grammar.test_index import reaching
from cope_lsp.languages.java import places
from cope_lsp.languages.java.grammar import GRAMMAR, package
from cope_lsp.languages.running import Demands, Environment, Outcome, TestCase, Verdict
from cope_lsp.languages.toolchain import called, commands
from cope_lsp.languages.toolchain.results import failed, judged, passed, unbuilt
from cope_lsp.languages.toolchain.steps import CACHE, PYTHON, SCRATCH, Recipe, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.languages.running import Work
    from cope_lsp.languages.target import Target
    from cope_lsp.languages.toolchain.results import Result

JAVAC = "check:javac"
BUILD, TESTS = "build", "tests"
UNBUILT = 2
"""The build's exit status where not even the code around the candidate could be built."""

INSIDE = Path(__file__).parent / "inside"
DEMANDS = Demands(memory_mb=4096, processes=512, files=2048, file_mb=512, output_kb=2048)
_TOLD = 200_000
_PHASES = frozenset({"test", "verify", "package", "install", "clean", "compile", "test-compile"})


def environment(root: Path, preferred: Path | None) -> Environment:  # noqa: ARG001 -- the port's signature
    """The project's build tool with a JDK; neither `mvnw` nor `gradlew` is run, since they download."""
    return places.environment(root)


def tests_for(
    root: Path, target_path: str, target: Target, files: Mapping[str, bytes]
) -> tuple[TestCase, ...]:
    """Tests of the target's own module that mention it, by class and method; those of its package first."""
    module = places.module(root, target_path)
    own = {path: text for path, text in files.items() if places.module(root, path) == module}
    home = package(_text(root, target_path))
    found = [
        (package(files[each.path]), "$".join(each.suites) + f"#{each.name}", each.path)
        for each in reaching(GRAMMAR, target, own)
        if each.suites
    ]
    near = sorted(found, key=lambda each: each[0] != home)
    ids = dict.fromkeys((f"{where}.{name}".lstrip("."), path) for where, name, path in near)
    return tuple(TestCase(id_, path, "JUnit") for id_, path in ids)


def checks(root: Path, target_path: str) -> tuple[TestCase, ...]:  # noqa: ARG001 -- the port's signature
    """The compiler."""
    return (TestCase(JAVAC, target_path, "javac"),)


def recipe(environment: Environment, work: Work) -> Recipe:
    """Compile the candidate (its module first, where that was not done), then run the tests one by one."""
    own = work.command and not _is_build_tool(work.command)
    order = _order(environment, work)
    steps = [_step(BUILD, "build", work.build_s, order)] if work.checks or not own else []
    if own:
        steps += commands.steps(work)
    elif work.tests:
        limit = max(work.wall_s, work.timeout_s)
        steps.append(_step(TESTS, "test", limit, order))
    home = places.java_home()
    return Recipe(
        steps=tuple(steps),
        env=_env(home, environment),
        path=(environment.program.parent, *((home / "bin",) if home else ())),
        readable=(INSIDE, *environment.readable),
        cache="java",
        demands=DEMANDS,
    )


def _step(id_: str, what: str, limit: float, order: Mapping[str, Any]) -> Step:
    argv = (PYTHON, "-E", "-s", "-S", str(INSIDE / "main.py"), what, CACHE, SCRATCH)
    return Step(id_, argv, limit, needs="" if id_ == BUILD else BUILD, stdin=json.dumps(order), told=_TOLD)


def _env(home: Path | None, environment: Environment) -> dict[str, str]:
    small = "-Xmx1g -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData"
    options = f"{small} -Duser.home={SCRATCH}"
    found = {"JAVA_HOME": str(home or ""), "MAVEN_OPTS": options, "GRADLE_OPTS": options}
    found["GRADLE_USER_HOME"] = f"{CACHE}/gradle"
    caches = places.gradle_caches()
    return {**found, "GRADLE_RO_DEP_CACHE": str(caches)} if caches in environment.readable else found


def _order(environment: Environment, work: Work) -> dict[str, Any]:
    """What our program inside needs to know."""
    root = work.root or Path()
    tool = places.tool(root)
    more = (
        tuple(word for word in work.command[1:] if word not in _PHASES)
        if _is_build_tool(work.command)
        else ()
    )
    tests = [
        {"number": str(number), "code": code(work, number), "class": name, "method": method}
        for number, case in enumerate(work.tests)
        for name, _, method in [case.id.partition("#")]
    ]
    return {
        "tool": tool,
        "command": [*places.command(tool, environment.program), *more],
        "java": str(places.java_home() or ""),
        "repository": str(places.repository()),
        "module": places.module(root, work.path),
        "path": work.path,
        "timeout_s": work.timeout_s,
        "tests": tests,
    }


def read(work: Work, seen: Mapping[str, Result]) -> tuple[Verdict, ...]:
    """What was told of each test, and the compiler."""
    if work.command and not _is_build_tool(work.command):
        found = [commands.verdict(case, seen) for case in work.tests]
    else:
        told = _told(seen.get(TESTS))
        found = [_verdict(work, number, seen, told) for number in range(len(work.tests))]
    return (*found, *(_checked(case, seen.get(BUILD)) for case in work.checks))


inputs = called.no_calls


def _told(result: Result | None) -> Mapping[str, list[list[str]]]:
    """The lines of the step `test`, by number."""
    found: dict[str, list[list[str]]] = {}
    for line in result.out.splitlines() if result else ():
        words = line.split(" ")
        if len(words) > 1 and words[0] in ("ok", "fail", "late", "gone"):
            found.setdefault(words[1], []).append(words)
    return found


def _verdict(
    work: Work, number: int, seen: Mapping[str, Result], told: Mapping[str, list[list[str]]]
) -> Verdict:
    case, build, result = work.tests[number], seen.get(BUILD), seen.get(TESTS)
    if build is None or build.exit != 0:
        return unbuilt(case.id, build, _built(work.path, build))
    lines = told.get(str(number), [])
    if ["ok", str(number), code(work, number)] in lines:
        return passed(case.id)
    ends = [line for line in lines if line[0] != "ok"]
    if ends:
        return _ended(work, case, ends[0], result)
    if result is None or result.timed_out:
        return judged(case.id, result, ok=False)
    return Verdict(case.id, Outcome.MISSING, detail=f"it was not told of\n{result.err}".strip())


def _ended(work: Work, case: TestCase, line: list[str], result: Result | None) -> Verdict:
    """A test that did not pass."""
    if line[0] == "late":
        return Verdict(case.id, Outcome.TIMED_OUT, detail=f"no end after {work.timeout_s:.0f} s")
    if line[0] == "gone":
        status, said = " ".join(line[2:]), result.err if result else ""
        return failed(case.id, f"its process ended ({status}) before the test did\n{said}")
    return failed(case.id, _decoded(" ".join(line[2:])))


def _built(path: str, build: Result | None) -> str:
    whole = build is not None and build.exit == UNBUILT
    return "its module" if whole else f"{PurePosixPath(path).name}"


def _checked(case: TestCase, build: Result | None) -> Verdict:
    if build is None or build.exit == UNBUILT:
        return unbuilt(case.id, build, "its module")
    return judged(case.id, build, ok=True, detail=build.err.strip())


def code(work: Work, number: int) -> str:
    """What is said when a test has passed; who does not know the run's secret cannot guess it."""
    return hashlib.sha256(f"{work.nonce} {number}".encode()).hexdigest()


def _decoded(word: str) -> str:
    try:
        return base64.b64decode(word).decode("utf-8", "replace")
    except ValueError:
        return word


def _text(root: Path, path: str) -> bytes:
    try:
        return (root / path).read_bytes()
    except OSError:
        return b""


def _is_build_tool(command: tuple[str, ...]) -> bool:
    return bool(command) and Path(command[0]).name in ("mvn", "mvnw", "gradle", "gradlew")
