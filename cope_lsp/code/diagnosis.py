"""Another tool's finding, looked for again: there before, gone after, none new."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from cope_lsp.cascade.problem import Evidence, Status
from cope_lsp.code.context import own_path
from cope_lsp.code.findings import Failure
from cope_lsp.code.workbench import MARGIN_S
from cope_lsp.sandbox.job import CannotIsolate, Ending, Job, Limits, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.cascade.problem import Candidate
    from cope_lsp.code.problem import CodeProblem, Diagnostic
    from cope_lsp.code.workbench import Workbench

SOURCE = "diagnosis"
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a tool said of the file: a rule and its message, without line numbers."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A checker: how it is called on one file, and how its output reads."""

    name: str
    arguments: tuple[str, ...]
    findings: Callable[[str, str], list[Finding]]


async def diagnosed(
    asked: CodeProblem, bench: Workbench, text: bytes, candidate: Candidate
) -> tuple[Evidence, tuple[Failure, ...]]:
    """Run the tool named in the request's diagnostics on the old and the new text."""
    diagnostic = asked.request.diagnostics[0] if asked.request.diagnostics else None
    tool = _tool(diagnostic.source) if diagnostic else None
    if diagnostic is None or tool is None:
        name = diagnostic.source if diagnostic else "an unknown tool"
        return _unknown(candidate, f"{name} cannot be run again here"), ()
    old = await _findings(asked, bench, tool, asked.request.document.text.encode())
    new = await _findings(asked, bench, tool, text)
    if old is None or new is None:
        return _unknown(candidate, f"{tool.name} did not run in the project's environment"), ()
    return _compared(tool, diagnostic, old, new, candidate)


def _compared(
    tool: Tool, diagnostic: Diagnostic, old: Counter[Finding], new: Counter[Finding], candidate: Candidate
) -> tuple[Evidence, tuple[Failure, ...]]:
    asked_for = [finding for finding in old if _is_it(finding, diagnostic)]
    if not asked_for:
        return _unknown(candidate, f"{tool.name} does not report it on the unchanged file"), ()
    finding = asked_for[0]
    added = new - old
    if new[finding] >= old[finding]:
        why = f"{tool.name} still reports {finding.code} {finding.message}"
    elif added:
        first = next(iter(added))
        why = f"{tool.name} now reports {first.code} {first.message}"
    else:
        return Evidence(candidate, SOURCE, Status.PASS, 1, 1, f"{tool.name} no longer reports it"), ()
    return Evidence(candidate, SOURCE, Status.FAIL, 0, 1, why), (Failure(SOURCE, why, why),)


def _is_it(finding: Finding, diagnostic: Diagnostic) -> bool:
    same_code = not diagnostic.code or not finding.code or finding.code == diagnostic.code
    return same_code and _plain(diagnostic.message)[:40] in _plain(f"{finding.message} {finding.code}")


def _plain(message: str) -> str:
    return " ".join(_DIGITS.sub("#", message.splitlines()[0] if message else "").lower().split())


def _unknown(candidate: Candidate, why: str) -> Evidence:
    return Evidence(candidate, SOURCE, Status.UNKNOWN, detail=why)


async def _findings(asked: CodeProblem, bench: Workbench, tool: Tool, text: bytes) -> Counter[Finding] | None:
    if bench.run is None or bench.environment is None:
        return None
    program = bench.environment.program.parent / tool.name
    path = own_path(asked.request)
    module = (str(bench.environment.program), "-I", "-m", tool.name)
    command = (str(program),) if program.exists() else module
    job = Job(
        argv=(*command, *tool.arguments, path),
        view=View(bench.root, {**bench.layer, path: text}, bench.masked),
        readable=bench.environment.readable,
        env={"LANG": "C.UTF-8"},
        limits=Limits(wall_s=bench.timeout_s + MARGIN_S, output_kb=1024),
    )
    try:
        async with bench.limiter:
            finished = await bench.run(job)
    except CannotIsolate:
        return None
    complains = finished.exit_code == 1 and bool(finished.stdout.strip())
    if finished.ending is not Ending.EXITED or not (finished.exit_code == 0 or complains):
        return None
    try:
        return Counter(tool.findings(finished.stdout.decode(errors="replace"), path))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _ruff(output: str, path: str) -> list[Finding]:  # noqa: ARG001 -- one signature for all tools; it was given one file
    items = cast("list[dict[str, Any]]", json.loads(output or "[]"))
    return [Finding(str(item.get("code") or ""), _DIGITS.sub("#", str(item["message"]))) for item in items]


def _pyright(output: str, path: str) -> list[Finding]:  # noqa: ARG001 -- likewise
    items = cast("list[dict[str, Any]]", json.loads(output)["generalDiagnostics"])
    return [Finding(str(item.get("rule") or ""), _DIGITS.sub("#", str(item["message"]))) for item in items]


_LINE = re.compile(r"^(?P<path>[^:]+):\d+(?::\d+)?: (?P<message>.*?)(?:  \[(?P<code>[\w-]+)\])?$")


def _lines(output: str, path: str) -> list[Finding]:
    found = (_LINE.match(line) for line in output.splitlines())
    return [
        Finding(match["code"] or "", _DIGITS.sub("#", match["message"].removeprefix("error: ")))
        for match in found
        if match is not None and match["path"].endswith(path) and not match["message"].startswith("note:")
    ]


_TOOLS = (
    Tool("ruff", ("check", "--no-cache", "--no-fix", "--exit-zero", "--output-format=json"), _ruff),
    Tool("pyright", ("--outputjson",), _pyright),
    Tool("basedpyright", ("--outputjson",), _pyright),
    Tool("mypy", ("--no-error-summary", "--no-pretty", "--show-error-codes", "--no-incremental"), _lines),
    Tool("pyflakes", (), _lines),
    Tool("flake8", (), _lines),
)


def _tool(source: str) -> Tool | None:
    """The checker behind a diagnostic's source, such as `Ruff`, `Pyright` or `Pylance`."""
    name = source.strip().lower()
    name = "pyright" if name == "pylance" else name
    return next((tool for tool in _TOOLS if tool.name == name), None)
