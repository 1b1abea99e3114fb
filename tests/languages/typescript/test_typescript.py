"""What is particular to TypeScript: its type checker, and who can run its files."""

from __future__ import annotations

import json
from pathlib import Path

from cope_lsp.cascade.problem import Status
from cope_lsp.languages.javascript import checking, packages, scripts
from cope_lsp.languages.registry import for_document, for_path
from cope_lsp.languages.running import Outcome, TestCase, Work
from cope_lsp.languages.toolchain.results import Result
from cope_lsp.languages.typescript.language import TSX, TYPESCRIPT
from tests.languages.cases import read_case
from tests.support.toolchains import Shop, ask, findings, judge_of

HERE = Path(__file__).parent
CASE = read_case(HERE / "case.toml")


def test_files_that_only_declare_are_no_languages() -> None:
    """`.d.ts` by any name the editor has for it; what ends alike is one."""
    assert for_path("types/index.d.ts") is None
    assert for_document("typescript", "index.d.mts") is None
    assert for_document("typescript", "bad.ts") is TYPESCRIPT
    assert for_path("Page.tsx") is TSX


def test_a_reply_keeps_types_and_overloads() -> None:
    """The head stays as it is; a type import comes along as one."""
    text = (
        "export function parse(text: string): number;\nexport function parse(text: unknown): unknown {\n}\n"
    )
    source = TYPESCRIPT.syntax.parse(text.encode())
    target = TYPESCRIPT.syntax.target_named(source, "parse")
    assert target is not None
    reply = (
        "```ts\nimport type { Reader } from './reader.js';\n\n"
        "export function parse(text: unknown): unknown {\n  return (text as Reader).read();\n}\n```"
    )
    made = TYPESCRIPT.syntax.complete(source, target, reply).text
    assert made is not None
    assert made.startswith(
        "import type { Reader } from './reader.js';\n\nexport function parse(text: string): number;"
    )
    assert made.endswith("{\n  return (text as Reader).read();\n}\n")


def test_only_complaints_of_the_targets_file_count(tmp_path: Path) -> None:
    """Those of style do not; others are told without their places, so that old ones are known again."""
    (tmp_path / "tsconfig.json").write_text("{}")
    case = TestCase(checking.TSC, "src/a.ts", "tsc")
    work = Work("src/a.ts", "f", (4, 6), checks=(case,), root=tmp_path)

    def verdict(out: str) -> tuple[Outcome, str]:
        told = checking.verdict(tmp_path, work, case, Result("x", 2, out, "", timed_out=False, seconds=1))
        return told.outcome, told.value

    unused = "src/a.ts(4,1): error TS6133: 'a' is declared but its value is never read.\n"
    elsewhere = "src/b.ts(1,1): error TS2322: Type 'x' is not assignable.\n"
    own = "src/a.ts(9,1): error TS2322: Type 'string' is not assignable to type 'number'.\n  Really.\n"
    assert verdict(unused + elsewhere) == (Outcome.PASSED, "")
    assert verdict(unused + own) == (
        Outcome.FAILED,
        "TS2322: Type 'string' is not assignable to type 'number'. Really.",
    )
    assert verdict("error TS5023: Unknown compiler option.")[0] is Outcome.ERRORED


def test_the_checker_is_the_projects_own(tmp_path: Path) -> None:
    """With settings that speak of the file and the package installed; JavaScript where it is checked."""
    installed = tmp_path / "node_modules" / "typescript"
    assert checking.checks(tmp_path, "a.ts") == ()
    (tmp_path / "tsconfig.json").write_text('{"extends": "./base.json"} // ours')
    assert checking.checks(tmp_path, "a.ts") == ()
    installed.mkdir(parents=True)
    (installed / "package.json").write_text(json.dumps({"bin": {"tsc": "bin/tsc"}}))
    assert [each.id for each in checking.checks(tmp_path, "a.ts")] == ["check:tsc"]
    assert checking.checks(tmp_path, "a.js") == ()
    (tmp_path / "base.json").write_text('{"compilerOptions": {/* all */ "checkJs": true}}')
    assert [each.id for each in checking.checks(tmp_path, "a.js")] == ["check:tsc"]


def test_node_loads_what_the_packages_script_says() -> None:
    """What compiles, and what prepares; not what the script is for."""

    def loaded(script: str) -> tuple[str, ...]:
        return scripts.loading(packages.Package(".", {"scripts": {"test": script}}))

    assert loaded("node --import tsx --test 'tests/**/*.ts'") == ("--import", "tsx")
    assert loaded("NODE_ENV=test node -r ts-node/register --test") == ("-r", "ts-node/register")
    assert loaded("tsx --test tests/*.ts") == ("--import", "tsx")
    assert loaded("node --experimental-strip-types --test") == ("--experimental-strip-types",)
    assert loaded("jest") == ()


async def test_type_errors_that_were_there_do_not_count(tmp_path: Path) -> None:
    """A file with an old error, and a candidate with one of its own: that one alone is told."""
    root = tmp_path / "project"
    CASE.lay(root)
    path = root / CASE.file
    path.write_text(path.read_text("utf-8") + "\nexport const old: number = 'text';\n", "utf-8")
    shop = Shop(TYPESCRIPT, root, tmp_path / "builds")
    judge = judge_of(shop, ask(shop, CASE.file, CASE.symbol))
    right = await findings(judge, _bare(CASE.right))
    checks = next(each for each in right.evidence if each.source == "checks")
    assert (right.status, checks.status) == (Status.PASS, Status.PASS)
    broken = await findings(judge, _bare(CASE.broken))
    checks = next(each for each in broken.evidence if each.source == "checks")
    assert checks.status is Status.FAIL
    assert checks.detail.startswith("src/total.ts:8: TS2339: Property 'given' does not exist")


def _bare(reply: str) -> str:
    return CASE.reply(reply).strip().removeprefix("```ts").removesuffix("```").strip()
