"""Calls of JavaScript's and TypeScript's functions on generated inputs, and what is seen of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.code.clusters import clusters
from cope_lsp.code.evidence import cases_of
from cope_lsp.languages.javascript.calls import exported
from cope_lsp.languages.javascript.language import JAVASCRIPT
from cope_lsp.languages.typescript.language import TYPESCRIPT
from tests.support.toolchains import Shop, ask, findings, judge_of

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.findings import Findings
    from cope_lsp.languages.language import Language


def calls(code: str, *texts: str, language: Language = JAVASCRIPT, seed: int = 0) -> tuple[str, ...]:
    """Calls of the function `f`."""
    source = language.syntax.parse(code.encode())
    target = language.syntax.target_named(source, "f")
    assert target is not None
    return language.running.inputs(source, target, (), seed, tuple(text.encode() for text in texts))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("export function f() {}", "f"),
        ("export async function f() {}", "f"),
        ("export const f = () => 1;", "f"),
        ("function f() {}\nexport { g, f };", "f"),
        ("function f() {}\nexport { f as total };", "total"),
        ("export default function f() {}", ""),
        ("function f() {}\nexport default f;", ""),
        ("function f() {}\nmodule.exports = f;", ""),
        ("function f() {}\nmodule.exports = { g, f };", "f"),
        ("function f() {}\nmodule.exports = { total: f };", "total"),
        ("exports.f = function f() {};", "f"),
        ("function f() {}\nexport function ff() {}", None),
        ("function f() {}", None),
    ],
)
def test_how_a_module_gives_a_function_out(text: str, name: str | None) -> None:
    """By its name, by another, as the default, or not at all."""
    assert exported(text, "f") == name


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("number", "("),
        ("string", '("'),
        ("boolean", "(true)"),
        ("string[]", '(["'),
        ("readonly number[]", "(["),
        ("Array<[string, number]>", '([["'),
        ("Record<string, number>", "({ "),
        ("{ price: number; count?: number }", "({ price: "),
        ("Line", "({ price: "),
        ("Line[] | null", "(null)"),
        ('"a" | "b"', '("'),
        ("Partial<Line>", "({ price: "),
    ],
)
def test_annotations_say_what_is_drawn(kind: str, part: str) -> None:
    """Many calls, none twice, the same for the same seed; JSDoc says the same in JavaScript."""
    code = f"interface Line {{ price: number }}\nexport function f(x: {kind}): number {{ return 0 }}\n"
    made = calls(code, language=TYPESCRIPT)
    assert made == calls(code, language=TYPESCRIPT)
    assert len(set(made)) == len(made) > 1
    assert any(part in call for call in made)
    if "Line" not in kind and "readonly" not in kind:
        documented = f"/**\n * Does.\n * @param {{{kind}}} x what\n */\nexport function f(x) {{ return 0 }}\n"
        assert any(part in call for call in calls(documented))


def test_without_types_the_tests_arguments_say_it() -> None:
    """Kinds as seen, also of what is left out."""
    code = "export function f(words, by = 2) { return 0 }\n"
    made = calls(code, 'test("x", () => { f(["left"], -1); lib.f([`right`]); f(other()); });')
    assert made[:2] == ('f(["left"], -1)', 'f(["right"])')
    assert all(call.startswith("f([") for call in made)


@pytest.mark.parametrize(
    "code",
    [
        "function f(n) { return n }",
        "export class A { f(n) { return n } }",
        "export function f({ a, b }) { return a }",
        "export function f(/** @type {any} */ ...[a]) { return a }",
    ],
)
def test_what_cannot_be_called_so_gets_none(code: str) -> None:
    """Functions that are not given out, methods, parameters that are taken apart."""
    source = JAVASCRIPT.syntax.parse(code.encode())
    target = JAVASCRIPT.syntax.targets(source)[0]
    assert JAVASCRIPT.running.inputs(source, target, (), 0, ()) == ()


def test_types_of_elsewhere_get_none() -> None:
    """No value of them can be written down."""
    assert calls("export function f(x: Request): number { return 0 }\n", language=TYPESCRIPT) == ()
    assert (
        calls("export function f(x: (n: number) => void): number { return 0 }\n", language=TYPESCRIPT) == ()
    )


TEST = """const test = require("node:test");
const assert = require("node:assert");
const { f } = require("./f.js");

