"""A project whose stub has been judged once, and what running a text in its place finds out."""

from __future__ import annotations

import shutil
import tempfile
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.problem import Status
from cope_lsp.code.baseline import baseline
from cope_lsp.code.evidence import Case, cases_of, gather
from cope_lsp.code.findings import EXECUTED, Findings
from cope_lsp.languages.python.running import RUNNER, PythonRunning
from tests.support.judging import ALONE, asked, bench, reply, written

if TYPE_CHECKING:
    from collections.abc import Generator

    from cope_lsp.code.baseline import Baseline
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Run

PROJECT = {
    "numbers_of.py": '''
        def double(x: int) -> int:
            """Twice the number.

            >>> double(4)
            8
            """
            ...
    ''',
    "conftest.py": """
        from numbers_of import double
    """,
    "tests/test_numbers_of.py": """
        from numbers_of import double

        def test_small():
            assert double(2) == 4

        def test_several():
            assert all(double(x) == x + x for x in (-3, 0, 5))
    """,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """The project with its cases and what they say of the stub."""

    asked: CodeProblem
    before: Baseline
    home: Path


@contextmanager
def judged_stub() -> Generator[Scene]:
    """A project below a home folder, its stub judged once."""
    with tempfile.TemporaryDirectory(prefix=".cope-test-", dir=Path.home()) as name:
        root = Path(name).resolve() / "project"
        request = asked(written(root, PROJECT), "numbers_of.py", "double")
        before = anyio.run(baseline, request, bench(request), cases_of(request))
        yield Scene(request, before, root.parent)


async def attacked(
    scene: Scene, text: str, running: PythonRunning | None = None, way: Run = ALONE
) -> Findings:
    """What running a whole text as the candidate finds out."""
    request = scene.asked.request
    language = replace(request.language, running=running) if running else request.language
    case = Case(
        replace(scene.asked, request=replace(request, language=language)),
        bench(scene.asked, run=way),
        cases_of(scene.asked),
        scene.before,
    )
    return await gather(case, Findings(reply(""), (), textwrap.dedent(text).encode()))


def passing(found: Findings) -> set[str]:
    """Sources that speak for a candidate."""
    return {each.source for each in found.evidence if each.source in EXECUTED and each.status is Status.PASS}


class Unsuspecting(PythonRunning):
    """Takes no notice of code that reaches into what judges it."""

    def reaches(self, before: bytes, after: bytes) -> tuple[str, ...]:  # noqa: ARG002 -- the port's signature
        """Nothing."""
        return ()


def weakened(scene: Scene, changes: list[tuple[str, str, str]]) -> Path:
    """A copy of the runner with texts in its files replaced."""
    folder = scene.home / f"runner {len(list(scene.home.iterdir()))}"
    shutil.copytree(RUNNER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new in changes:
        text = (folder / file).read_text()
        assert old in text, f"{file} has changed: {old}"
        (folder / file).write_text(text.replace(old, new))
    return folder
