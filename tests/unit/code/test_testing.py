"""The judge of written tests, over a sandbox that runs them here: what is kept and refused, where it goes."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cope_lsp.cascade.problem import Candidate, Status
from cope_lsp.code import test_files, testing
from cope_lsp.code.edit import EditRefused
from cope_lsp.code.problem import RequestKind
from tests.support.judging import asked, bench, written
from tests.support.scripted_sandbox import ScriptedSandbox, returned, scripted_bench

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cope_lsp.cascade.problem import Ruling
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Workbench

CLAMP = """
def clamp(x: int) -> int:
    if x < 0:
        return 0
    if x > 10:
        return 10
    return x


def other() -> int:
    return 1
"""
STRONG = """```python
from your_module import clamp

def test_bounds():
    assert clamp(-1) == 0
    assert clamp(11) == 10

def test_inside():
    assert clamp(1) == 1
    assert clamp(9) == 9
```"""
HALF_TRUE = STRONG.replace("clamp(11) == 10", "clamp(11) == 11").replace("clamp(1) == 1", "clamp(1) == 2")
WEAK = "from clamp import clamp\n\ndef test_it():\n    assert clamp(5) is not None\n"
WRONG = "from clamp import clamp\n\ndef test_it():\n    assert clamp(5) == 6\n"
BESIDE = "from clamp import clamp, other\n\ndef test_it():\n    assert clamp\n    assert other() == 1\n"
SHAKY = """
import itertools
from clamp import clamp
count = itertools.count()

def test_shaky():
    RUNS.append(clamp(1))
    assert len(RUNS) < 2

def test_bounds():
    assert clamp(-1) == 0
    assert clamp(11) == 10
    assert clamp(3) == 3
