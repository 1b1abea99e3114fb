"""The user's `tests.command`: options of `cargo test`, nextest, or anything that takes a test's name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.languages.rust.reaching import name_of
from cope_lsp.languages.toolchain.steps import Step

if TYPE_CHECKING:
    from cope_lsp.languages.running import Work
    from cope_lsp.languages.rust.crates import Package

_WIDER = frozenset(
    {"--workspace", "--all", "--all-targets", "--no-run", "--lib", "--bins", "--tests", "--doc"}
)
"""Options that would build more than, or other than, what the cases need."""


def replaces(command: tuple[str, ...]) -> bool:
    """Whether the command takes the place of ours: it is not `cargo test`, whose options ours can have."""
    return bool(command) and not (_is_cargo(command) and command[1:2] in (("test",), ("t",)))


def flags(command: tuple[str, ...]) -> tuple[str, ...]:
    """Options of `cargo test` for the build: features, a profile."""
    own = command[2 : command.index("--")] if "--" in command else command[2:]
    return tuple(flag for flag in own if flag not in _WIDER)


def arguments(command: tuple[str, ...]) -> tuple[str, ...]:
    """What the command gives to the test program itself."""
    return command[command.index("--") + 1 :] if "--" in command else ()


def steps(cargo: str, package: Package, work: Work) -> list[Step]:
    """One step a test: what the user says, with the test's name as libtest has it."""
    nextest = _is_cargo(work.command) and work.command[1:3] == ("nextest", "run")
    start = (
        (cargo, *work.command[1:], "--package", package.name, "--", "--exact") if nextest else work.command
    )
    limit = work.timeout_s + work.build_s
    return [Step(case.id, (*start, name_of(case)), limit) for case in work.tests]


def folders() -> tuple[Path, ...]:
    """Where nextest is, if it is installed."""
    found = shutil.which("cargo-nextest")
    return (Path(found).resolve().parent,) if found else ()


def _is_cargo(command: tuple[str, ...]) -> bool:
    return Path(command[0]).name == "cargo"