test("whole", () => {
  assert.equal(f(4, 2), 2);
});
"""


async def judged(root: Path, *bodies: str) -> list[Findings]:
    """What is found out of several bodies of a CommonJS module's function."""
    (root / "package.json").write_text('{"name": "x"}')
    documented = "/**\n * @param {number} n\n * @param {number} by\n */\n"
    stub = f'{documented}function f(n, by) {{\n  throw new Error("TODO");\n}}\n'
    (root / "f.js").write_text(f"{stub}\nmodule.exports = {{ f }};\n")
    (root / "f.test.js").write_text(TEST)
    judge = judge_of(Shop(JAVASCRIPT, root, root.parent / "builds"), ask(_shop(root), "f.js", "f"))
    return [await findings(judge, body) for body in bodies]


def _shop(root: Path) -> Shop:
    return Shop(JAVASCRIPT, root, root.parent / "builds")


@pytest.mark.heavy
async def test_candidates_that_behave_alike_are_one_cluster(tmp_path: Path) -> None:
    """Equal ones by another way; one that throws, one that never ends, one that ends the process."""
    root = tmp_path / "project"
    root.mkdir()
    found = await judged(
        root,
        "return n / by;",
        "const share = n * 10 / by;\nreturn share / 10;",
        'if (by === 0) {\n  throw new RangeError("zero");\n}\nreturn n / by;',
        "while (by === 0) {\n}\nreturn n / by;",
    )
    first, same, throwing, endless = found
    assert [each.proofs for each in found] == [1] * 4
    assert len([call for call in first.calls if call]) == len(first.calls) > 20
    assert first.calls == same.calls
    assert "throws RangeError" in throwing.calls
    assert "runs out of time" in endless.calls
    assert [len(group) for group in clusters(found)] == [2, 1, 1]


SHOWN = {
    "undefined": "undefined",
    "0 * -1": "-0",
    "NaN": "NaN",
    "10n": "10n",
    'new Map([["b", 1], ["a", [2]]])': 'Map{"a": [2], "b": 1}',
    "new Set([2, 1])": "Set{1, 2}",
    "0.1 + 0.2": "0.3",
    "Promise.resolve({ b: 1, a: null })": "{a: null, b: 1}",
    "[undefined, , 'x']": '[undefined, undefined, "x"]',
    "(function* () { yield 1; yield 2; })()": "[1, 2]",
}


@pytest.mark.heavy
async def test_values_that_json_hides_are_told_apart(tmp_path: Path) -> None:
    """Each kind of value has a text of its own; what changes from call to call has none."""
    root = tmp_path / "project"
    root.mkdir()
    pairs = ", ".join(f"() => {text}" for text in SHOWN)
    body = (
        f"if (n === 4) {{\n  return 2;\n}}\nreturn [{pairs}, Math.random][Math.abs(n) % {len(SHOWN) + 1}]();"
    )
    (found,) = await judged(root, body)
    asked = cases_of(ask(_shop(root), "f.js", "f")).calls
    seen = {call: told for call, told in zip(asked, found.calls, strict=True) if told}
    for call, told in seen.items():
        number = call.partition("(")[2].partition(",")[0]
        place = abs(float(number)) % (len(SHOWN) + 1)
        if place == int(place) < len(SHOWN) and float(number) != 4:
            assert told.split(";")[0] == list(SHOWN.values())[int(place)], call
    assert len(set(seen.values())) > len(SHOWN) // 2


@pytest.mark.heavy
async def test_typescript_that_node_cannot_run_is_judged_without_calls(tmp_path: Path) -> None:
    """Node's own version decides; nothing is said of a call that was not made."""
    (tmp_path / "package.json").write_text('{"name": "x", "type": "module"}')
    (tmp_path / "f.ts").write_text("export function f(n: number): number {\n  throw new Error('TODO');\n}\n")
    shop = Shop(TYPESCRIPT, tmp_path, tmp_path / "builds")
    asked = ask(shop, "f.ts", "f")
    found = await findings(judge_of(shop, asked), "return n + 1;")
    assert len(found.calls) == len(cases_of(asked).calls) > 10
    assert all(found.calls) or not any(found.calls)
