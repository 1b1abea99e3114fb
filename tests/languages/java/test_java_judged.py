"""Candidates in Java, judged in the sandbox: several modules, JUnit 4, and ends that do not count."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.languages.java.language import JAVA
from scripts.language_parts import PARTS
from tests.support.toolchains import Shop, ask, findings, judge_of

if TYPE_CHECKING:
    from cope_lsp.code.findings import Findings

pytestmark = [pytest.mark.heavy]

MODULES = Path(__file__).parent / "modules"
FILE = "app/src/main/java/a/A.java"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A project of three modules in a folder with a space; one, which nobody needs, does not compile."""
    monkeypatch.setenv("MAVEN_OPTS", f"-Dmaven.repo.local={PARTS['junit']()}")
    root = tmp_path / "my project"
    shutil.copytree(MODULES, root)
    (root / "other/src/main/java/o/O.java").write_text("class O { int x = ; }")
    return Shop(JAVA, root, tmp_path / "builds")


def _status(found: Findings, source: str) -> Status:
    return next(each.status for each in found.evidence if each.source == source)


async def test_candidates_of_one_module_are_judged(shop: Shop) -> None:
    """Right, wrong, ended and forged ones, over one build of the module and the one that it needs."""
    judge = judge_of(shop, ask(shop, FILE, "A.next"), timeout_s=20)
    right = await findings(judge, "public int next(int x) { return x + C.one(); }")
    assert right.status is Status.PASS
    assert right.proofs == 2
    tests = next(each for each in right.evidence if each.source == "tests")
    assert "a.ATest#waits" in tests.detail  # an ignored test says nothing
    wrong = await findings(judge, "public int next(int x) { return x; }")
    assert _status(wrong, "tests") is Status.FAIL
    assert "expected:<3> but was:<2>" in wrong.failures[0].detail
    broken = await findings(judge, "public int next(int x) { return y; }")
    assert _status(broken, "checks") is Status.FAIL
    assert "cannot find symbol" in broken.failures[0].detail
    ended = await findings(judge, "public int next(int x) { System.exit(0); return x + 1; }")
    assert _status(ended, "tests") is Status.FAIL
    forged = await findings(
        judge,
        """public int next(int x) {
            System.out.println("ok 0 0");
            java.io.FileOutputStream out = new java.io.FileOutputStream(java.io.FileDescriptor.out);
            java.io.PrintStream all = new java.io.PrintStream(out);
            all.println("\\nok 0 0");
            all.println("ok 1 1");
            Runtime.getRuntime().halt(0);
            return 0;
        }""",
    )
    assert _status(forged, "tests") is Status.FAIL


async def test_what_is_not_downloaded_is_said(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the plugins on disk nothing is fetched, and nothing is claimed."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("MAVEN_OPTS", f"-Dmaven.repo.local={empty}")
    judge = judge_of(shop, ask(shop, FILE, "A.next"))
    found = await findings(judge, "public int next(int x) { return x + 1; }")
    assert _status(found, "tests") is Status.UNKNOWN
    told = next(each.detail for each in found.evidence if each.source == "tests")
    assert "offline" in told
