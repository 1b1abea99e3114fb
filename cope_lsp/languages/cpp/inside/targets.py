"""Building only what is asked for: one source file, or the executables that hold a test file."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import tool

if TYPE_CHECKING:
    from collections.abc import Iterator

Target: TypeAlias = "dict[str, Any]"
"""One target as CMake's file API describes it."""

_JOBS = 4
_NOISE = re.compile(
    r"^(?:\[\d+/\d+\]|FAILED: |ninja: |gmake|make(?:\[\d+\])?: |\[ *\d+%\]|In file included from )"
    r"|^(?:  +from /|cc1plus: )"
    r"|^\S*/?(?:c\+\+|g\+\+|clang\+\+|cc|gcc|ccache)\S* .*-(?:o|c) |^: && "
)
_SHOWN_LINES = 60
_REPLY = ".cmake/api/v1/reply"


def compile_source(order: dict[str, Any]) -> int:
    """Compile the target's own file and nothing else."""
    build, path = Path(order["build"]), Path(order["file"]).absolute()
    holding = [each for each in _targets(build, Path(order["source"])) if str(path) in each["files"]]
    if not holding:
        return tool.untried(
            f"No target of the CMake project holds {order['file']}; is it named in its CMakeLists.txt?"
        )
    if order["generator"] == "Ninja":
        status = _made(order, ["-C", str(build), f"{path}^"])
    else:
        status = _made(order, ["--build", str(build), "--target", holding[0]["name"]])
    if status != 0:
        Path(order["broken"]).touch()
    return status


def build(order: dict[str, Any]) -> int:
    """Build the executables that hold a test file, and write down how each is started."""
    folder, path = Path(order["build"]), Path(order["file"]).absolute()
    if Path(order["broken"]).exists():
        return 1  # what is wrong was said when the file was compiled
    programs = [
        each
        for each in _targets(folder, Path(order["source"]))
        if each["type"] == "EXECUTABLE" and str(path) in each["files"]
    ]
    if not programs:
        return tool.untried(
            f"No executable of the CMake project holds {order['file']}; is it named in an add_executable? "
            "Where CMake leaves tests out, the setting `tests.command` can say how they are run."
        )
    names = [each["name"] for each in programs]
    if order["generator"] == "Ninja":
        status = _made(order, ["-C", str(folder), *names])
    else:
        status = _made(order, ["--build", str(folder), "--target", *names])
    if status == 0:
        _write_start(order, folder, programs[0])
    return status


def run_case(order: dict[str, Any]) -> int:
    """Run what CTest knows of an executable: the test of that name, or else all."""
    program = Path(order["start"]).with_suffix(".program").read_text(encoding="utf-8")
    own = _registered(order, Path(order["build"]), program)
    named = [each for each in own if each["name"] == order["name"] or each["name"].endswith(order["name"])]
    wanted = "|".join(re.escape(each["name"]) for each in named or own)
    if not wanted:
        os.execv(order["start"], [order["start"]])  # noqa: S606 -- the project's own, in the sandbox
    argv = [
        order["ctest"],
        "--test-dir",
        order["build"],
        "--output-on-failure",
        "--no-tests=error",
        "-R",
        f"^({wanted})$",
    ]
    os.execv(order["ctest"], argv)  # noqa: S606 -- the recipe's own tool
    return 1


def _made(order: dict[str, Any], arguments: list[str]) -> int:
    """Run the build tool; of what it says, what went wrong."""
    program = order["ninja"] if order["generator"] == "Ninja" else order["program"]
    jobs = ["-j", str(max(1, min(_JOBS, os.cpu_count() or 1)))]
    argv = [program, *arguments[:2], *jobs, *arguments[2:]]
    done = tool.run(argv)
    if done.returncode != 0:
        sys.stdout.write(_shortened(done.stdout + done.stderr))
    return done.returncode


def _shortened(said: str) -> str:
    """What a compiler or linker complains of, without commands, with paths as the project names them."""
    lines = [
        line
        for line in said.replace(f"{Path.cwd()}/", "").splitlines()
        if line.strip() and not _NOISE.match(line)
    ]
    first = next(
        (number for number, line in enumerate(lines) if re.search(r"\berror\b|undefined reference", line)), 0
    )
    return "\n".join(lines[max(0, first - 1) : first + _SHOWN_LINES]) + "\n"


def _targets(build: Path, source: Path) -> list[Target]:
    """All targets, each with the absolute paths of its files."""
    reply = build / _REPLY
    index = max(_index(build), default="")
    if not index:
        return []
    objects = json.loads((reply / index).read_text(encoding="utf-8"))["objects"]
    models = [each["jsonFile"] for each in objects if each["kind"] == "codemodel"]
    model = json.loads((reply / models[0]).read_text(encoding="utf-8"))
    names = [each["jsonFile"] for each in model["configurations"][0]["targets"]]
    return list(_with_files(reply, names, source.absolute()))


def _index(build: Path) -> list[str]:
    """CMake's answers, one for each time that it configured."""
    return [path.name for path in (build / _REPLY).glob("index-*.json")]


def _with_files(reply: Path, names: list[str], source: Path) -> Iterator[Target]:
    for name in names:
        target = json.loads((reply / name).read_text(encoding="utf-8"))
        paths = (os.path.normpath(source / each["path"]) for each in target.get("sources", ()))
        yield {**target, "files": frozenset(paths)}


def _write_start(order: dict[str, Any], build: Path, program: Target) -> None:
    """A script that starts the executable as CTest would: in its folder, with its variables."""
    path = str(build / program["artifacts"][0]["path"])
    known = build / f"start-{program['id'].replace('/', '_')}"
    configured = max(_index(build), default="")
    said = known.read_text(encoding="utf-8").partition("\n") if known.is_file() else ("", "", "")
    text = said[2] if said[0] == f"# {configured}" else _start(order, build, path)
    known.write_text(f"# {configured}\n{text}", encoding="utf-8")
    script = Path(order["start"])
    script.write_text(text, encoding="utf-8")
    script.chmod(0o700)
    script.with_suffix(".program").write_text(path, encoding="utf-8")


def _start(order: dict[str, Any], build: Path, path: str) -> str:
    tests = _registered(order, build, path)
    said = {each["name"]: each["value"] for test in tests[:1] for each in test.get("properties", ())}
    folder = said.get("WORKING_DIRECTORY", str(Path(path).parent))
    lines = ["#!/bin/sh", f"cd {shlex.quote(folder)} || exit 125"]
    for each in said.get("ENVIRONMENT", ()):
        variable, _, value = str(each).partition("=")
        if re.fullmatch(r"\w+", variable):
            lines.append(f"export {variable}={shlex.quote(value)}")
    return "\n".join([*lines, f'exec {shlex.quote(path)} "$@"', ""])


def _registered(order: dict[str, Any], build: Path, program: str) -> list[dict[str, Any]]:
    """The tests of CTest that start an executable."""
    argv = [order["ctest"], "--test-dir", str(build), "--show-only=json-v1"]
    done = tool.run(argv)
    try:
        tests: list[dict[str, Any]] = json.loads(done.stdout)["tests"]
    except (ValueError, KeyError):
        return []
    same = os.path.realpath(program)
    return [each for each in tests if each.get("command") and os.path.realpath(each["command"][0]) == same]
