"""The shipped repositories, repaired by scripted agents over the real sandbox."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cope_lsp.bench.agents.repository.checks import all_pass
from cope_lsp.bench.agents.repository.tasks import RepositoryTask, read_repositories
from cope_lsp.bench.coding.kept import Kept
from cope_lsp.bench.coding.room import room
from cope_lsp.languages.running import Outcome
from tests.support.acting import following, played

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SETS = Path("cope_lsp/bench/sets/repositories")
NAMES = sorted(path.stem for path in SETS.glob("*.json"))


@pytest.fixture
async def tasks() -> AsyncIterator[dict[str, RepositoryTask]]:
    """All repositories by name, in the strongest isolation of this machine."""
    async with room() as bench:
        yield {task.id.partition("/")[2]: task for task in read_repositories(SETS, bench, Kept())}


def solution(name: str) -> dict[str, str]:
    """The files that a person would change, as they should be."""
    row = json.loads((SETS / f"{name}.json").read_text())
    return {path: "".join(f"{line}\n" for line in lines) for path, lines in row["solution"].items()}


def repair(name: str) -> list[str]:
    """The edits of a solution, each as a reply with a whole file."""
    return [f"edit {path}\n```python\n{text}```\n" for path, text in solution(name).items()]


@pytest.mark.parametrize("name", NAMES)
async def test_one_test_fails_and_the_solution_passes_all(
    tasks: dict[str, RepositoryTask], name: str
) -> None:
    """As shipped exactly the named test fails; repaired, the hidden tests pass too, not before."""
    repository, checks = tasks[name].repository, tasks[name].checks
    shown = await checks.run(repository.files)
    assert [each.id for each in shown if each.outcome is not Outcome.PASSED] == [repository.failing]
    assert not all_pass(await checks.run({**repository.files, **repository.hidden}))
    assert all_pass(await checks.run({**repository.files, **repository.hidden, **solution(name)}))


async def test_an_agent_that_edits_both_files_wins_and_one_does_not(tasks: dict[str, RepositoryTask]) -> None:
    """Two files must change together; either of the two edits alone fails."""
    both = repair("stock")
    actor = following(["run tests", *both, "run tests", "finish"])
    assert (await played(tasks["stock"], "paper", actor)).score == 1.0
    assert "ValueError: too many values to unpack" in actor.told
    assert "2 of 2 tests pass." in actor.told
    for one in both:
        assert (await played(tasks["stock"], "small x1", following([one, "finish"]))).score == 0.0


async def test_what_satisfies_the_visible_tests_alone_is_wrong(tasks: dict[str, RepositoryTask]) -> None:
    """The hidden tests see through code that knows the failing test."""
    cheat = (
        "edit spans.py\n<<<<<<< SEARCH\n    total = 0\n=======\n"
        '    if text == "2d":\n        return 10**9\n    total = 0\n>>>>>>> REPLACE'
    )
    actor = following([cheat, "run tests", "finish"])
    assert (await played(tasks["reminders"], "small x1", actor)).score == 0.0
    assert "2 of 2 tests pass." in actor.told


async def test_failures_name_nothing_of_this_machine(tasks: dict[str, RepositoryTask]) -> None:
    """An observation is the same wherever it is made, so that a recorded call is found again."""
    swap = "edit travel/trip.py\n<<<<<<< SEARCH\n{}\n=======\n{}\n>>>>>>> REPLACE"
    line = "from travel.units import kilometres_from_miles as miles_from_kilometres"
    broken = swap.format(line, line.replace("units", "unit"))
    gone = swap.format(line, line.replace("import kilometres", "import metres"))
    for edit in (broken, gone):
        actor = following([edit, "run tests", "finish"])
        await played(tasks["trips"], "small x1", actor)
        assert "test_trip.py::test_a_way_in_miles errored\n" in actor.told
        assert "Error: " in actor.told
        assert "/tmp" not in actor.told  # noqa: S108 -- looked for, not used
        assert str(Path.home()) not in actor.told


async def test_an_endless_loop_is_told_as_one(tasks: dict[str, RepositoryTask]) -> None:
    """Code that never ends fails its tests and ends with them."""
    endless = "edit pages.py\n```python\ndef page_count(total, size):\n    while True:\n        pass\n```"
    actor = following([endless, "run tests", "finish"])
    hasty = replace(tasks["pages"], checks=replace(tasks["pages"].checks, case_s=0.5))
    assert (await played(hasty, "small x1", actor)).score == 0.0
    assert "timed out" in actor.told
