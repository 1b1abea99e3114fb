"""The user's `tests.command`: options of `cargo test`, nextest, or anything that takes a test's name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.languages.rust import nextest
from cope_lsp.languages.rust.crates import WIDER
from cope_lsp.languages.rust.reaching import name_of
from cope_lsp.languages.toolchain.steps import Step

if TYPE_CHECKING:
    from cope_lsp.languages.running import Work


def replaces(command: tuple[str, ...]) -> bool:
    """Whether the command takes the place of ours: it is not `cargo test`, whose options ours can have."""
    return bool(command) and not (_is_cargo(command) and command[1:2] in (("test",), ("t",)))


def build_flags(command: tuple[str, ...]) -> tuple[str, ...]:
    """What of the command the build must be told: features, a profile."""
    if nextest.is_asked(command):
        return nextest.build_flags(command)
    if replaces(command):
        return ()
    own = command[2 : command.index("--")] if "--" in command else command[2:]
    return tuple(flag for flag in own if flag not in WIDER)


def arguments(command: tuple[str, ...]) -> tuple[str, ...]:
    """What the command gives to the test program itself."""
    return command[command.index("--") + 1 :] if "--" in command else ()


def steps(work: Work) -> list[Step]:
    """One step a test: what the user says, with the test's name as libtest has it."""
    limit = work.timeout_s + work.build_s
    return [Step(case.id, (*work.command, name_of(case)), limit) for case in work.tests]


def _is_cargo(command: tuple[str, ...]) -> bool:
    return Path(command[0]).name == "cargo"
