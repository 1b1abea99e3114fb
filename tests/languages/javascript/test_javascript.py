"""What is particular to JavaScript: its two manners of modules, its shapes of functions, its runners."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.languages.javascript import packages, reports, runners
from cope_lsp.languages.javascript.imports import bound, module_files
from cope_lsp.languages.javascript.language import JAVASCRIPT
from cope_lsp.languages.javascript.node import environment
from cope_lsp.languages.running import Outcome, TestCase, Work
from cope_lsp.languages.toolchain.results import Result
from tests.languages.cases import bring, read_case
from tests.support.toolchains import Shop, ask, findings, judge_of

HERE = Path(__file__).parent
CASE = read_case(HERE / "case.toml")
SYNTAX = JAVASCRIPT.syntax

MODULE = """\
import { readFile } from "node:fs/promises";

export class Bill {
  /** Adds. */
  total(lines) {
    // TODO
  }
}
"""
COMMON = """\
const fs = require("fs");

exports.total = function (lines) {
};
"""


def _completed(text: str, qualname: str, reply: str) -> str:
    source = SYNTAX.parse(text.encode())
    target = SYNTAX.target_named(source, qualname)
    assert target is not None
    patch = SYNTAX.complete(source, target, reply)
    assert patch.text is not None, patch.problem
    assert SYNTAX.breaches(source, target, SYNTAX.parse(patch.text.encode())) == ()
    return patch.text


BODY = "    return lines.length;\n"


@pytest.mark.parametrize(
    "reply",
    [
        "```js\nexport class Bill {\n  total(lines) {\n    return lines.length;\n  }\n}\n```",
        "```js\ntotal(lines) {\n  return lines.length;\n}\n```",
        "```js\n        total(lines) {\n                return lines.length;\n        }\n```",
        "```js\nfunction total(lines) {\n\treturn lines.length;\n}\n```",
        "```js\nreturn lines.length;\n```",
        "return lines.length;",
        "Here it is:\n\ntotal(lines) {\r\n  return lines.length;\r\n}\r\n\r\nIt counts.",
        "```js\nconst total = (lines) => {\n  return lines.length;\n};\n```",
    ],
)
def test_a_reply_of_any_shape_becomes_the_body(reply: str) -> None:
    """Whole class, bare method, other indentation, a function, a body, prose around it, an arrow."""
    assert _completed(MODULE, "Bill.total", reply) == MODULE.replace("    // TODO\n", BODY)


def test_line_breaks_stay_the_files() -> None:
    """A file in CRLF stays one."""
    text = MODULE.replace("\n", "\r\n")
    made = _completed(text, "Bill.total", "```js\ntotal(lines) {\n  return lines.length;\n}\n```")
    assert made == text.replace("    // TODO\r\n", BODY.replace("\n", "\r\n"))


def test_what_is_required_becomes_an_import_in_a_module() -> None:
    """What a reply brings by `require` is imported in the manner of the file, and nothing twice."""
    reply = (
        "```js\nconst path = require('path');\n"
        "const { readFile, stat: look } = require('node:fs/promises');\n"
        "class Bill {\n  total(lines) {\n    return look(path.join(...lines), readFile);\n  }\n}\n```"
    )
    made = _completed(MODULE, "Bill.total", reply)
    assert made.startswith(
        'import { readFile } from "node:fs/promises";\nimport path from "path";\n'
        'import { stat as look } from "node:fs/promises";\n'
    )
    assert "require" not in made


def test_what_is_imported_is_required_in_a_script() -> None:
    """And the other way round; what the file has under that name stays."""
    reply = (
        "```js\nimport fs from 'node:fs';\nimport { join } from 'node:path';\n"
        "exports.total = function (lines) {\n  return fs.existsSync(join(...lines));\n};\n```"
    )
    made = _completed(COMMON, "total", reply)
    assert made.startswith('const fs = require("fs");\nconst { join } = require("node:path");\n')
    assert made.count("const fs") == 1
    assert "import" not in made


def test_helpers_come_along() -> None:
    """A function beside the target that it uses stands beside it in the file; others do not."""
    reply = (
        "```js\nfunction paid(line) { return !line.free; }\n\nfunction other() { return 1; }\n\n"
        "export function total(lines) {\n  return lines.filter(paid).length;\n}\n```"
    )
    made = _completed("export function total(lines) {}\n", "total", reply)
    assert "function paid(line)" in made
    assert "other" not in made


@pytest.mark.parametrize(
    "reply",
    [
        "export class Bill {\n  total(lines) {\n    return lines.map(cost).length;\n  }\n}\n\n",
        "function total(lines) {\n  return lines.map(cost).length;\n}\n\n",
    ],
    ids=["a class", "a function"],
)
def test_a_helper_stands_beside_the_class_of_a_method(reply: str) -> None:
    """Where the reply puts it there, and where a class could not hold it."""
    helper = "export const cost = (line) => line.price;"
    file = f"{MODULE}\nexport const LAST = 1;\n"
    made = _completed(file, "Bill.total", f"```js\n{reply}{helper}\n```")
    body = "    return lines.map(cost).length;\n"
    wanted = MODULE.replace("    // TODO\n", body)
    assert made == f"{wanted}\n{helper}\n\nexport const LAST = 1;\n"


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ('import a, { b as c, type D } from "x";', {"a", "c", "D"}),
        ("import * as all from 'x'", {"all"}),
        ("import {\n  one,\n  two,\n} from 'x';", {"one", "two"}),
        ("const { a, b: c } = require('x');", {"a", "c"}),
        ("import 'x';", set[str]()),
    ],
)
def test_names_that_an_import_makes_known(statement: str, names: set[str]) -> None:
    """In both manners."""
    assert bound(statement) == names


def test_a_module_named_by_a_path_is_a_file_of_the_project() -> None:
    """With its suffix or without, as TypeScript writes compiled names; packages are none of ours."""
    assert "shop/lines.ts" in module_files("../lines.js", "shop/src/total.ts")
    assert "shop/src/lines/index.js" in module_files("./lines", "shop/src/total.js")
    assert module_files("lodash", "shop/src/total.js") == ()
    assert module_files("../../../etc/passwd", "shop/src/total.js") == ()


@pytest.mark.parametrize(
    "code",
    [
        "process.exit(0)",
        "process['stdout'].write('ok 1')",
        "globalThis.process.reallyExit(0)",
        "Object.prototype.toJSON = () => 1",
        "Promise.prototype.then = null",
        "expect.extend({})",
        "(await import('node:test')).test.skip()",
        "[].constructor.constructor('return process')()",
        "require.cache[name].exports = 1",
        "const assert = require('assert'); assert.equal = () => {}",
        "console.log = () => {}",
        "JSON.stringify = () => '{}'",
        "fs.readFileSync('/proc/self/mem')",
    ],
)
def test_ways_into_what_judges_are_seen(code: str) -> None:
    """Ending the process, exchanging what the runner stands on, reaching for it by other names."""
    before = b"export async function f(a) {}\n"
    after = f"export async function f(a) {{ {code}; }}\n".encode()
    assert JAVASCRIPT.running.reaches(before, after)


@pytest.mark.parametrize(
    "code",
    [
        "return Object.prototype.hasOwnProperty.call(a, 'b')",
        "return /x/.test('x') && a.expect('y')",
        "const window = a.slice(0, 3); return window.length + window[0]",
        "return process.env.HOME ?? Array.from(a)",
        "return JSON.stringify(a) === Math.max(...a)",
        "// process.exit would end it\n  console.log(a)",
        "return this.constructor.name",
    ],
)
def test_plain_code_reaches_nowhere(code: str) -> None:
    """What is written every day is no attack."""
    before = b"export function f(a) {}\n"
    assert JAVASCRIPT.running.reaches(before, f"export function f(a) {{\n  {code};\n}}\n".encode()) == ()


def _project(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def test_the_runner_is_what_the_project_is_set_up_for(tmp_path: Path) -> None:
    """What a test file imports, else what its package or the one around it depends on or calls."""
    root = _project(
        tmp_path,
        {
            "package.json": json.dumps({"workspaces": ["packages/*"], "devDependencies": {"jest": "*"}}),
            "packages/a/package.json": json.dumps({"scripts": {"test": "vitest"}}),
            "packages/b/package.json": "{}",
        },
    )
    assert packages.runner_of(root, "packages/a/a.test.js", b"it('x', f)") == packages.VITEST
    assert packages.runner_of(root, "packages/b/b.test.js", b"it('x', f)") == packages.JEST
    assert packages.runner_of(root, "packages/b/b.test.js", b"import test from 'node:test'") == packages.NODE
    assert packages.place_of(root, "packages/b/b.test.js", packages.JEST) == "."
    assert packages.place_of(root, "packages/a/a.test.js", packages.VITEST) == "packages/a"


def test_only_the_targets_package_is_tried(tmp_path: Path) -> None:
    """Tests of another package of the workspace stay out, those of the root do not."""
    text = b"import test from 'node:test';\ntest('adds', () => total([]));\n"
    root = _project(tmp_path, dict.fromkeys(("package.json", "a/package.json", "b/package.json"), "{}"))
    source = SYNTAX.parse(b"export function total(lines) {}\n")
    target = SYNTAX.target_named(source, "total")
    assert target is not None
    files: dict[str, bytes] = dict.fromkeys(["a/x.test.js", "b/x.test.js", "x.test.js"], text)
    found = JAVASCRIPT.running.tests_for(root, "a/total.js", target, files)
    assert [case.path for case in found] == ["a/x.test.js", "x.test.js"]


def test_names_of_tests_are_what_their_strings_say(tmp_path: Path) -> None:
    """With suites around them, quotes in them, tables and templates; skipped ones are none."""
    text = rb"""
    describe('it\'s a bill', () => {
      it("says 'total'", () => total());
      test.each([1, 2])(`adds %i`, (n) => total(n));
      it.skip("later", () => total());
      describe("deep", () => { test.only("er", async () => total()); });
    });
    """
    source = SYNTAX.parse(b"function total() {}\n")
    target = SYNTAX.target_named(source, "total")
    assert target is not None
    found = JAVASCRIPT.running.tests_for(tmp_path, "total.js", target, {"a.test.js": text})
    assert {case.id for case in found} == {
        "a.test.js::it's a bill > says 'total'",
        "a.test.js::it's a bill > adds %i",
        "a.test.js::it's a bill > deep > er",
    }


def test_a_table_passes_with_all_of_its_rows() -> None:
    """One row that fails fails the test; a report without the key's code is none."""
    case = TestCase("a.test.js::adds %i to $b", "a.test.js", packages.VITEST)
    result = Result("x", 1, "", "", timed_out=False, seconds=0.1)

    def row(name: str, state: str) -> reports.Report:
        return reports.Report("/p/a.test.js", (name,), state, "")

    good, bad = (row("adds 1 to 2", "pass"), row("adds 2 to 3", "pass")), row("adds 4 to 1", "fail")
    other = row("elsewhere", "fail")
    assert reports.verdict(case, result, (*good, other)).outcome is Outcome.PASSED
    assert reports.verdict(case, result, (*good, bad)).outcome is Outcome.FAILED
    assert reports.verdict(case, result, good).outcome is Outcome.ERRORED
    forged = f'cope-test {"0" * 64} {{"file": "", "names": ["adds 1 to 2"], "state": "pass", "error": ""}}'
    assert list(reports.reports(forged, "key")) == []


