"""Honest candidates in the shapes that projects have, judged in the real sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cope_lsp.cascade.problem import Status
from cope_lsp.code.judge import code_judge
from cope_lsp.code.problem import Diagnostic, RequestKind
from cope_lsp.languages.text import Span
from tests.support.judging import asked, bench, reply, written

if TYPE_CHECKING:
    from cope_lsp.code.findings import Findings
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Run
    from tests.sandbox.box import Place

SRC_LAYOUT = {
    "pyproject.toml": "[project]\nname = 'shop'\n",
    "src/shop/__init__.py": "from .prices import gross\n",
    "src/shop/rates.py": "VAT = 20\n",
    "src/shop/prices.py": '''
        from .rates import VAT

        def gross(net: int) -> int:
            """With tax.

            gross(100) -> 120
            """
            ...
    ''',
    "tests/test_prices.py": """
        from shop import gross

        def test_gross():
            assert gross(50) == 60
    """,
}

METHOD = {
    "stack.py": '''
        class Stack:
            def __init__(self):
                self.items = []

            def push(self, item):
                """Put an item on top.

                >>> stack = Stack()
                >>> stack.push(1)
                >>> stack.items
                [1]
                """
                raise NotImplementedError
    ''',
    "test_stack.py": """
        import pytest
        from stack import Stack

        @pytest.fixture
        def filled():
            made = Stack()
            made.push("a")
            return made

        class TestStack:
            @pytest.mark.parametrize("item", [1, None, "x"])
            def test_push(self, item):
                stack = Stack()
                stack.push(item)
                assert stack.items == [item]

        def test_fixture(filled):
            assert filled.items == ["a"]
    """,
}

ASYNC = {
    "fetch.py": '''
        async def later(x: int) -> int:
            """One more, later.

            >>> await later(1)
            2
            """
            ...
    ''',
    "test_fetch.py": """
        import asyncio
        import unittest
        from fetch import later

        def test_run():
            assert asyncio.run(later(4)) == 5

        class TestLater(unittest.IsolatedAsyncioTestCase):
            async def test_await(self):
                self.assertEqual(await later(2), 3)
    """,
}

PROJECTS = {
    "src layout with relative imports": (
        SRC_LAYOUT,
        "src/shop/prices.py",
        "gross",
        "def gross(net):\n    return net * (100 + VAT) // 100",
        "def gross(net):\n    return net",
    ),
    "method with fixtures and parameters": (
        METHOD,
        "stack.py",
        "Stack.push",
        "def push(self, item):\n    self.items.append(item)",
        "def push(self, item):\n    self.items.insert(0, [item])",
    ),
    "async function": (
        ASYNC,
        "fetch.py",
        "later",
        "async def later(x: int) -> int:\n    return x + 1",
        "async def later(x: int) -> int:\n    return x",
    ),
}


async def judged(request: CodeProblem, code: str, way: Run) -> Findings:
    """What the judge finds out about one candidate."""
    return await code_judge(request, bench(request, run=way)).examine(reply(code))


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS.keys())
async def test_right_passes_and_wrong_fails(
    place: Place, way: Run, project: tuple[dict[str, str], str, str, str, str]
) -> None:
    """Examples and tests both speak, for what is right and against what is wrong."""
    files, path, qualname, right, wrong = project
    request = asked(written(place.project, files), path, qualname)
    judge = code_judge(request, bench(request, run=way))
    good, bad = await judge.examine(reply(right)), await judge.examine(reply(wrong))
    assert {(piece.source, piece.status) for piece in good.evidence if piece.total} >= {
        ("examples", Status.PASS),
        ("tests", Status.PASS),
    }, good.evidence
    assert bad.status is Status.FAIL, bad.evidence


async def test_a_test_that_is_typed_and_not_saved_is_what_runs(place: Place, way: Run) -> None:
    """The unsaved text of a test file judges, not the one on disk."""
    files = {
        "half.py": "def half(x: int) -> int:\n    ...\n",
        "test_half.py": "from half import half\n\ndef test_half():\n    assert half(4) is None\n",
    }
    root = written(place.project, files)
    draft = "from half import half\n\ndef test_half():\n    assert half(4) == 2\n"
    request = asked(root, "half.py", "half", unsaved={"test_half.py": draft})
    found = await judged(request, "def half(x: int) -> int:\n    return x // 2", way)
    assert found.status is Status.PASS, found.evidence
    assert (root / "test_half.py").read_text() == files["test_half.py"]


async def test_what_fails_without_reaching_the_target_is_unknown(place: Place, way: Run) -> None:
    """A missing fixture, a missing file and a connection say nothing of the candidate."""
    files = {
        "half.py": "def half(x: int) -> int:\n    ...\n",
        "test_half.py": """
            import socket
            from half import half

            def test_fixture(nowhere):
                assert half(4) == 2

            def test_file():
                assert half(int(open("numbers.txt").read())) == 2

            def test_connection():
                socket.create_connection(("127.0.0.1", 9), timeout=1)
                assert half(4) == 2
        """,
    }
    request = asked(written(place.project, files), "half.py", "half")
    assert len(request.tests) == 3
    found = await judged(request, "def half(x: int) -> int:\n    return x // 2", way)
    assert [piece.status for piece in found.evidence if piece.source == "tests"] == [Status.UNKNOWN]
    assert "without going through the target" in found.evidence[-1].detail


async def test_a_test_that_passes_on_the_stub_proves_nothing(place: Place, way: Run) -> None:
    """Only what fails on the stub counts for a candidate; it still counts against one that breaks it."""
    files = {
        "half.py": "def half(x: int) -> int:\n    ...\n",
        "test_half.py": "from half import half\n\ndef test_half():\n    assert half(4) != 4\n",
    }
    request = asked(written(place.project, files), "half.py", "half")
    judge = code_judge(request, bench(request, run=way))
    right = await judge.examine(reply("def half(x: int) -> int:\n    return x // 2"))
    broken = await judge.examine(reply("def half(x: int) -> int:\n    return x"))
    assert right.status is Status.UNKNOWN
    assert broken.status is Status.FAIL


async def test_a_pytest_that_does_not_start_is_unknown_and_says_why(place: Place, way: Run) -> None:
    """What pytest complains of reaches the user, and nobody is blamed."""
    files = {
        "pytest.ini": "[pytest]\naddopts = --no-such-option\n",
        "half.py": "def half(x: int) -> int:\n    ...\n",
        "test_half.py": "from half import half\n\ndef test_half():\n    assert half(4) == 2\n",
    }
    request = asked(written(place.project, files), "half.py", "half")
    found = await judged(request, "def half(x: int) -> int:\n    return x // 2", way)
    assert found.status is Status.UNKNOWN
    assert "--no-such-option" in found.evidence[-1].detail


async def test_a_candidate_that_hangs_fails_in_its_time(place: Place, way: Run) -> None:
    """An endless loop is the candidate's own failure, and ends."""
    files = {
        "half.py": 'def half(x: int) -> int:\n    """\n    >>> half(4)\n    2\n    """\n    ...\n',
        "test_half.py": "from half import half\n\ndef test_half():\n    assert half(4) == 2\n",
    }
    request = asked(written(place.project, files), "half.py", "half")
    judge = code_judge(request, bench(request, timeout_s=8.0, run=way))
    found = await judge.examine(reply("def half(x: int) -> int:\n    while True:\n        pass"))
    assert found.status is Status.FAIL
    assert "timed out" in found.failures[0].detail


