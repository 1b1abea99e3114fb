"""Tests run by the project's own tool, where our launcher cannot: what its XML reports say of each."""

from __future__ import annotations

import os
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from cope_lsp.languages.java.inside import gradle, maven
from cope_lsp.languages.java.inside.telling import encoded, tell

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

Done: TypeAlias = "subprocess.CompletedProcess[str]"
_FOLDERS = {"maven": "target/surefire-reports", "gradle": "build/test-results/test"}
_SHOWN = 6000


def test(order: dict[str, Any]) -> int:
    """Run all tests of the order at once, then tell of each what the reports say."""
    folder = Path(order["module"], _FOLDERS[order["tool"]])
    shutil.rmtree(folder, ignore_errors=True)
    done = _RUNS[order["tool"]](order)
    said = done.stdout + done.stderr
    seen = {(each[0], each[1]): each[2] for each in read(folder)}
    for each in order["tests"]:
        wrong = seen.get((each["class"], each["method"]))
        if wrong is None:
            tell("fail", each["number"], encoded(f"it has no report\n{said[-_SHOWN:]}"))
        elif wrong:
            tell("fail", each["number"], encoded(wrong[:_SHOWN]))
        else:
            tell("ok", each["number"], each["code"])
    sys.stderr.write(said[-_SHOWN:] if done.returncode else "")
    return 0


def _by_maven(order: dict[str, Any]) -> Done:
    lenient = ("-Dsurefire.failIfNoSpecifiedTests=false", "-DfailIfNoTests=false")
    return maven.run(order, [_selected(order), *lenient, "test"])


def _by_gradle(order: dict[str, Any]) -> Done:
    chosen = [word for each in order["tests"] for word in ("--tests", f"{each['class']}.{each['method']}")]
    return gradle.run(order, [gradle.task(order["module"], "test"), *chosen])


_RUNS = {"maven": _by_maven, "gradle": _by_gradle}


def _selected(order: dict[str, Any]) -> str:
    """Surefire's option for some methods: those of a class together."""
    classes: dict[str, list[str]] = {}
    for each in order["tests"]:
        classes.setdefault(each["class"], []).append(each["method"])
    return "-Dtest=" + ",".join(f"{name}#{'+'.join(methods)}" for name, methods in classes.items())


def read(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Class, method and what went wrong (nothing: it passed) of each test, all runs of it together."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*.xml")):
        try:
            cases = list(ET.parse(path).getroot().iter("testcase"))  # noqa: S314 -- in the sandbox
        except (ET.ParseError, OSError):
            continue
        for case in cases:
            method = re.split(r"[(\[{ ]", case.get("name", ""))[0]
            key = (case.get("classname", ""), method)
            found[key] = found.get(key, "") + _wrong(case)
    yield from ((name, method, wrong) for (name, method), wrong in found.items())


def _wrong(case: ET.Element) -> str:
    told = [child for child in case if child.tag in ("failure", "error", "skipped", "rerunFailure")]
    if not told:
        return ""
    streams = [child.text or "" for child in case if child.tag in ("system-out", "system-err")]
    return (
        "\n".join([*(each.text or each.get("message") or each.tag for each in told), *streams]) + os.linesep
    )