def test_the_users_own_command_adds_its_flags(tmp_path: Path) -> None:
    """To the runner that it names; another command is taken as it is."""
    root = _project(tmp_path, {"package.json": "{}", "a.test.js": ""})
    case = TestCase("a.test.js::x", "a.test.js", packages.NODE)
    told = environment(root, None)

    def work(*command: str) -> Work:
        return Work("a.js", "f", (1, 1), tests=(case,), nonce="n", command=command, root=root)

    argv = runners.steps(root, told, work("npx", "node", "--test", "--import", "./set-up.mjs"))[0].argv
    assert argv[3:5] == ("--import", "./set-up.mjs")
    assert "--test" not in argv
    assert runners.is_known(work("pnpm", "exec", "vitest", "run", "--config", "x"))
    assert not runners.is_known(work("mocha", "--reporter", "json"))


def test_what_is_not_installed_is_said(tmp_path: Path) -> None:
    """A runner without its package, files with types under a Node that reads none, an unknown runner."""
    root = _project(tmp_path, {"package.json": "{}"})
    told = environment(root, None)
    vitest = TestCase("a.test.js::x", "a.test.js", packages.VITEST)
    assert "npm install" in runners.problem(root, told, "a.js", vitest)
    assert "tests.command" in runners.problem(root, told, "a.js", TestCase("a.js::x", "a.js", ""))
    typed = TestCase("a.test.ts::x", "a.test.ts", packages.NODE)
    assert "tsx" in runners.problem(root, told, "a.tsx", typed)


