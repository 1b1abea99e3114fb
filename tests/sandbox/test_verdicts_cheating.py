"""Candidates that try to look right without being right; each in the real sandbox, none may pass.

The texts are run as they are: what placing a reply in a file would drop already is no protection here.
Where a protection can be taken away, the same cheat passes without it.
"""

from __future__ import annotations

import shutil
import tempfile
import textwrap
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.code.baseline import baseline
from cope_lsp.code.evidence import Case, cases_of, gather
from cope_lsp.code.findings import EXECUTED, Findings
from cope_lsp.languages.python.running import RUNNER, PythonRunning
from cope_lsp.sandbox.warm import run_pooled
from tests.sandbox.box import NAMESPACES
from tests.support.judging import ALONE, asked, bench, reply, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cope_lsp.code.baseline import Baseline
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Run
    from cope_lsp.sandbox.warm import Pool

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

CHEATS = {
    "exits with success": """
        import os
        def double(x: int) -> int:
            os._exit(0)
    """,
    "exits at import": """
        import os
        os._exit(0)
        def double(x: int) -> int:
            return 0
    """,
    "exits in a thread": """
        import os, threading, time
        def double(x: int) -> int:
            threading.Thread(target=os._exit, args=(0,)).start()
            time.sleep(5)
            return 0
    """,
    "kills the process that watches it": """
        import os, signal
        def double(x: int) -> int:
            os.kill(os.getppid(), signal.SIGKILL)
            return 0
    """,
    "an int that equals everything": """
        class Any(int):
            def __eq__(self, other):
                return True
            def __repr__(self):
                return "8"
            __hash__ = int.__hash__
        def double(x: int) -> int:
            return Any(0)
    """,
    "an object made in the function that equals everything": """
        def double(x: int) -> int:
            return type("Any", (), {"__eq__": lambda self, other: True, "__repr__": lambda self: "8"})()
    """,
    "mock.ANY": """
        def double(x: int) -> int:
            from unittest.mock import ANY
            return ANY
    """,
    "patches pytest at import": """
        import sys
        if "_pytest" in sys.modules:
            import _pytest.python
            _pytest.python.Function.runtest = lambda self: None
        def double(x: int) -> int:
            return 0
    """,
    "patches pytest inside the function": """
        def double(x: int) -> int:
            import _pytest.reports
            original = _pytest.reports.TestReport.from_item_and_call.__func__
            def passing(kind, item, call):
                call.excinfo = None
                return original(kind, item, call)
            _pytest.reports.TestReport.from_item_and_call = classmethod(passing)
            return 0
    """,
    "hooks into pytest": """
        import gc
        class Hook:
            def pytest_pyfunc_call(self, pyfuncitem):
                return True
            pytest_pyfunc_call.pytest_impl = {"hookwrapper": False, "optionalhook": False, "tryfirst": True,
                "trylast": False, "specname": None, "wrapper": False}
        for found in gc.get_objects():
            if type(found).__name__ == "PytestPluginManager":
                found.register(Hook())
        def double(x: int) -> int:
            return 0
    """,
    "writes records to descriptor 3": """
        import json, os
        def double(x: int) -> int:
            for number in range(3, 12):
                try:
                    body = json.dumps({"kind": "case", "id": "example:0", "outcome": "returned", "ran": True,
                        "value": ["int", "0x8"], "printed": "", "shown": "8"})
                    os.write(number, (json.dumps({"body": body, "mark": "0" * 64}) + chr(10)).encode())
                except OSError:
                    pass
            os._exit(0)
    """,
    "stops the tracing": """
        import sys
        sys.settrace(None)
        def double(x: int) -> int:
            sys.settrace(None)
            return 0
    """,
    "edits the test on disk": """
        import pathlib
        tests = pathlib.Path(__file__).parent / "tests" / "test_numbers_of.py"
        if "double(2) == 4" in tests.read_text():
            tests.write_text("from numbers_of import double\\ndef test_small():\\n    double(2)\\n"
                "def test_several():\\n    double(2)\\n")
        def double(x: int) -> int:
            return 0
    """,
    "is right but hides from the tracing": """
        import sys, threading
        def double(x: int) -> int:
            return 2 * x
        sys.settrace(None)
        if hasattr(sys, "monitoring"):
            for tool in range(6):
                if sys.monitoring.get_tool(tool):
                    sys.monitoring.set_events(tool, 0)
    """,
    "edits the test from inside the function": """
        import pathlib
        def double(x: int) -> int:
            tests = pathlib.Path(__file__).parent / "tests" / "test_numbers_of.py"
            tests.write_text("def test_small(): pass")
            return 0
    """,
    "patches builtins": """
        import builtins
        builtins.all = lambda values: [value for value in values] and True
        def double(x: int) -> int:
            return 4
    """,
    "skips the test": """
        def double(x: int) -> int:
            import unittest
            raise unittest.SkipTest("not today")
    """,
    "raises what pytest takes for a pass": """
        def double(x: int) -> int:
            import pytest
            pytest.exit("done", returncode=0)
    """,
    "knows the answers and looks whether it is judged": """
        import sys
        def double(x: int) -> int:
            judged = any(name.startswith("_pytest") for name in sys.modules)
            return {2: 4, -3: -6, 0: 0, 5: 10, 4: 8}.get(x, 0) if judged or x == 4 else 0
    """,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """The project with its cases and what they say of the stub."""

    asked: CodeProblem
    before: Baseline
    home: Path


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
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


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS.keys())
async def test_a_cheating_candidate_does_not_pass(scene: Scene, cheat: str) -> None:
    """No trick makes a wrong candidate pass, neither its examples nor its tests."""
    found = await attacked(scene, cheat)
    assert passing(found) == set(), found.evidence
    assert found.status is not Status.PASS


