"""Nextest, where the user's command is it: built by our own step first, then each test by its name."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from cope_lsp.languages.rust.crates import WIDER, module_of
from cope_lsp.languages.rust.reaching import name_of, selecting
from cope_lsp.languages.toolchain.results import judged
from cope_lsp.languages.toolchain.steps import Step

if TYPE_CHECKING:
    from cope_lsp.languages.running import TestCase, Verdict, Work
    from cope_lsp.languages.rust.crates import Package
    from cope_lsp.languages.toolchain.results import Result

ENV = {"NEXTEST_SUCCESS_OUTPUT": "immediate", "NEXTEST_HIDE_PROGRESS_BAR": "1"}
"""Shows a test's own report where it passed, too: that its process ended with 0 is not enough."""

_RUN = (("nextest", "run"), ("nextest", "r"))
_TOLD = 12_000
_SHOWN = re.compile(r"--(?:success-output|status-level|final-status-level|retries)(=|$)")
_BUILT = frozenset({"--all-features", "--no-default-features", "--release", "-r"})
_BUILT_WITH = {
    "-F": "--features",
    "--features": "--features",
    "--cargo-profile": "--profile",
    "--target": "--target",
}
"""Options that take a value, and what Cargo calls them."""

_OK = re.compile(r"^\s*test result: ok\. [1-9]\d* passed; 0 failed", re.MULTILINE)
_OUTPUT = re.compile(
    r"^ *std(?:out|err) ───\n(.*?)(?=^ *std(?:out|err) ───$|^  Cancelling|^───|\Z)", re.MULTILINE | re.DOTALL
)
_HINT = re.compile(r"^note: run with `RUST_BACKTRACE.*\n?", re.MULTILINE)


def is_asked(command: tuple[str, ...]) -> bool:
    """Whether the user's command is nextest."""
    return bool(command) and Path(command[0]).name == "cargo" and command[1:3] in _RUN


def build_flags(command: tuple[str, ...]) -> tuple[str, ...]:
    """What of the command Cargo must know to build the same."""
    found: list[str] = []
    words = iter(_own(command))
    for word in words:
        name, _, value = word.partition("=")
        if name in _BUILT_WITH:
            found += [_BUILT_WITH[name], value or next(words, "")]
        elif word in _BUILT:
            found.append(word)
    return tuple(found)


def steps(cargo: str, root: Path, package: Package, work: Work) -> list[Step]:
    """One step a test, in the crate that holds it; they want the build first."""
    places = {case.path: module_of(root, package, case.path) for case in work.tests}
    own = _narrowed(_own(work.command))
    run = (cargo, "nextest", "run", *own, "--package", package.name)
    return [
        Step(
            case.id,
            (*run, *place.crate.flags, "--", *selecting(name_of(case))),
            work.timeout_s,
            folder=package.folder,
            env=ENV,
            told=_TOLD,
        )
        for case in work.tests
        if (place := places[case.path]) is not None
    ]


def verdict(case: TestCase, result: Result) -> Verdict:
    """What nextest's end and the test's own report say together."""
    ok = _OK.search(result.said) is not None
    return judged(case.id, result, ok=ok, detail=_failure(result))


def program() -> Path | None:
    """Where nextest is, if it is installed."""
    found = shutil.which("cargo-nextest")
    return Path(found).resolve() if found else None


def _own(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command's options, without filters of its own."""
    return command[3 : command.index("--")] if "--" in command else command[3:]


def _narrowed(options: tuple[str, ...]) -> tuple[str, ...]:
    """The options without those that say what is shown, how often a test is tried, and what else is built."""
    kept: list[str] = []
    words = iter(options)
    for word in words:
        said = _SHOWN.match(word)
        if said is None:
            kept += [word] if word not in WIDER else []
        elif not said[1]:
            next(words, "")
    return tuple(kept)


def _failure(result: Result) -> str:
    """What a test printed, without nextest's frame around it."""
    shown = "\n".join(textwrap.dedent(text).strip() for text in _OUTPUT.findall(result.said))
    return _HINT.sub("", shown).strip() or result.said
