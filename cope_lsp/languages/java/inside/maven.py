"""Maven, asked once what it does for a module: its debug log says how it compiles and tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.java.inside.plan import Broken

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOJO = re.compile(r"Configuring mojo '(?P<plugin>[^']*):(?P<goal>[\w-]+)'")
_SETTING = re.compile(r"^\s+\([fs]\) (?P<name>[\w.]+) = (?P<value>.*)$")
_SAID = re.compile(r"^\[(?:DEBUG|INFO|WARNING|ERROR)\] ?")
_HELP = re.compile(r"\s*->(?: \[Help \d+\])?$")
_ADVICE = re.compile(r"\[Help |.*re-run Maven|For more information|After correcting|mvn <")
_MOST_SAID = 25


@dataclass(slots=True)
class Compile:
    """One run of javac: for the module in `basedir`, main code or tests."""

    basedir: str
    goal: str
    options: list[list[str]]

    def of(self, *names: str) -> list[str]:
        """The parts of a path that an option gives."""
        return [
            part for option in self.options if option[0] in names for part in option[-1].split(":") if part
        ]


@dataclass(slots=True)
class Told:
    """What a log says."""

    compiles: list[Compile] = field(default_factory=list[Compile])
    surefire: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


def run(order: dict[str, Any], goals: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run Maven offline on the target's module, with those of its siblings that it needs."""
    command = [*order["command"], "-pl", order["module"], "-am", *goals]
    return subprocess.run(  # noqa: S603 -- the project's own build tool, in the sandbox
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )


def ask(order: dict[str, Any]) -> Told:
    """Compile the module and its tests as Maven does, and read how. Raises: Broken, with what Maven says."""
    _forget_classes()
    done = run(order, ["-X", "test", "-DskipTests"])
    if done.returncode != 0:
        raise Broken(complaints(done.stdout + done.stderr))
    return read(done.stdout)


def _forget_classes() -> None:
    """Take classes away that stand there: Maven must compile, so that it says how."""
    for folder, below, names in os.walk("."):
        if "pom.xml" in names:
            for made in ("classes", "test-classes", "maven-status"):
                shutil.rmtree(Path(folder, "target", made), ignore_errors=True)
        below[:] = [name for name in below if name not in ("target", "node_modules", "src", ".git")]


def complaints(log: str) -> str:
    """What a failed run says went wrong, without its advice."""
    told = (_SAID.sub("", line).strip() for line in log.splitlines() if line.startswith("[ERROR]"))
    kept = [_HELP.sub("", line) for line in told if line and not _ADVICE.match(line)]
    return "\n".join(dict.fromkeys(kept[:_MOST_SAID])) or "\n".join(log.splitlines()[-_MOST_SAID:])


def read(log: str) -> Told:
    """How each module was compiled, and how its tests would run."""
    told, goal, settings, awaited = Told(), "", dict[str, str](), False
    for line in log.splitlines():
        text = _SAID.sub("", line)
        mojo = _MOJO.search(text)
        setting = _SETTING.match(text)
        if mojo:
            goal, settings = mojo["goal"], {"plugin": mojo["plugin"]}
            if goal == "test" and "surefire" in mojo["plugin"]:
                told.surefire.append(settings)
        elif setting:
            settings.setdefault(setting["name"], setting["value"])
        elif awaited:
            told.compiles.append(Compile(settings.get("basedir", ""), goal, options(text)))
        awaited = text.startswith("Command line options:")
    return told


def options(line: str) -> list[list[str]]:
    """The options of javac in a line: a word that begins none belongs to the one before it."""
    found: list[list[str]] = []
    for word in filter(None, line.split(" ")):
        if word.startswith("-"):
            found.append([word])
        elif found and len(found[-1]) == 1:
            found[-1].append(word)
        elif found:
            found[-1][-1] += f" {word}"
    return found


def mapping(text: str) -> dict[str, str]:
    """`{a=b, c=d}` as Maven prints it."""
    inner = text.strip().removeprefix("{").removesuffix("}")
    pairs = re.findall(r"([\w.-]+)=(.*?)(?:, (?=[\w.-]+=)|$)", inner)
    return {name: value for name, value in pairs if value != "null"}
