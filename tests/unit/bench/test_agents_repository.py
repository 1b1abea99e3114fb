"""The coding agent: actions on a repository in memory, edits that are refused, votes, hidden tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from cope_lsp.bench.agents.repository.actions import Action, Swap, Verb, read_action
from cope_lsp.bench.agents.repository.checks import CannotRun
from cope_lsp.bench.agents.repository.edits import Refused, edited, placed
from cope_lsp.bench.agents.repository.tasks import MOVES, RepositoryTask, read_repositories
from cope_lsp.bench.coding.kept import Kept
from cope_lsp.bench.rows import Unreadable
from cope_lsp.code.workbench import Workbench
from cope_lsp.languages.running import Environment
from tests.support.acting import Actor, following, played, text_of
from tests.support.scripted_sandbox import ScriptedSandbox, scripted_bench

if TYPE_CHECKING:
    from collections.abc import Mapping

SETS = Path("cope_lsp/bench/sets/repositories")
FIX = """edit pages.py
<<<<<<< SEARCH
    return total // size + 1
=======
    return -(-total // size)
>>>>>>> REPLACE
"""
SCRIPT = ["run tests", "search page_count", "read pages.py", FIX, "run tests", "finish"]


def says(text: str, case: str) -> Mapping[str, Any]:
    """A sandbox in which all tests pass where the pages are counted right."""
    if "-(-total" in text:
        return {"outcome": "passed"}
    return {
        "outcome": "failed",
        "detail": f"E   assert '1 of 2' == '1 of 1'\n\n{case.split(':', maxsplit=1)[0]}:9: Error",
    }


def opened(
    tmp_path: Path, name: str = "pages", kept: Kept | None = None
) -> tuple[RepositoryTask, ScriptedSandbox]:
    """One of the shipped repositories on a scripted sandbox."""
    bench, sandbox = scripted_bench(says, tmp_path)
    tasks = read_repositories(SETS, bench, kept or Kept())
    return next(task for task in tasks if task.id == f"repository/{name}"), sandbox


@pytest.fixture
def task(tmp_path: Path) -> RepositoryTask:
    """The repository whose last page is lost."""
    return opened(tmp_path)[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("read pages.py", Action(Verb.READ, "pages.py")),
        ("I look first.\n\nAction: `read pages.py`", Action(Verb.READ, "pages.py")),
        ("- search page_count", Action(Verb.SEARCH, "page_count")),
        ("Run tests.", Action(Verb.TEST)),
        ("**finish**", Action(Verb.FINISH)),
        (
            FIX,
            Action(
                Verb.EDIT,
                "pages.py",
                (Swap(*(f"    return {x}\n" for x in ("total // size + 1", "-(-total // size)"))),),
            ),
        ),
        (
            "edit a.py\n```python\ndef f():\n    return 1\n```",
            Action(Verb.EDIT, "a.py", code="def f():\n    return 1\n"),
        ),
        ("edit pages.py", None),
        ("edit pages.py\n```python\ndef f(", None),
        ("read", None),
        ("We should read the file pages.py and then edit it.", None),
        ("", None),
    ],
)
def test_replies_are_read_as_people_write(said: str, meant: Action | None) -> None:
    """Prose and marks around an action do not hide it; an edit without a whole block is no action."""
    assert read_action(said) == meant


def test_an_edit_swaps_whole_lines(task: RepositoryTask) -> None:
    """The rest of the file stays as it is."""
    action = read_action(FIX)
    assert action is not None
    before = task.repository.files["pages.py"]
    made = edited(task.repository.files, action)
    assert made == ("pages.py", before.replace("total // size + 1", "-(-total // size)"))


def test_one_function_takes_its_namesakes_place() -> None:
    """A method is put at its own depth, whatever depth it was sent at."""
    text = (
        "class A:\n    @property\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n"
    )
    files = {"a.py": f"X = 1\n\n\n{text}"}
    action = Action(Verb.EDIT, "a.py", code="@property\ndef f(self):\n    return 3\n")
    assert edited(files, action) == ("a.py", files["a.py"].replace("return 1", "return 3"))


@pytest.mark.parametrize("path", ["../secret.py", "/etc/passwd", "a/../../b.py", "~/b.py", "..\\b.py"])
def test_nothing_outside_the_repository_is_read_or_edited(task: RepositoryTask, path: str) -> None:
    """The refusal is an observation."""
    files = task.repository.files
    assert edited(files, Action(Verb.EDIT, path, code="x = 1\n")) == Refused(
        f"{path} is outside the repository."
    )
    assert placed(files, path) == Refused(f"{path} is outside the repository.")


def test_a_file_that_is_not_there_is_told_with_those_that_are(task: RepositoryTask) -> None:
    """A model that guesses a name is told the right ones; another spelling of a path is that path."""
    known = "There is no file page.py. The files are: pages.py, report.py, test_report.py."
    assert placed(task.repository.files, "page.py") == Refused(known)
    assert placed(task.repository.files, "./pages.py") == "pages.py"


@pytest.mark.parametrize(
    ("action", "why"),
    [
        (Action(Verb.EDIT, "test_report.py", (Swap("assert", "assert not"),)), "must stay as it is"),
        (Action(Verb.EDIT, "pages.py", (Swap("nowhere", "x"),)), "not in the file"),
        (Action(Verb.EDIT, "pages.py", (Swap("size", "x"),)), "times"),
        (Action(Verb.EDIT, "pages.py", (Swap("\n", "x"),)), "is empty"),
        (Action(Verb.EDIT, "pages.py", (Swap("total // size + 1", "total //"),)), "would not parse"),
        (Action(Verb.EDIT, "pages.py", (Swap("total // size + 1", "total // size + 1"),)), "changes nothing"),
        (Action(Verb.EDIT, "pages.py", code="def count(n):\n    return n\n"), "0 times"),
        (
            Action(Verb.EDIT, "pages.py", code="import math\n\n\ndef page():\n    return 1\n"),
            "lose page_count",
        ),
        (Action(Verb.EDIT, "pages.py", code="def page(:\n"), "does not parse"),
        (Action(Verb.EDIT, "pages.py", code="x = '\0'\n"), "does not parse"),
        (Action(Verb.EDIT, "pages.py", code="x = '\ud800'\n"), "does not parse"),
        (Action(Verb.EDIT, "pages.py", code=f"x = {'(' * 5000}\n"), "does not parse"),
        (Action(Verb.EDIT, "pages.py", code=f"x = {'-' * 5000}1\n"), "does not parse"),
        (Action(Verb.EDIT, "pages.py", (Swap("total // size + 1", "__import__('gc')"),)), "runs the tests"),
    ],
)
def test_an_edit_that_cannot_be_made_says_why(task: RepositoryTask, action: Action, why: str) -> None:
    """Tests, lost definitions, broken code and ways into the test runner are refused in words."""
    made = edited(task.repository.files, action)
    assert isinstance(made, Refused)
    assert why in made.why


def test_edits_that_make_the_same_program_are_one_vote(task: RepositoryTask) -> None:
    """Blocks and whole functions, comments and layout apart, mean what the file becomes."""
    docstring = task.repository.files["pages.py"].split("\n")[4]
    code = f"def page_count(total, size):\n{docstring}\n    return -(-total // size)  # up"
    whole = f"edit pages.py\n```python\n{code}\n```"
    files = task.repository.files
    assert task.meaning(files, FIX) == task.meaning(files, whole)
    assert task.meaning(files, FIX) != task.meaning(files, FIX.replace("-(-total", "-(total"))
    assert task.meaning(files, "Let me think.") is None


@pytest.mark.parametrize("strategy", ["small x1", "paper"])
async def test_an_optimal_agent_wins(tmp_path: Path, strategy: str) -> None:
    """It sees the failing test, corrects the code in memory and finishes."""
    task, sandbox = opened(tmp_path)
    actor = following(SCRIPT)
    attempt = await played(task, strategy, actor)
    assert attempt.score == 1.0
    assert len(attempt.exits) == len(SCRIPT)
    assert (
        "0 of 2 tests pass.\ntest_report.py::test_a_page_that_is_not_full_counts failed\nassert '1 of 2'"
        in actor.told
    )
    assert "> edit pages.py\npages.py is changed:" in actor.told
    assert "2 of 2 tests pass." in actor.told
    assert not any([path async for path in anyio.Path(tmp_path).iterdir()]), "nothing is written"
    assert len(sandbox.jobs) == 3, "before, after, hidden"


async def test_a_split_vote_escalates_its_step_alone(tmp_path: Path) -> None:
    """Where half of the small model's edits make another program, the large one makes that move."""
    wrong = FIX.replace("-(-total // size)", "total // size")
    small = Actor(lambda move, number: wrong if move == 3 and number % 2 else SCRIPT[move])
    large = following(SCRIPT)
    attempt = await played(opened(tmp_path)[0], "paper", small, large)
    assert attempt.score == 1.0
    assert attempt.exits == ("small", "small", "small", "large", "small", "small")
    assert len(large.asked) == 2


async def test_an_edit_outside_is_refused_with_an_observation(tmp_path: Path) -> None:
    """The agent is told, and goes on."""
    actor = following(["edit ../conftest.py\n```\nx = 1\n```", "read ../../etc/passwd", *SCRIPT])
    attempt = await played(opened(tmp_path)[0], "small x1", actor)
    assert attempt.score == 1.0
    assert "> edit ../conftest.py\nNot done. ../conftest.py is outside the repository." in actor.told
    assert "> read ../../etc/passwd\nNot done. ../../etc/passwd is outside" in actor.told


async def test_an_endless_agent_ends_at_its_limit(tmp_path: Path) -> None:
    """What it has done by then is scored: here nothing."""
    attempt = await played(opened(tmp_path)[0], "small x1", following(["read pages.py"]))
    assert (attempt.score, len(attempt.exits)) == (0.0, MOVES)


async def test_a_repair_without_finish_counts(tmp_path: Path) -> None:
    """The score asks what the code does, not how the agent took its leave."""
    attempt = await played(opened(tmp_path)[0], "small x1", following([FIX, "run tests"]))
    assert attempt.score == 1.0


@pytest.mark.parametrize("name", ["pages", "reminders", "shelves", "stock", "trips"])
async def test_hidden_tests_reach_no_prompt(tmp_path: Path, name: str) -> None:
    """Neither their names nor their lines nor the solution's, whatever an agent asks for."""
    task, _ = opened(tmp_path, name)
    files = list(task.repository.files)
    prying = ["search hidden", "read test_hidden_pages.py", "search def test", "run tests"]
    actor = following([*prying, *(f"read {path}" for path in files), "finish"])
    await played(task, "paper", actor)
    row = json.loads((SETS / f"{name}.json").read_text())
    secret = {*_lines(row["hidden"]), *_lines(row["solution"])} - {*_lines(row["files"])}
    assert secret
    for prompt in actor.asked:
        told = text_of(prompt).replace("test_hidden_pages.py", "").replace("search hidden", "")
        assert not [line for line in secret if line in told]
        assert "hidden" not in told.replace("Nothing holds hidden.", "")


def _lines(files: dict[str, list[str]]) -> set[str]:
    return {line.strip() for lines in files.values() for line in lines if len(line.strip()) > 12}


async def test_what_tests_showed_is_kept(tmp_path: Path) -> None:
    """A replay of the same moves runs nothing, and needs no sandbox."""
    kept = Kept()
    task, sandbox = opened(tmp_path, kept=kept)
    first = await played(task, "small x1", following(SCRIPT))
    ran = len(sandbox.jobs)
    again, other = opened(tmp_path, kept=kept)
    second = await played(again, "small x1", following(SCRIPT))
    assert (first.score, second.score, ran, len(other.jobs)) == (1.0, 1.0, 3, 0)


async def test_prompts_stay_short(tmp_path: Path) -> None:
    """However much is read."""
    actor = following(["read pages.py", "read report.py", "read test_report.py"] * 5)
    await played(opened(tmp_path)[0], "small x1", actor)
    assert max(len(text_of(prompt)) for prompt in actor.asked) < 8000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"failing": "test_report.py::test_none"}, "has no test"),
        ({"hidden": {}}, "needs hidden tests"),
        ({"files": {"pages.py": 3}}, "is no repository"),
    ],
)
def test_a_repository_that_makes_no_sense_is_named(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    """The error says which file and what."""
    row = json.loads((SETS / "pages.json").read_text())
    (tmp_path / "broken.json").write_text(json.dumps(row | change))
    with pytest.raises(Unreadable, match=rf"broken\.json.*{said}"):
        read_repositories(tmp_path, scripted_bench(says, tmp_path)[0], Kept())


def test_a_file_that_is_no_json_is_named_with_its_line(tmp_path: Path) -> None:
    """The line is the one at which reading stopped."""
    (tmp_path / "broken.json").write_text('{\n "id": \n}')
    with pytest.raises(Unreadable, match=r"broken\.json, line 3"):
        read_repositories(tmp_path, scripted_bench(says, tmp_path)[0], Kept())


def test_a_folder_without_repositories_is_named(tmp_path: Path) -> None:
    """A wrong path is no empty set."""
    with pytest.raises(Unreadable, match=tmp_path.name):
        read_repositories(tmp_path, scripted_bench(says, tmp_path)[0], Kept())


@pytest.mark.parametrize(
    ("bench", "said"),
    [
        (Workbench(None, Path("/none"), None, reason="no isolation can start"), "no isolation can start"),
        (Workbench(ScriptedSandbox(says), Path("/none"), Environment(Path("/python"), ())), "need pytest"),
    ],
)
async def test_where_no_tests_can_run_no_score_is_made_up(bench: Workbench, said: str) -> None:
    """The run ends with the reason instead."""
    task = read_repositories(SETS, bench, Kept())[0]
    with pytest.RaisesGroup(pytest.RaisesExc(CannotRun, match=said), allow_unwrapped=True):
        await played(task, "small x1", following(["finish"]))