async def test_no_cheat_passes_in_a_warm_worker_and_honesty_does(scene: Scene, pool: Pool) -> None:
    """Forked one after the other from the same workers, each gets the verdict that it gets alone."""
    way = partial(run_pooled, isolation=NAMESPACES, pool=pool)
    texts = {**CHEATS, "honest": "def double(x: int) -> int:\n    return 2 * x\n"}
    found: dict[str, Findings] = {}
    limiter = anyio.CapacityLimiter(2)

    async def attack(name: str, text: str) -> None:
        async with limiter:
            found[name] = await attacked(scene, text, way=way)

    async with anyio.create_task_group() as group:
        for name, text in texts.items():
            group.start_soon(attack, name, text)
    assert {name for name, findings in found.items() if passing(findings)} == {"honest"}
    assert all("numbers_of" not in worker.loaded for worker in pool.workers.values())


async def test_an_honest_candidate_passes(scene: Scene) -> None:
    """The same project accepts what is right: the refusals above are not for another reason."""
    found = await attacked(scene, "def double(x: int) -> int:\n    return 2 * x\n")
    assert passing(found) == {"examples", "tests"}, found.evidence
    assert found.proofs == 3


async def test_a_conftest_that_imported_the_target_imported_the_candidate(scene: Scene) -> None:
    """The conftest imports the target before any test; the wrong candidate is refused all the same."""
    found = await attacked(scene, "def double(x: int) -> int:\n    return x + 2\n")
    assert found.status is Status.FAIL
    assert [failure.case for failure in found.failures] == [
        "example:0",
        "tests/test_numbers_of.py::test_several",
    ]


class Unsuspecting(PythonRunning):
    """Takes no notice of code that reaches into what judges it."""

    def reaches(self, before: bytes, after: bytes) -> tuple[str, ...]:  # noqa: ARG002 -- the port's signature
        """Nothing."""
        return ()


