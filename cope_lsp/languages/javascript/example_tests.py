"""A target's JSDoc examples as tests of one file, run as the project's own are."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cope_lsp.languages.javascript import packages, runners
from cope_lsp.languages.javascript.calls import exported
from cope_lsp.languages.javascript.node import environment
from cope_lsp.languages.javascript.reports import key_of, reports, verdict
from cope_lsp.languages.running import Outcome, TestCase, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cope_lsp.languages.running import Environment, Example, Work
    from cope_lsp.languages.toolchain.results import Result
    from cope_lsp.languages.toolchain.steps import Step

_STEM = ".cope-examples.test"
_WORD = re.compile(r"[A-Za-z_$][\w$]*")

_IMPORTS = {
    packages.NODE: 'import test from "node:test";',
    packages.VITEST: 'import { test } from "vitest";',
}
_BEGIN = """\
import assert from "node:assert/strict";
const {{ deepStrictEqual, fail }} = assert;
const whole = await import({module});
const named = (name) => whole[name] ?? whole.default?.[name];
const raised = async (asked) => {{
  try {{ await asked(); }} catch (error) {{ return error; }}
  return fail("it did not throw");
}};
"""
_GIVES = "deepStrictEqual(await ({call}), ({expected}));"
_RAISES = """\
const error = await raised(async () => ({call}));
  if (!({kind} === "Error" && error instanceof Error) && error?.name !== {kind}) throw error;"""


def layer(root: Path, work: Work) -> dict[str, bytes]:
    """The file of tests, in the target's package; none where nothing is shown or nothing can be named."""
    if not work.examples or not work.texts or problem(root, work):
        return {}
    text = work.texts[0].decode("utf-8", "replace")
    return {_path(root, work): "\n".join(_lines(root, work, text)).encode()}


def steps(root: Path, found: Environment, work: Work) -> list[Step]:
    """One step for all examples."""
    if not work.examples or problem(root, work):
        return []
    return [runners.step(root, found, work, _cases(root, work))]


def read(root: Path, work: Work, seen: Mapping[str, Result]) -> Iterator[Verdict]:
    """One verdict an example."""
    why = problem(root, work) if work.examples else ""
    for number, case in enumerate(_cases(root, work)):
        step = runners.step_of(root, case)
        result = seen.get(step)
        if why or result is None:
            yield Verdict(f"example:{number}", Outcome.MISSING, detail=why or "it was not reached")
            continue
        told = verdict(case, result, tuple(reports(result.out, key_of(work.nonce, step))))
        yield Verdict(
            f"example:{number}", told.outcome, told.ran_target, detail=told.detail, brief=told.brief
        )


def problem(root: Path, work: Work) -> str:
    """Why the examples cannot be run; empty where they can."""
    text = work.texts[0].decode("utf-8", "replace") if work.texts else ""
    outermost = work.qualname.partition(".")[0]
    if exported(text, outermost) is None:
        return f"`{outermost}` is not exported, so that its examples cannot be run"
    return runners.problem(root, environment(root, None), work.path, _cases(root, work)[0])


def _cases(root: Path, work: Work) -> list[TestCase]:
    path = _path(root, work)
    runner = _runner(root, work)
    return [TestCase(f"{path}::{_named(number)}", path, runner) for number in range(len(work.examples))]


def _named(number: int) -> str:
    return f"example {number}"


def _runner(root: Path, work: Work) -> str:
    """Node, or the project's vitest where Node cannot read the file."""
    found = environment(root, None)
    alone = TestCase("", _path(root, work), packages.NODE)
    folder = packages.package_of(root, work.path).folder
    if runners.problem(root, found, work.path, alone) and packages.program_of(root, folder, packages.VITEST):
        return packages.VITEST
    return packages.NODE


def _path(root: Path, work: Work) -> str:
    typed = PurePosixPath(work.path).suffix in runners.TYPED
    name = f"{_STEM}.{'mts' if typed else 'mjs'}"
    return (PurePosixPath(packages.package_of(root, work.path).folder) / name).as_posix()


def _lines(root: Path, work: Work, text: str) -> Iterator[str]:
    folder = PurePosixPath(packages.package_of(root, work.path).folder)
    module = PurePosixPath(work.path).relative_to(folder).as_posix()
    yield _IMPORTS[_runner(root, work)]
    yield _BEGIN.format(module=json.dumps(f"./{module}"))
    for number, example in enumerate(work.examples):
        yield f"test({json.dumps(_named(number))}, async () => {{"
        yield from (f"  const {name} = {given};" for name, given in _bound(text, example))
        yield from (f"  {statement};" for statement in example.setup)
        kind = json.dumps(example.raises)
        form = _RAISES if example.raises else _GIVES
        yield "  " + form.format(call=example.call, expected=example.expected, kind=kind)
        yield "});"


def _bound(text: str, example: Example) -> Iterator[tuple[str, str]]:
    """What an example uses of the module, and does not declare itself."""
    code = "\n".join((*example.setup, example.call))
    for name in dict.fromkeys(_WORD.findall(code)):
        given = exported(text, name)
        declared = re.search(rf"\b(?:const|let|var|function|class)\s+{re.escape(name)}\b", code)
        if given is not None and not declared:
            yield name, f"named({json.dumps(given)})" if given else "(whole.default ?? whole)"
