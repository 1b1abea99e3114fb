"""The setting `tests.command` where it is `go test …`: what of it goes into a build, what into a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_BUILDS = frozenset(
    {"tags", "ldflags", "gcflags", "asmflags", "mod", "modfile", "p", "trimpath", "buildmode"}
)
_RUNS = frozenset({"count", "cpu", "parallel", "timeout", "shuffle", "short", "fullpath"})
_DROPPED = frozenset(
    {"run", "skip", "bench", "benchtime", "list", "coverprofile", "coverpkg", "o", "vet", "fuzz"}
)
_SWITCHES = frozenset({"trimpath", "short", "fullpath"})
_UNDEBUGGED = "-ldflags=-s -w"
"""Linking is most of a small build, and half of it writes what only a debugger reads."""

_CHECKED = frozenset({"tags", "mod", "modfile"})


@dataclass(frozen=True, slots=True)
class Flags:
    """`build` are for `go test -c`, `check` for `go vet`, `run` for a test binary."""

    build: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    run: tuple[str, ...] = ()


def is_go_test(command: tuple[str, ...]) -> bool:
    """Whether a command is Go's own for tests, so that its flags can be taken over."""
    return len(command) > 1 and Path(command[0]).name == "go" and command[1] == "test"


def flags_of(command: tuple[str, ...]) -> Flags:
    """The flags that say how tests are built and run; which ones, we say ourselves.

    The race detector is left out: it needs a C compiler, and races are no behaviour.
    """
    build, check, run = list[str](), list[str](), list[str]()
    words = iter(command[2:])
    for word in words:
        if word in ("-args", "--args"):
            run += words
            break
        if not word.startswith("-"):
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if not equals and name in (_BUILDS | _RUNS | _DROPPED) - _SWITCHES:
            value = next(words, "")
        told = name if name in _SWITCHES and not equals else f"{name}={value}"
        build += [f"-{told}"] if name in _BUILDS else []
        check += [f"-{told}"] if name in _CHECKED else []
        run += [f"-test.{told}"] if name in _RUNS else []
    if not any(flag.startswith("-ldflags") for flag in build):
        build.append(_UNDEBUGGED)
    return Flags(tuple(build), tuple(check), tuple(run))
