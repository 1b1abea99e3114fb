"""What a test's own run says: its report, and how its process ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cope_lsp.languages.grammar.grammar import TOKEN
from cope_lsp.languages.running import Outcome, Verdict
from cope_lsp.languages.toolchain.results import judged, unbuilt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.languages.running import TestCase
    from cope_lsp.languages.toolchain.results import Result

MARK = "\x16"
"""What Go's tests put before their report lines when `-test.v=test2json` asks for it."""

_FETCHED = "{0} is not on this machine; run `go mod download`"
_LACKING = (
    (r"no required module provides package ([^\s;]+)", "{0} is not in go.mod; run `go get {0}`"),
    (r"cannot find module providing package ([^\s;:]+)", _FETCHED),
    (r"missing go\.sum entry for (?:module providing package |go\.mod file of )?([^\s;:]+)", _FETCHED),
    (r"([^\s:]+@v[^\s:]+): (?:module lookup disabled|reading|Get )", _FETCHED),
    (r"requires go >= ([\d.]+)", "the project asks for Go {0}, which is newer than what is installed"),
    (
        r"(build constraints exclude all Go files)",
        "{0}; name tags in `tests.command`, as in `go test -tags=x`",
    ),
)
_NOISE = re.compile(rf"^{MARK}?(?:=== \w+|PASS$|FAIL$|--- PASS)")
_SHOWN_FRAMES = 12


def verdict(case: TestCase, name: str, build: Result | None, result: Result | None, folder: str) -> Verdict:
    """What one test says; why it says nothing where what it needs is not here."""
    if build is None or build.exit != 0:
        lacks = lacking(build.said) if build is not None else ""
        if lacks:
            return Verdict(case.id, Outcome.MISSING, detail=lacks)
        return unbuilt(case.id, build, f"the package {folder}")
    said = result.out if result is not None else ""
    if "testing: warning: no tests to run" in (result.said if result is not None else ""):
        why = f"build tags leave {case.path} out; name them in `tests.command`, as in `go test -tags=x`"
        return Verdict(case.id, Outcome.MISSING, detail=why)
    skipped = _line(said, "SKIP", name)
    if skipped and result is not None and result.exit == 0:
        return Verdict(case.id, Outcome.MISSING, detail=f"it skips itself here: {_after(said, skipped)}")
    ok = _line(said, "PASS", name) is not None
    told = "\n".join(_told(result)) if result is not None else ""
    return judged(
        case.id, result, ok=ok, detail=told, brief=_brief(result.said) if result is not None else ""
    )


def lacking(said: str) -> str:
    """What a build's complaint says that the machine or the project lacks; empty for any other complaint."""
    for pattern, words in _LACKING:
        found = re.search(pattern, said)
        if found:
            return words.format(found[1])
    return ""


def _line(said: str, word: str, name: str) -> re.Match[str] | None:
    return re.search(rf"(?m)(?:^|{MARK})--- {word}: {re.escape(name)} \(", said)


def _after(said: str, found: re.Match[str]) -> str:
    """The reason that a test gives, which stands before or below its line."""
    lines = [line.strip() for line in said.splitlines() if re.match(r"\s+\S+\.go:\d+: ", line)]
    return lines[-1] if lines else found[0].strip(MARK)


def _told(result: Result) -> Iterator[str]:
    """What failed, without what passed; all of it where it must show that the target was run."""
    if TOKEN in result.said:
        yield result.said
        return
    for line in result.out.splitlines():
        if line.strip() and not _NOISE.match(line.strip()):
            yield line.replace(MARK, "")
    frames = result.err.splitlines()
    yield from frames[:_SHOWN_FRAMES]


def _brief(said: str) -> str:
    """The kind of a panic and the names of failed subtests: no text of the project."""
    panic = re.search(r"panic: (runtime error: [^\n\[]*)", said)
    failed = re.findall(rf"(?m)^\s*{MARK}?--- FAIL: (\S+)", said)
    return "; ".join([*([panic[1].strip()] if panic else []), *(f"{name} fails" for name in failed[:3])])
