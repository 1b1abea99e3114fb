"""Scripts that start a test's executable as CTest would: in its folder, with its variables."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import projects
import tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def write(order: Mapping[str, Any], program: projects.Target, test: Mapping[str, Any]) -> None:
    """The script of a test file, and one for each of its cases that CTest runs.

    What CTest knows of the executable is kept with the build, until CMake configures again.
    """
    build = Path(order["build"])
    path = str(build / program.artifact)
    known, configured = build / f"start-{program.id.replace('/', '_')}", projects.configured(build)
    said: list[Any] = json.loads(known.read_text(encoding="utf-8")) if known.is_file() else []
    if said[:1] != [configured]:
        tests = _registered(order, path)
        said = [configured, _script(path, tests), [each["name"] for each in tests]]
        known.write_text(json.dumps(said), encoding="utf-8")
    _executable(Path(test["start"]), said[1])
    for number, title in enumerate(test["titles"]):
        _executable(Path(f"{test['start']}-{number}"), _case(order, said[2], title, said[1]))


def _script(path: str, tests: Sequence[Mapping[str, Any]]) -> str:
    said = {each["name"]: each["value"] for test in tests[:1] for each in test.get("properties", ())}
    folder = said.get("WORKING_DIRECTORY", str(Path(path).parent))
    lines = ["#!/bin/sh", f"cd {shlex.quote(folder)} || exit 125"]
    for each in said.get("ENVIRONMENT", ()):
        variable, _, value = str(each).partition("=")
        if re.fullmatch(r"\w+", variable):
            lines.append(f"export {variable}={shlex.quote(value)}")
    return "\n".join([*lines, f'exec {shlex.quote(path)} "$@"', ""])


def _case(order: Mapping[str, Any], names: Sequence[str], title: str, script: str) -> str:
    """What CTest knows by that title, or else all that it knows of the executable."""
    named = [each for each in names if each == title or each.endswith(title)]
    if not names:
        return script
    wanted = "|".join(re.escape(each) for each in named or names)
    argv = [order["ctest"], "--test-dir", order["build"], "--output-on-failure", "--no-tests=error"]
    return f"#!/bin/sh\nexec {shlex.join([*argv, '-R', f'^({wanted})$'])}\n"


def _executable(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o700)


def _registered(order: Mapping[str, Any], program: str) -> list[dict[str, Any]]:
    """The tests of CTest that start an executable."""
    done = tool.run([order["ctest"], "--test-dir", order["build"], "--show-only=json-v1"])
    try:
        tests: list[dict[str, Any]] = json.loads(done.stdout)["tests"]
    except (ValueError, KeyError):
        return []
    same = os.path.realpath(program)
    return [each for each in tests if each.get("command") and os.path.realpath(each["command"][0]) == same]