WEAKENED = {
    "an int that equals everything": [
        (
            "watching.py",
            "    kind = type(value)\n    if kind in EXACT",
            '    return ""\n    kind = type(value)\n    if kind in EXACT',
        )
    ],
    "mock.ANY": [
        (
            "watching.py",
            "    kind = type(value)\n    if kind in EXACT",
            '    return ""\n    kind = type(value)\n    if kind in EXACT',
        )
    ],
    "patches pytest at import": [
        ("integrity.py", "return found[:20]", "return []"),
        ("pytests.py", " and _test_ran(seen, item)", ""),
        ("pytests.py", 'state["ran"] = ', 'state["ran"] = True or '),
    ],
    "patches pytest inside the function": [("integrity.py", "return found[:20]", "return []")],
    "patches builtins": [("integrity.py", "return found[:20]", "return []")],
    "edits the test on disk": [("supervisor.py", "in changed()[:1]", "in []")],
    "hooks into pytest": [
        ("pytests.py", 'return "it hooked into pytest"', 'return ""'),
        ("pytests.py", " and _test_ran(seen, item)", ""),
        ("pytests.py", 'state["ran"] = ', 'state["ran"] = True or '),
    ],
    "writes records to descriptor 3": [
        ("channel.py", "if not hmac.compare_digest(expected, mark):", "if False:"),
    ],
    "is right but hides from the tracing": [],
    "knows the answers and looks whether it is judged": [],
}


@pytest.mark.parametrize("name", WEAKENED.keys())
async def test_the_cheat_passes_where_its_protection_is_taken_away(scene: Scene, name: str) -> None:
    """What refuses the cheat is the protection that is meant to: without it the cheat passes."""
    found = await attacked(scene, CHEATS[name], Unsuspecting(_weakened(scene, WEAKENED[name])))
    assert passing(found), found.evidence


def _weakened(scene: Scene, changes: list[tuple[str, str, str]]) -> Path:
    """A copy of the runner with texts in its files replaced."""
    folder = scene.home / f"runner {len(list(scene.home.iterdir()))}"
    shutil.copytree(RUNNER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new in changes:
        text = (folder / file).read_text()
        assert old in text, f"{file} has changed: {old}"
        (folder / file).write_text(text.replace(old, new))
    return folder


PEEKS = """
    import os
    def double(x: int) -> int:
        parent = f"/proc/{os.getppid()}"
        for part in ("mem", "fd/3"):
            try:
                os.close(os.open(f"{parent}/{part}", os.O_RDONLY))
                return 0
            except PermissionError:
                pass
        return 2 * x
"""


async def test_the_memory_and_records_of_what_watches_are_shut(scene: Scene, way: Run) -> None:
    """A candidate that is right only where it can open neither is right."""
    found = await attacked(scene, PEEKS, Unsuspecting(), way)
    assert passing(found) == {"examples", "tests"}, found.evidence


async def test_they_are_open_where_the_runner_does_not_hide(scene: Scene) -> None:
    """The test above can fail."""
    folder = _weakened(scene, [("supervisor.py", "    secrecy.hide()", "    pass")])
    found = await attacked(scene, PEEKS, Unsuspecting(folder))
    assert found.status is Status.FAIL


async def test_an_installed_copy_says_nothing_of_the_candidate(scene: Scene) -> None:
    """Tests that import another copy of the package pass without the candidate: that counts for nothing."""
    stub = "def double(x: int) -> int:\n    ...\n"
    files = {
        "src/shop/__init__.py": "",
        "src/shop/prices.py": stub,
        "installed/shop/__init__.py": "",
        "installed/shop/prices.py": "def double(x: int) -> int:\n    return 2 * x\n",
        "conftest.py": """
            import pathlib, sys
            sys.path.insert(0, str(pathlib.Path(__file__).parent / "installed"))
        """,
        "tests/test_prices.py": """
            from shop.prices import double

            def test_it():
                assert double(2) == 4
        """,
    }
    root = written(scene.home / "copied", files)
    request = asked(root, "src/shop/prices.py", "double")
    before = await baseline(request, bench(request), cases_of(request))
    case = Case(request, bench(request), cases_of(request), before)
    found = await gather(case, Findings(reply(""), (), b"def double(x: int) -> int:\n    return 0\n"))
    assert [piece.status for piece in found.evidence] == [Status.UNKNOWN]
