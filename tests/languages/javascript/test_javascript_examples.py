"""JSDoc's `@example`: what is read from it, and that it judges like a test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.languages.javascript.language import JAVASCRIPT
from cope_lsp.languages.typescript.language import TYPESCRIPT
from tests.languages.cases import bring
from tests.support.toolchains import Shop, ask, findings, judge_of

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.cascade.problem import Evidence
    from cope_lsp.code.findings import Findings
    from cope_lsp.languages.language import Language
    from cope_lsp.languages.running import Example

SLUG = """\
/**
 * The words of a text, joined by hyphens.
 * @param {string} text any text
 * @example
 * slugify("A b") // => "a-b"
 * @example <caption>Nothing</caption>
 * ```js
 * import { slugify } from "./slug.js";
 * const given = { text: "" };
 * slugify(given.text); // ""
 * slugify(null); // throws TypeError
 * ```
 * @returns {string} the slug
 */
export function slugify(text) {
}
"""
RIGHT = (
    'export function slugify(text) { return text.toLowerCase().split(" ").filter((word) => word).join("-"); }'
)
WRONG = 'export function slugify(text) { return text === null ? "" : text.toLowerCase(); }'


def _shown(comment: str, name: str = "slugify") -> tuple[Example, ...]:
    lines = "".join(f" * {line}\n" for line in comment.splitlines())
    source = JAVASCRIPT.syntax.parse(f"/**\n{lines} */\nexport function {name}(text) {{\n}}\n".encode())
    target = JAVASCRIPT.syntax.target_named(source, name)
    assert target is not None
    return JAVASCRIPT.syntax.examples(source, target)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('slugify("A") // => "a"', '"a"'),
        ('slugify("A"); // "a"', '"a"'),
        ('slugify("A"); // -> "a".', '"a"'),
        ('slugify("A"); // returns "a"', '"a"'),
        ('slugify("A")\n// → "a"', '"a"'),
        ('console.log(slugify("A")); // "a"', '"a"'),
        ('console.log(slugify("A")); // prints a', '"a"'),
        ("slugify(1); // => -1", "-1"),
        ("slugify(1); // [1, { a: null, b: undefined }]", "[1, { a: null, b: undefined }]"),
        ("slugify(1); // => new Map([[1, NaN]])", "new Map([[1, NaN]])"),
        ('slugify(\n  "A",\n); // "a"', '"a"'),
    ],
)
def test_a_comment_beside_or_below_a_call_tells_its_value(line: str, expected: str) -> None:
    """In the manners that people write it."""
    assert [each.expected for each in _shown(f"@example\n{line}")] == [expected]


@pytest.mark.parametrize(
    "comment",
    [
        'slugify("A") // "a"',
        '@example\nslugify("A"); // makes a slug',
        '@example\nslugify("A");\n// "a"',
        '@example\nslugify("A"); // throws away the rest',
        '@example\nconsole.log(slugify("A")); // is short',
        '@example\nconsole.log(slugify("A")); // returns nothing',
        '@example\nslugify("A");\n\n// => "a"',
        '@example\nother("A"); // "a"',
        '@example\nslugify("A"; // "a"',
        '@example\n```sh\nslugify("A") // "a"\n```',
        '@example\nslugify("A"); // => slugify("a")',
        '@returns\nslugify("A"); // "a"',
    ],
)
def test_what_tells_no_value_is_no_example(comment: str) -> None:
    """Prose, code that does not parse, what is not about the target, other languages, further calls."""
    assert _shown(comment) == ()


def test_what_stands_before_a_call_is_its_set_up() -> None:
    """Statements of its block, but neither imports nor what throws."""
    before = 'const { slugify } = require("x");\nconst a = "A";\nslugify(null); // throws TypeError\n'
    first, second = _shown(f"@example\n{before}slugify(a); // 'a'")
    assert (first.raises, first.expected) == ("TypeError", "")
    assert second.setup == ('const a = "A";',)


def _shop(tmp_path: Path, files: dict[str, str], language: Language = JAVASCRIPT) -> Shop:
    root = tmp_path / "project"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Shop(language, root, tmp_path / "builds")


def _of(found: Findings, source: str) -> Evidence:
    return next(each for each in found.evidence if each.source == source)


async def test_examples_judge_without_any_test(tmp_path: Path) -> None:
    """Right code passes all three; wrong code fails one, and what it gave is said."""
    shop = _shop(tmp_path, {"package.json": '{"type": "module"}', "slug.js": SLUG})
    judge = judge_of(shop, ask(shop, "slug.js", "slugify"))
    right = await findings(judge, RIGHT)
    assert (right.status, _of(right, "examples").passed) == (Status.PASS, 3), right.evidence
    wrong = await findings(judge, WRONG)
    examples = _of(wrong, "examples")
    assert (wrong.status, examples.passed, examples.total) == (Status.FAIL, 1, 3)
    assert "a b" in examples.detail


async def test_code_cannot_pass_its_own_examples(tmp_path: Path) -> None:
    """Neither by exchanging what compares, nor by ending early."""
    shop = _shop(tmp_path, {"package.json": '{"type": "module"}', "slug.js": SLUG})
    judge = judge_of(shop, ask(shop, "slug.js", "slugify"), timeout_s=3)
    for body in (
        "assert.deepStrictEqual = () => {}; assert.fail = () => {};",
        "process.exit(0);",
        "for (;;);",
    ):
        code = (
            f'import assert from "node:assert/strict";\nexport function slugify(text) {{ {body} return 1; }}'
        )
        found = await findings(judge, code)
        assert found.status is Status.FAIL, body


async def test_methods_and_other_exports_are_at_hand(tmp_path: Path) -> None:
    """In a script of CommonJS, an example makes the class and uses what stands beside it."""
    text = (
        "const UNIT = 2;\nclass Bill {\n  /**\n   * @example\n   * new Bill().twice(UNIT) // => 4\n   */\n"
        "  twice(n) {\n  }\n}\nmodule.exports = { Bill, UNIT };\n"
    )
    shop = _shop(tmp_path, {"package.json": "{}", "lib/bill.js": text})
    judge = judge_of(shop, ask(shop, "lib/bill.js", "Bill.twice"))
    assert (await findings(judge, "twice(n) { return 2 * n; }")).status is Status.PASS
    assert (await findings(judge, "twice(n) { return n; }")).status is Status.FAIL


async def test_what_is_not_exported_leaves_the_evidence_open(tmp_path: Path) -> None:
    """Nothing outside the module could call it, and that is said."""
    shop = _shop(tmp_path, {"package.json": '{"type": "module"}', "slug.js": SLUG.replace("export ", "")})
    found = await findings(judge_of(shop, ask(shop, "slug.js", "slugify")), RIGHT.replace("export ", ""))
    examples = _of(found, "examples")
    assert examples.status is Status.UNKNOWN
    assert "not exported" in examples.detail


async def test_vitest_runs_examples_in_typescript(tmp_path: Path) -> None:
    """Where Node cannot read types, what the project tests with does."""
    text = (
        "/**\n * @example\n * half<number>(4) // => 2\n */\nexport function half<T>(n: T): number {\n"
        '  throw new Error("not implemented");\n}\n'
    )
    files = {"package.json": json.dumps({"devDependencies": {"vitest": "*"}}), "src/half.ts": text}
    shop = _shop(tmp_path, files, TYPESCRIPT)
    bring("vitest", shop.root)
    judge = judge_of(shop, ask(shop, "src/half.ts", "half"))
    right = await findings(judge, "export function half<T>(n: T): number { return Number(n) / 2; }")
    assert right.status is Status.PASS, right.evidence
    wrong = await findings(judge, "export function half<T>(n: T): number { return Number(n) * 2; }")
    assert (wrong.status, _of(wrong, "examples").total) == (Status.FAIL, 1)