"""


@pytest.fixture
def clamp(tmp_path: Path) -> CodeProblem:
    """A request for tests of a function."""
    return asked(written(tmp_path, {"clamp.py": CLAMP}), "clamp.py", "clamp", kind=RequestKind.TESTS)


def here(problem: CodeProblem) -> Workbench:
    """A workbench whose tests run in this process: those above, on the code above and its mutants."""
    root = problem.request.snapshot.root
    assert root is not None
    runs: list[int] = []

    def says(text: str, case: str) -> Mapping[str, Any]:
        module = types.ModuleType("clamp")
        exec(text, vars(module))  # noqa: S102 -- likewise
        if "::" not in case:
            return returned(0 if case.startswith("example:") else eval(case, vars(module)))  # noqa: S307 -- likewise
        path, _, name = case.partition("::")
        names: dict[str, Any] = {"RUNS": runs}
        ran = list[int]()
        module.__dict__["clamp"] = _noting(module.__dict__["clamp"], ran)
        sys.modules["clamp"] = module
        try:
            exec(sandbox.jobs[-1].view.layer[path], names)  # noqa: S102 -- likewise
            names[name]()
        except Exception as error:  # noqa: BLE001 -- a test fails by whatever it raises
            return {"outcome": "failed", "detail": f"{type(error).__name__}: {error}", "ran": bool(ran)}
        finally:
            del sys.modules["clamp"]
        return {"outcome": "passed", "ran": bool(ran)}

    bench, sandbox = scripted_bench(says, root)
    return bench


def _noting(function: Any, ran: list[int]) -> Any:  # noqa: ANN401 -- any function of the text
    def noted(*arguments: object) -> object:
        ran.append(1)
        return function(*arguments)

    return noted


async def ruled(problem: CodeProblem, *replies: str) -> Ruling:
    """The ruling over replies."""
    trial = testing.testing_judge(problem, here(problem)).open(problem.problem)
    for text in replies:
        await trial.add(Candidate(text, "scripted"))
    return trial.rule(0)


def shares(ruling: Ruling) -> dict[str, tuple[int, int]]:
    """Passed and total by source, of the choice."""
    own = [piece for piece in ruling.evidence if piece.candidate == ruling.choice]
    return {piece.source: (piece.passed, piece.total) for piece in own}


async def test_true_tests_that_notice_faults_are_accepted(clamp: CodeProblem) -> None:
    """All hold, most mutants die, and the share is in the evidence."""
    ruling = await ruled(clamp, STRONG)
    killed, tried = shares(ruling)["mutants"]
    assert ruling.status is Status.PASS
    assert ruling.confidence > 0.9
    assert shares(ruling)["tests"] == (2, 2)
    assert killed / tried > 0.7
    assert tried >= 8


async def test_what_does_not_hold_is_taken_out_check_by_check(clamp: CodeProblem) -> None:
    """A false claim goes and leaves the true ones of its test; the report says what was false."""
    ruling = await ruled(clamp, HALF_TRUE)
    assert ruling.choice is not None
    assert "clamp(-1) == 0" in ruling.choice.text
    assert "clamp(9) == 9" in ruling.choice.text
    assert "clamp(11)" not in ruling.choice.text
    assert "clamp(1)" not in ruling.choice.text
    assert any("AssertionError" in piece.detail for piece in ruling.evidence)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (WEAK, "would not be noticed"),
        (WRONG, "AssertionError"),
        (BESIDE, "does not go through"),
        ("def test_it():\n    clamp(1)\n", "checks nothing|checks anything"),
        ("I cannot do that.", "no test"),
        ("def test_it():\n    assert 1 == 1\n", "calls clamp"),
    ],
    ids=["kills nothing", "false", "goes elsewhere", "checks nothing", "no code", "calls nothing"],
)
async def test_a_suite_that_proves_nothing_is_refused(clamp: CodeProblem, reply: str, told: str) -> None:
    """It fails, and the model is told why, for its next try."""
    ruling = await ruled(clamp, reply)
    assert (ruling.status, ruling.confidence) == (Status.FAIL, 0.0)
    assert ruling.feedback is not None
    assert any(each in ruling.feedback for each in told.split("|"))


async def test_a_test_that_holds_once_only_is_taken_out(clamp: CodeProblem) -> None:
    """What passes and then fails on the same code is no test of it."""
    ruling = await ruled(clamp, SHAKY)
    assert ruling.choice is not None
    assert "def test_bounds" in ruling.choice.text
    assert "test_shaky" not in ruling.choice.text
    assert shares(ruling)["tests"] == (1, 2)


async def test_the_suite_that_notices_most_is_chosen(clamp: CodeProblem) -> None:
    """Not the first that is good enough, if another kills more."""
    some = STRONG.replace("    assert clamp(11) == 10\n", "").replace("    assert clamp(9) == 9\n", "")
    ruling = await ruled(clamp, some, STRONG)
    assert ruling.choice is not None
    assert "clamp(11) == 10" in ruling.choice.text


async def test_where_nothing_may_run_nothing_is_known(clamp: CodeProblem) -> None:
    """The suite is shown, unverified, with the reason."""
    closed = replace(here(clamp), run=None, reason="this workspace is not trusted")
    trial = testing.testing_judge(clamp, closed).open(clamp.problem)
    await trial.add(Candidate(STRONG, "scripted"))
    ruling = trial.rule(0)
    assert ruling.status is Status.UNKNOWN
    assert ruling.choice is not None
    assert "this workspace is not trusted" in [piece.detail for piece in ruling.evidence]


async def test_kept_tests_are_judged_the_same_again(clamp: CodeProblem) -> None:
    """The choice is a reply itself: from the store, or judged once more, it comes out as it went in."""
    first = (await ruled(clamp, HALF_TRUE)).choice
    assert first is not None
    assert (await ruled(clamp, first.text)).choice == first


async def test_tests_run_where_they_are_to_stand(tmp_path: Path) -> None:
    """What is left of them is tried once more, and mutated, inside the file that they join."""
    there = "from clamp import clamp\n\n\ndef test_bounds():\n    assert clamp(0) == 0\n"
    root = written(tmp_path, {"clamp.py": CLAMP, "test_clamp.py": there})
    problem = asked(root, "clamp.py", "clamp", kind=RequestKind.TESTS)
    bench = here(problem)
    found = await testing.testing_judge(problem, bench).examine(Candidate(STRONG, "scripted"))
    assert isinstance(bench.run, ScriptedSandbox)
    *_, last = bench.run.jobs
    assert last.view.layer["test_clamp.py"].startswith(there.encode())
    assert b"def test_bounds_2():" in last.view.layer["test_clamp.py"]
    assert found.proofs == 2
    assert found.mutants[0] >= 8


def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    """Tests go into a new one beside it."""
    root = written(tmp_path, {"clamp.py": CLAMP})
    (root / "test_clamp.py").write_bytes(b"\xff\xfe\x00")
    edit = test_files.tests_edit(asked(root, "clamp.py", "clamp", kind=RequestKind.TESTS), WEAK)
    assert edit.uri.endswith("/test_clamp_clamp.py")
    assert edit.creates


def test_a_new_file_is_made_beside_the_code(clamp: CodeProblem) -> None:
    """Where there are no tests yet, one whole new file."""
    edit = test_files.tests_edit(clamp, WEAK)
    assert edit.uri.endswith("/test_clamp.py")
    assert (edit.creates, edit.made_for, edit.version) == (True, "", None)
    assert [(hunk.old, hunk.new) for hunk in edit.hunks] == [("", edit.new_text)]


def test_tests_join_the_file_that_tests_the_target(tmp_path: Path) -> None:
    """Unsaved text counts, its version binds the edit, and only new lines are added."""
    draft = "from clamp import clamp\n\n\ndef test_it():\n    assert clamp(0) == 0\n"
    files = {"clamp.py": CLAMP, "tests/test_limits.py": "from clamp import clamp\n"}
    problem = asked(
        written(tmp_path, files),
        "clamp.py",
        "clamp",
        kind=RequestKind.TESTS,
        unsaved={"tests/test_limits.py": draft},
    )
    edit = test_files.tests_edit(problem, WEAK)
    assert edit.uri.endswith("/tests/test_limits.py")
    assert (edit.creates, edit.made_for, edit.version) == (False, draft, 1)
    assert edit.new_text == f"{draft}\n\ndef test_it_2():\n    assert clamp(5) is not None\n"


def test_a_folder_of_tests_outside_the_project_is_left_alone(tmp_path: Path) -> None:
    """A link that leads out is not written through."""
    (tmp_path / "out").mkdir()
    root = written(tmp_path / "in", {"clamp.py": CLAMP})
    (root / "tests").symlink_to(tmp_path / "out")
    problem = asked(root, "clamp.py", "clamp", kind=RequestKind.TESTS)
    with pytest.raises(EditRefused, match="out of the project"):
        test_files.tests_edit(problem, WEAK)


@pytest.mark.heavy
async def test_in_the_sandbox(tmp_path: Path) -> None:
    """The whole of it once with the project's own pytest: a false check goes, the rest kills."""
    root = written(tmp_path, {"flip.py": "def flip(x):\n    return not x\n"})
    problem = asked(root, "flip.py", "flip", kind=RequestKind.TESTS)
    trial = testing.testing_judge(problem, bench(problem)).open(problem.problem)
    await trial.add(Candidate("assert flip(1) is False\nassert flip(0) is False\n", "scripted"))
    ruling = trial.rule(0)
    assert ruling.choice is not None
    assert "flip(1)" in ruling.choice.text
    assert "flip(0)" not in ruling.choice.text
    assert shares(ruling)["tests"] == (1, 1)
