"""The bench's own problems are sound: each reference is right, each stub is not, and hidden tests notice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp import bench
from cope_lsp.bench.coding.problems import read_problems
from cope_lsp.bench.coding.room import room
from cope_lsp.bench.coding.scoring import Hidden, check
from cope_lsp.bench.coding.tasks import stated
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.python.language import PYTHON
from cope_lsp.languages.running import Outcome

if TYPE_CHECKING:
    from cope_lsp.bench.coding.problems import BenchmarkProblem
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.running import Example

SETS = Path(bench.__file__).parent / "sets"
SHORT, LONG = (tuple(read_problems(SETS / name)) for name in ("code.jsonl", "longer.jsonl"))
LEAST_LINES, MUTANTS, LEAST_KILLED = 30, 8, 3


@pytest.mark.parametrize("problems", [SHORT, LONG], ids=["code", "longer"])
async def test_hidden_tests_pass_the_reference_and_fail_the_stub_and_mutants(
    problems: tuple[BenchmarkProblem, ...],
) -> None:
    """The reference also gives what the docstring shows; its mutants are one small fault each."""
    found: dict[str, tuple[set[Outcome], set[Outcome], int]] = {}

    async def one(problem: BenchmarkProblem) -> None:
        found[problem.task_id] = await _found(workbench, problem)

    async with room() as workbench, anyio.create_task_group() as group:
        for problem in problems:
            group.start_soon(one, problem)
    assert found == {
        problem.task_id: ({Outcome.PASSED}, {Outcome.FAILED}, LEAST_KILLED) for problem in problems
    }


@pytest.mark.parametrize("problem", [*SHORT, *LONG], ids=lambda problem: problem.task_id)
def test_every_problem_shows_examples(problem: BenchmarkProblem) -> None:
    """Two at least, in the docstring of the stub; without them nothing else is lost."""
    shown = stated(problem)
    assert len(shown.examples) >= 2
    assert ">>>" not in problem.prompt_without_examples
    before = problem.prompt_without_examples.rpartition('"""')[0].rstrip()
    assert problem.prompt.startswith(before)


@pytest.mark.parametrize("problem", LONG, ids=lambda problem: problem.task_id)
def test_longer_targets_are_long(problem: BenchmarkProblem) -> None:
    """Blank lines and comments do not count."""
    lines = (line.strip() for line in problem.canonical_solution.splitlines())
    assert sum(bool(line) and not line.startswith("#") for line in lines) >= LEAST_LINES


async def _found(workbench: Workbench, problem: BenchmarkProblem) -> tuple[set[Outcome], set[Outcome], int]:
    """What the reference does, what the stub does, and how many mutants fail, of those that are needed."""
    asked, reference = stated(problem), problem.prompt + problem.canonical_solution
    hidden = (check(Hidden(problem.entry_point, reference, problem.test)),)
    target = PYTHON.syntax.target_named(PYTHON.syntax.parse(reference.encode()), problem.entry_point)
    assert target is not None
    right = await _outcomes(workbench, asked, reference.encode(), (*hidden, *asked.examples))
    stub = await _outcomes(workbench, asked, problem.prompt.encode(), hidden)
    killed = 0
    for mutant in PYTHON.running.mutants(reference.encode(), target, MUTANTS, seed=0):
        if killed < LEAST_KILLED:
            killed += await _outcomes(workbench, asked, mutant, hidden) != {Outcome.PASSED}
    return right, stub, killed


async def _outcomes(
    workbench: Workbench, asked: CodeProblem, text: bytes, examples: tuple[Example, ...]
) -> set[Outcome]:
    tried = await attempt(workbench, asked.request, text, Cases(examples))
    assert not tried.problem
    return {verdict.outcome for verdict in tried.verdicts.values()}
