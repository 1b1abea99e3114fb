"""Candidates that cheat, each in the real sandbox: none may pass.

Where a protection can be taken away, the same cheat passes without it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.code.baseline import baseline
from cope_lsp.code.evidence import Case, cases_of, gather
from cope_lsp.code.findings import Findings
from cope_lsp.sandbox.warm import run_pooled
from tests.sandbox.box import NAMESPACES
from tests.sandbox.cheats import CHEATS
from tests.sandbox.scene import Unsuspecting, attacked, passing, weakened
from tests.support.judging import asked, bench, reply, written

if TYPE_CHECKING:
    from cope_lsp.sandbox.warm import Pool
    from tests.sandbox.scene import Scene


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
    found = await attacked(scene, CHEATS[name], Unsuspecting(weakened(scene, WEAKENED[name])))
    assert passing(found), found.evidence


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