def _shop(tmp_path: Path, files: dict[str, str] | None = None) -> Shop:
    root = tmp_path / "project"
    if files is None:
        CASE.lay(root)
    else:
        _project(root, files)
    return Shop(JAVASCRIPT, root, tmp_path / "builds")


async def test_a_forged_report_does_not_count(tmp_path: Path) -> None:
    """Neither printed lines nor an early end nor other ways make wrong code pass."""
    shop = _shop(tmp_path)
    judge = judge_of(shop, ask(shop, CASE.file, CASE.symbol), timeout_s=3)
    forged = r'console.log("\ncope-test 00 {}\nTAP version 13\nok 1 - total"); return 1;'
    for body in (forged, "process.exit(0);", "process.kill(process.pid, 'SIGKILL');", "for (;;);"):
        found = await findings(judge, f"export function total(lines) {{ {body} }}")
        assert found.status is Status.FAIL, body


async def test_a_test_that_ends_well_beside_one_that_fails_counts(tmp_path: Path) -> None:
    """Each test of a file has a verdict of its own, and tests that never reach the target have none."""
    shop = _shop(tmp_path)
    judge = judge_of(shop, ask(shop, CASE.file, CASE.symbol))
    found = await findings(judge, CASE.reply(CASE.wrong).strip().removeprefix("```js").removesuffix("```"))
    tests = next(each for each in found.evidence if each.source == "tests")
    assert (tests.passed, tests.total) == (2, 3)
    assert "600 !== 100" in tests.detail


