"""What a package's scripts say: the runner behind `npm test`, and what Node must be told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cope_lsp.code.judge import code_judge
from cope_lsp.languages.javascript import runners
from cope_lsp.languages.javascript.language import JAVASCRIPT
from cope_lsp.languages.running import Work
from tests.languages.cases import bring
from tests.support.toolchains import ask, bench_of, findings, laid_out

if TYPE_CHECKING:
    from pathlib import Path

MODULES = {
    "package.json": json.dumps(
        {
            "type": "module",
            "scripts": {"test": "NODE_OPTIONS=--experimental-vm-modules jest --testTimeout 900"},
            "devDependencies": {"jest": "30"},
        }
    ),
    "total.js": "export function total(lines) {\n}\n",
    "total.test.js": (
        "import { total } from './total.js';\n"
        "test('adds', () => { expect(total([1, 2])).toBe(3); });\n"
        "test('in time', () => new Promise((done) => setTimeout(done, total([600, 600]))));\n"
    ),
}


@pytest.mark.parametrize(
    ("script", "command", "meant"),
    [
        ("vitest run --config unit.ts", "npm test", "vitest run --config unit.ts"),
        ("vitest --project unit", "pnpm run test -- --retry 0", "vitest --project unit --retry 0"),
        ("tsc && NODE_ENV=test jest -c a.json; echo", "yarn test", "jest -c a.json"),
        (
            "node --experimental-vm-modules node_modules/jest/bin/jest.js --forceExit",
            "npm t",
            "node_modules/jest/bin/jest.js --forceExit",
        ),
        ("mocha", "npm test", "npm test"),
        ("echo 'no end", "npm test", "npm test"),
        ("vitest", "npm run lint", "npm run lint"),
    ],
)
def test_a_package_managers_script_is_what_it_runs(
    tmp_path: Path, script: str, command: str, meant: str
) -> None:
    """The runner that the script starts, up to the next command; what starts none of ours is left alone."""
    files = {"package.json": json.dumps({"scripts": {"test": script}}), "b/package.json": "{}"}
    root = laid_out(tmp_path, files, JAVASCRIPT).root
    own = runners.own_command(Work("b/a.js", "f", (1, 1), command=tuple(command.split()), root=root))
    assert " ".join(own) == meant


@pytest.mark.parametrize("command", [(), ("npm", "test")], ids=["by itself", "npm test"])
async def test_jest_loads_modules_as_the_packages_script_says(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    """What the script tells Node is told always; its options where the user's command is that script."""
    shop = laid_out(tmp_path, MODULES, JAVASCRIPT)
    bring("jest", shop.root)
    asked = ask(shop, "total.js", "total")
    judge = code_judge(asked, replace(bench_of(shop), command=command))
    found = await findings(judge, "export function total(lines) { return lines[0] + lines[1]; }")
    tests = next(each for each in found.evidence if each.source == "tests")
    assert (tests.passed, tests.total) == ((1, 2) if command else (2, 2)), tests.detail