EDITED = {
    "total.py": '''
        def total(n: int) -> int:
            """Sum of 1 to n."""
            if n <= 0:
                return 0
            return n + total(n - 1)
    ''',
}


async def test_an_edit_that_keeps_behaviour_passes_by_it(place: Place, way: Run) -> None:
    """'make it iterative' is proved by the old code's behaviour on generated inputs."""
    root = written(place.project, EDITED)
    request = asked(root, "total.py", "total", kind=RequestKind.EDIT, instruction="make it iterative")
    judge = code_judge(request, bench(request, run=way))
    same = await judge.examine(
        reply("def total(n: int) -> int:\n    return max(0, n * (n + 1) // 2) if n > 0 else 0")
    )
    other = await judge.examine(reply("def total(n: int) -> int:\n    return sum(range(n))"))
    assert same.status is Status.PASS, same.evidence
    assert other.status is Status.FAIL, other.evidence
    assert "before:" in other.failures[0].detail


async def test_an_edit_that_asks_for_other_behaviour_is_not_vetoed_by_the_old(place: Place, way: Run) -> None:
    """The share that is unchanged is told, and decides nothing."""
    root = written(place.project, EDITED)
    request = asked(root, "total.py", "total", kind=RequestKind.EDIT, instruction="leave out n itself")
    found = await judged(request, "def total(n: int) -> int:\n    return sum(range(n))", way)
    told = next(piece for piece in found.evidence if piece.source == "behaviour")
    assert found.status is Status.UNKNOWN
    assert 0 < told.passed < told.total