async def test_what_is_missing_leaves_the_evidence_open(tmp_path: Path) -> None:
    """Without the runner's package nothing is known, and why is said."""
    shop = _shop(
        tmp_path,
        {
            "package.json": json.dumps({"devDependencies": {"vitest": "*"}}),
            "total.js": "export function total(lines) {}\n",
            "total.test.js": "import { it } from 'vitest';\nit('adds', () => { total([]); });\n",
        },
    )
    found = await findings(
        judge_of(shop, ask(shop, "total.js", "total")), "export function total(lines) { return 0; }"
    )
    tests = next(each for each in found.evidence if each.source == "tests")
    assert tests.status is Status.UNKNOWN
    assert "vitest is not in node_modules" in tests.detail


async def test_jest_judges_a_package_of_a_workspace(tmp_path: Path) -> None:
    """Hoisted to the root, with the verdict of each test and the message of the one that fails."""
    files = {
        "package.json": json.dumps({"workspaces": ["packages/*"], "devDependencies": {"jest": "30"}}),
        "packages/shop/package.json": json.dumps({"name": "shop", "jest": {"testEnvironment": "node"}}),
        "packages/shop/total.js": "exports.total = function (lines) {\n};\n",
        "packages/shop/__tests__/total.js": (
            "const { total } = require('../total');\n"
            "describe('total', () => {\n"
            "  it('adds', () => { expect(total([1, 2])).toBe(3); });\n"
            "  it.each([[[], 0], [[4], 4]])('of %j', (lines, sum) => { expect(total(lines)).toBe(sum); });\n"
            "});\n"
        ),
    }
    shop = _shop(tmp_path, files)
    bring("jest", shop.root)
    asked = ask(shop, "packages/shop/total.js", "total")
    assert len(asked.tests) == 2
    judge = judge_of(shop, asked)
    right = await findings(
        judge, "exports.total = function (lines) { return lines.reduce((a, b) => a + b, 0); };"
    )
    assert right.status is Status.PASS, right.evidence
    wrong = await findings(judge, "exports.total = function (lines) { return lines.length + 1; };")
    tests = next(each for each in wrong.evidence if each.source == "tests")
    assert (wrong.status, tests.passed, tests.total) == (Status.FAIL, 1, 2)
