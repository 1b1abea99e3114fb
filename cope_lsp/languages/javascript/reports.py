"""What the runners' reporters wrote, as far as it carries the key's code; and what that says of a case."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.languages.grammar.grammar import TOKEN
from cope_lsp.languages.running import Outcome, Verdict
from cope_lsp.languages.toolchain.results import failed, passed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cope_lsp.languages.running import TestCase
    from cope_lsp.languages.toolchain.results import Result

BETWEEN = " > "
_LINE = re.compile(r"^cope-test ([0-9a-f]{64}) (\{.*\})$", re.MULTILINE)
_FILLED = re.compile(r"\\\$\\\{.*?\\\}|%[a-zA-Z#$]|\\\$[#\w.]+")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Report:
    """A test's end: its file, names from the outermost suite (none: the file itself), how it went."""

    file: str
    names: tuple[str, ...]
    state: str
    error: str


def key_of(nonce: str, step: str) -> str:
    """The key of one step's reporter; it tells nothing of the run's own."""
    return hmac.new(nonce.encode(), f"reports {step}".encode(), hashlib.sha256).hexdigest()


def reports(out: str, key: str) -> Iterator[Report]:
    """The authentic reports in a program's output."""
    for code, body in _LINE.findall(out):
        if hmac.compare_digest(hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest(), code):
            said: Mapping[str, str] = json.loads(body)
            yield Report(said["file"], tuple(said["names"]), said["state"], _COLOURS.sub("", said["error"]))


def pattern_of(case: TestCase) -> re.Pattern[str]:
    """Matches a test's full name; what a table or a template fills in may be anything."""
    return re.compile(_FILLED.sub(".*", re.escape(case.id.partition("::")[2])), re.DOTALL)


def verdict(case: TestCase, result: Result | None, found: tuple[Report, ...]) -> Verdict:
    """What the reports say of a case; a test in a table passes with all its rows."""
    if result is None:
        return Verdict(case.id, Outcome.MISSING, detail="it was not reached")
    pattern = pattern_of(case)
    in_file = [each for each in found if not each.file or each.file.endswith(case.path)]
    own = [each for each in in_file if each.names and pattern.fullmatch(BETWEEN.join(each.names))]
    bad = next((each for each in own if each.state == "fail"), None)
    if bad is not None:
        return failed(case.id, _with_stream(bad.error, result, found), _first_line(bad.error))
    if any(each.state == "skip" for each in own):
        return Verdict(case.id, Outcome.MISSING, detail="it is skipped")
    if own and (result.exit == 0 or any(each.state == "fail" and each.names for each in found)):
        return passed(case.id)
    return _without_report(case, result, in_file)


def _without_report(case: TestCase, result: Result, in_file: list[Report]) -> Verdict:
    """A test that never ended by itself, or whose process failed when all of its tests had passed."""
    if result.timed_out:
        gone = TOKEN in result.said
        return Verdict(case.id, Outcome.TIMED_OUT, gone, detail=f"no end after {result.seconds:.0f} s")
    broken = next((each.error for each in in_file if not each.names), "")
    said = broken or _COLOURS.sub("", result.err).strip() or _plain(result.out)
    detail = said or f"it was not reported; the run ended with {result.exit}"
    told = failed(case.id, detail, _first_line(said))
    return Verdict(case.id, Outcome.ERRORED, told.ran_target, detail=told.detail, brief=told.brief)


def _with_stream(error: str, result: Result, found: tuple[Report, ...]) -> str:
    """A lone test's error with what its process said: a failure may have been caught on the way."""
    lone = len([each for each in found if each.names]) == 1
    return f"{error}\n{result.err.strip()}" if lone and TOKEN in result.err else error


def _plain(out: str) -> str:
    return _COLOURS.sub("", _LINE.sub("", out)).strip()


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