async def test_a_fix_passes_when_the_tool_no_longer_reports_it(place: Place, way: Run) -> None:
    """The tool runs on the old and the new text: gone and nothing new passes, still there fails."""
    text = "def size(x):\n    import os\n    return len(x)\n"
    root = written(place.project, {"size.py": text})
    start = text.index("os")
    finding = Diagnostic("Ruff", "F401", "`os` imported but unused", Span(start, start + 2))
    request = asked(root, "size.py", "size", kind=RequestKind.FIX, diagnostics=(finding,))
    judge = code_judge(request, bench(request, run=way))
    fixed = await judge.examine(reply("def size(x):\n    return len(x)"))
    not_fixed = await judge.examine(reply("def size(x):\n    import os\n    return len(list(x))"))
    worse = await judge.examine(reply("def size(x):\n    return length(x)"))
    assert fixed.status is Status.PASS, fixed.evidence
    assert not_fixed.status is Status.FAIL, not_fixed.evidence
    assert worse.status is Status.FAIL, worse.evidence


async def test_a_tool_that_the_project_lacks_leaves_a_fix_unknown(place: Place, way: Run) -> None:
    """Without its checker nothing can be said, and the reason is told."""
    root = written(place.project, {"size.py": "def size(x):\n    return len(x)\n"})
    finding = Diagnostic("flake8", "E1", "something", Span(0, 3))
    request = asked(root, "size.py", "size", kind=RequestKind.FIX, diagnostics=(finding,))
    found = await judged(request, "def size(x):\n    return sum(1 for _ in x)", way)
    assert found.status is Status.UNKNOWN
    assert found.evidence[-1].detail == "flake8 did not run in the project's environment"


async def test_an_unknown_tool_leaves_a_fix_unknown(place: Place, way: Run) -> None:
    """A finding whose tool cannot be run again proves nothing."""
    root = written(place.project, {"size.py": "def size(x):\n    return len(x)\n"})
    finding = Diagnostic("SomeTool", "X1", "too short", Span(0, 3))
    request = asked(root, "size.py", "size", kind=RequestKind.FIX, diagnostics=(finding,))
    found = await judged(request, "def size(x):\n    return sum(1 for _ in x)", way)
    assert found.status is Status.UNKNOWN


async def test_options_that_stop_choose_or_spread_tests_are_undone(place: Place, way: Run) -> None:
    """The project's own configuration holds otherwise: its markers, its warnings, its asyncio mode."""
    files = {
        "pyproject.toml": """
            [tool.pytest]
            addopts = ["-n", "2", "--cov=half", "-x", "-m", "not slow", "-k", "no", "--lf"]
            asyncio_mode = "auto"
            asyncio_default_fixture_loop_scope = "function"
            filterwarnings = ["error"]
            markers = ["slow: takes long"]
        """,
        "half.py": "def half(x: int) -> int:\n    ...\n",
        "test_half.py": """
            import pytest
            from half import half

            @pytest.mark.slow
            def test_slow():
                assert half(4) == 2

            async def test_async():
                assert half(6) == 3

            @pytest.mark.xfail
            def test_hopeless():
                assert half(1) == 7
        """,
    }
    request = asked(written(place.project, files), "half.py", "half")
    found = await judged(request, "def half(x: int) -> int:\n    return x // 2", way)
    told = next(piece for piece in found.evidence if piece.source == "tests")
    assert (told.status, told.passed, told.total) == (Status.PASS, 2, 2), told.detail
