"""Calls of TypeScript's functions on generated inputs: by the project's compiler, or by Node itself."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.code.clusters import clusters
from cope_lsp.languages.typescript.language import TSX, TYPESCRIPT
from scripts.language_parts import PARTS
from tests.languages.cases import bring
from tests.support.toolchains import ask, findings, judge_of, laid_out

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.findings import Findings
    from tests.support.toolchains import Shop

pytestmark = [pytest.mark.heavy]

UNITS = """export enum Unit { Piece = 1, Dozen = 12 }
export type { Line } from "./line";
export const none = 0;
"""
SHARE = """import { none, type Line, Unit } from "@/units";
import words from "./words.json";

export function share(total: number, by: number): number {
  throw new Error("TODO");
}

export const unit = (line: Line) => line.unit ?? Unit.Piece;
export { none, words };
"""
TEST = """import { expect, test } from "vitest";
import { share } from "../src/share";

test("whole", () => {
  expect(share(4, 2)).toBe(2);
});
"""
COMPILED = {
    "package.json": json.dumps({"type": "module", "scripts": {"test": "vitest run"}}),
    "tsconfig.json": """{
  // as a bundler wants it
  "compilerOptions": { "paths": { "@/*": ["./src/*"] }, "moduleResolution": "bundler", "jsx": "react-jsx" },
}
""",
    "vitest.config.ts": 'export default { resolve: { alias: { "@": "/src" } } };\n',
    "src/units/index.ts": UNITS,
    "src/units/line.ts": "export interface Line { unit?: number }\n",
    "src/words.json": '["one", "two"]\n',
    "src/share.ts": SHARE,
    "tests/share.test.ts": TEST,
}
NODES_OWN = {
    "package.json": json.dumps({"type": "module", "scripts": {"test": "node --test"}}),
    "src/none.ts": "export const none: number = 0;\n",
    "src/share.ts": (
        'import { none } from "./none.ts";\n\nexport function share(total: number, by: number): number {\n'
        '  throw new Error("TODO");\n}\n\nexport { none };\n'
    ),
    "src/share.test.ts": (
        'import assert from "node:assert/strict";\nimport { test } from "node:test";\n'
        'import { share } from "./share.ts";\n\ntest("whole", () => {\n  assert.equal(share(4, 2), 2);\n});\n'
    ),
}
BODIES = ("return total / by;", "return total * (1 / by) * 1;", "return by === 0 ? 0 : total / by;")


async def judged(shop: Shop) -> list[Findings]:
    """What is found out of three bodies of `share`, of which the last differs for a division by zero."""
    judge = judge_of(shop, ask(shop, "src/share.ts", "share"))
    return [await findings(judge, body) for body in BODIES]


def assert_compared(found: list[Findings]) -> None:
    """Each passed its test, all calls were made, and one candidate was seen to be another than the others."""
    tests = [each.status for of in found for each in of.evidence if each.source == "tests"]
    assert tests == [Status.PASS] * 3
    assert all(len([call for call in each.calls if call]) == len(each.calls) > 20 for each in found)
    assert [len(group) for group in clusters(found)] == [2, 1]


async def test_the_projects_own_compiler_loads_what_node_cannot(tmp_path: Path) -> None:
    """Enumerations, `paths`, folders, imports without an extension and JSON, on any Node."""
    shop = laid_out(tmp_path, COMPILED, TYPESCRIPT)
    bring("vitest", shop.root)
    assert_compared(await judged(shop))


async def test_a_newer_node_needs_no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the types away by itself, for tests and for calls."""
    folder = str(PARTS["node"]().parent)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    assert_compared(await judged(laid_out(tmp_path, NODES_OWN, TYPESCRIPT)))


async def test_a_component_is_called_as_the_settings_say(tmp_path: Path) -> None:
    """JSX is compiled; what it becomes is compared."""
    files = {
        **COMPILED,
        "src/jsx.ts": "export const h = (name: string, _: null, ...inner: string[]) => ({ name, inner });\n",
        "tsconfig.json": '{ "compilerOptions": { "jsx": "react", "jsxFactory": "h" } }',
        "src/badge.tsx": (
            'import { h } from "./jsx";\n\nexport function badge(text: string): unknown {\n'
            '  throw new Error("TODO");\n}\n'
        ),
        "tests/badge.test.ts": (
            'import { expect, test } from "vitest";\nimport { badge } from "../src/badge";\n\n'
            'test("named", () => {\n  expect(badge("a")).toEqual({ name: "b", inner: ["a"] });\n});\n'
        ),
    }
    shop = laid_out(tmp_path, files, TSX)
    bring("vitest", shop.root)
    judge = judge_of(shop, ask(shop, "src/badge.tsx", "badge"))
    found = await findings(judge, "return <b>{text}</b>;")
    assert [call for call in found.calls if '"b"' in call]
