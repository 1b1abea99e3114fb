"""One build of all that is asked for, and of nothing else; what is said of each part goes out as JSON."""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import configuring
import projects
import starting
import tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_JOBS = 4
_NOISE = re.compile(
    r"^(?:\[\d+/\d+\]|FAILED: |ninja: |gmake|make(?:\[\d+\])?: |\[ *\d+%\]|In file included from )"
    r"|^(?:  +from /|cc1plus: )"
    r"|^\S*/?(?:c\+\+|g\+\+|clang\+\+|cc|gcc|ccache)\S* .*-(?:o|c) |^: && "
)
_SHOWN_LINES = 60
_NO_TARGET = "No target of the CMake project holds {file}; is it named in its CMakeLists.txt?"
_NO_PROGRAM = (
    "No executable of the CMake project holds {file}; is it named in an add_executable? "
    "Where CMake leaves tests out, the setting `tests.command` can say how they are run."
)


def build(order: dict[str, Any]) -> int:
    """Configure where that is due, compile the target's file, build the tests' executables.

    Exit status 0 where at least one executable is there.
    """
    kept = Path(order["build"])
    kept.mkdir(parents=True, exist_ok=True)
    importlib.import_module("times").main(kept.parent / "times.json")  # the driver's, which lies beside it
    why = configuring.prepared(order)
    said: dict[str, Any] = {
        "prepare": tool.Said(tool.UNTRIED if why else 0, why),
        "check": None,
        "builds": {},
    }
    if not why:
        said |= _built(order, projects.targets(kept, Path(order["source"])))
    json.dump(said, sys.stdout)
    return 0 if any(each.status == 0 for each in said["builds"].values()) else 1


def _built(order: dict[str, Any], targets: Sequence[projects.Target]) -> dict[str, Any]:
    """What came of the file and of each test's executable."""
    file = str(Path(order["file"]).absolute())
    holding = [each for each in targets if file in each.files]
    programs = {test["file"]: _programs(targets, test["file"]) for test in order["tests"]}
    names = dict.fromkeys(each.name for found in programs.values() for each in found)
    goals = [_object(order, file, holding[0])] if holding and order["check"] else []
    done = _make(order, [*goals, *names])
    check = None
    if order["check"]:
        check = _said_of(order, goals, done) if goals else _untried(_NO_TARGET, order["file"])
    broken = check is not None and check.status not in (0, tool.UNTRIED)
    builds: dict[str, tool.Said] = {}
    for test in order["tests"]:
        found = programs[test["file"]]
        if broken or not found:
            builds[test["file"]] = check if broken and check else _untried(_NO_PROGRAM, test["file"])
            continue
        builds[test["file"]] = _said_of(order, [each.name for each in found], done)
        if builds[test["file"]].status == 0:
            starting.write(order, found[0], test)
    return {"check": check, "builds": builds}


def _programs(targets: Sequence[projects.Target], file: str) -> list[projects.Target]:
    path = str(Path(file).absolute())
    return [each for each in targets if each.kind == "EXECUTABLE" and path in each.files]


def _object(order: Mapping[str, Any], file: str, target: projects.Target) -> str:
    """The goal that compiles a file: Ninja knows it by its source, make by its target."""
    return f"{file}^" if order["generator"] == "Ninja" else target.name


def _said_of(order: Mapping[str, Any], goals: Sequence[str], done: tool.Said) -> tool.Said:
    """What a build of all says of some; where it failed, these are asked for alone."""
    return done if done.status == 0 else _make(order, goals)


def _make(order: Mapping[str, Any], goals: Sequence[str]) -> tool.Said:
    """Run the build tool, as far as it gets; of what it says, what went wrong."""
    if not goals:
        return tool.Said(0, "")
    jobs = str(max(1, min(_JOBS, os.cpu_count() or 1)))
    if order["generator"] == "Ninja":
        argv = [order["ninja"], "-C", order["build"], "-j", jobs, "-k", "0", *goals]
    else:
        argv = [order["program"], "--build", order["build"], "-j", jobs, "--target", *goals, "--", "-k"]
    done = tool.run(argv)
    if done.returncode == 0:
        return tool.Said(0, "")
    missing = configuring.not_fetched(Path(order["build"]))
    return tool.Said(done.returncode, _shortened(done.stdout + done.stderr) + missing)


def _shortened(said: str) -> str:
    """What a compiler or linker complains of, without commands, with paths as the project names them."""
    plain = said.replace(f"{Path.cwd()}/", "").splitlines()
    lines = [line for line in plain if line.strip() and not _NOISE.match(line)]
    errors = (row for row, line in enumerate(lines) if re.search(r"\berror\b|undefined reference", line))
    first = max(0, next(errors, 0) - 1)
    return "\n".join(lines[first : first + _SHOWN_LINES]) + "\n"


def _untried(why: str, file: str) -> tool.Said:
    return tool.Said(tool.UNTRIED, why.format(file=file))
