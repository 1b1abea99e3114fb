"""Candidates in Java, judged by Gradle: its own build, its own reports, in one of several projects."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.languages.java.language import JAVA
from scripts.language_parts import PARTS
from tests.support.toolchains import ask, findings, judge_of, laid_out

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.code.findings import Findings
    from tests.support.toolchains import Shop

pytestmark = [pytest.mark.heavy]

FILES = {
    "settings.gradle": "rootProject.name = 'shop'\ninclude 'till', 'other'\n",
    "build.gradle": "subprojects { apply plugin: 'java' }\n",
    "till/build.gradle": "dependencies { testImplementation fileTree(dir: '../libs', include: '*.jar') }\n",
    "till/src/main/java/shop/Till.java": (
        "package shop;\n\npublic class Till {\n    public int total(int... prices) {\n"
        '        throw new UnsupportedOperationException("TODO");\n    }\n}\n'
    ),
    "till/src/test/java/shop/TillTest.java": (
        "package shop;\n\nimport static org.junit.Assert.assertEquals;\n\nimport org.junit.Test;\n\n"
        "public class TillTest {\n    @Test\n    public void adds() {\n"
        "        assertEquals(6, new Till().total(1, 2, 3));\n    }\n\n"
        "    @Test\n    public void nothing() {\n"
        "        assertEquals(0, new Till().total());\n    }\n}\n"
    ),
    "other/src/main/java/other/Broken.java": "class Broken { int x = ; }\n",
}
RIGHT = """public int total(int... prices) {
    int sum = 0;
    for (int price : prices) {
        sum += price;
    }
    return sum;
}"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A build of two projects, one of which does not compile; JUnit 4 stands in a folder of the build."""
    PARTS["gradle"]()
    of = laid_out(tmp_path, FILES, JAVA)
    (of.root / "libs").mkdir()
    for pattern in ("junit-4*.jar", "hamcrest-core-1*.jar"):
        jar = next(PARTS["junit"]().rglob(pattern))
        shutil.copy(jar, of.root / "libs")
    return of


def _tests(found: Findings) -> tuple[Status, int, int]:
    return next((each.status, each.passed, each.total) for each in found.evidence if each.source == "tests")


async def test_gradle_says_what_each_test_did(shop: Shop) -> None:
    """Right, wrong, not compiled, ended: by the project's own tasks alone, without its sibling's."""
    judge = judge_of(shop, ask(shop, "till/src/main/java/shop/Till.java", "Till.total"))
    right = await findings(judge, RIGHT)
    assert _tests(right) == (Status.PASS, 2, 2), right.evidence
    wrong = await findings(judge, RIGHT.replace("sum = 0", "sum = 1"))
    assert _tests(wrong) == (Status.FAIL, 0, 2)
    assert "expected:<6> but was:<7>" in "".join(failure.detail for failure in wrong.failures)
    broken = await findings(judge, RIGHT.replace("sum += price", "sum += prize"))
    assert next(each.status for each in broken.evidence if each.source == "checks") is Status.FAIL
    assert "cannot find symbol" in "".join(failure.detail for failure in broken.failures)
    ended = await findings(judge, RIGHT.replace("return sum", "System.exit(0);\n    return sum"))
    assert _tests(ended)[0] is not Status.PASS
