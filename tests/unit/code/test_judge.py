"""The judge over a scripted sandbox: what counts, what is chosen, how sure it is, what a repair is told."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from cope_lsp.cascade.problem import Candidate, Status
from cope_lsp.code.judge import code_judge
from cope_lsp.code.problem import RequestKind
from cope_lsp.code.rules import paper_rule
from cope_lsp.code.workbench import Workbench
from cope_lsp.sandbox.job import CannotIsolate, Finished, Job
from tests.support.judging import asked, reply, written
from tests.support.scripted_sandbox import returned, scripted_bench

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cope_lsp.cascade.problem import Ruling
    from cope_lsp.code.judge import CodeTrial
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.rules import Rule

STUB = '''
def double(x: int) -> int:
    """Twice the number.

    >>> double(2)
    4
    >>> double(3)
    6
    """
    ...
'''
TEST = "from double import double\n\ndef test_five():\n    assert double(5) == 10\n"
EXAMPLES = {"example:0": 2, "example:1": 3}


def says(text: str, case: str) -> Mapping[str, Any]:
    """Run a text's `return` expression in place of the text; a stub gives None, as it would."""
    body = re.search(r"return (.+)", text)
    if case.endswith("test_five"):
        passed = body is not None and value_of(body[1], 5) == 10
        return {
            "outcome": "passed" if passed else "failed",
            "detail": "" if passed else "assert double(5) == 10",
        }
    if body is None:
        return {"outcome": "returned", "value": ["None"], "printed": "", "shown": "None"}
    given = EXAMPLES.get(case)
    return returned(value_of(body[1], given if given is not None else int(case[7:-1])))


def value_of(expression: str, x: int) -> int:
    """The value of one of the expressions that the candidates below return; a mutant's is another one."""
    values = {
        "2 * x": 2 * x,
        "x + x": x + x,
        "x + 2": x + 2,
        "abs(2 * x)": abs(2 * x),
        "-x": -x,
    }
    return values.get(expression, -1000)


@pytest.fixture
def request_(tmp_path: Path) -> CodeProblem:
    """A stub with two examples and one test."""
    return asked(written(tmp_path, {"double.py": STUB, "test_double.py": TEST}), "double.py", "double")


def solution(expression: str) -> Candidate:
    """A candidate that returns an expression."""
    return reply(f"def double(x: int) -> int:\n    return {expression}")


async def tried(
    request: CodeProblem, bench: Workbench, *expressions: str, rule: Rule | None = None
) -> CodeTrial:
    """A trial over solutions, added one after the other."""
    judge = code_judge(request, bench, rule) if rule else code_judge(request, bench)
    trial = judge.open(request.problem)
    for expression in expressions:
        await trial.add(solution(expression))
    return trial


async def ruled(request: CodeProblem, *expressions: str, remaining: int = 0) -> Ruling:
    """The ruling over solutions."""
    bench, _ = scripted_bench(says, request.request.document.path.parent)  # type: ignore[union-attr]
    return (await tried(request, bench, *expressions)).rule(remaining)


async def test_a_right_candidate_passes_with_its_evidence(request_: CodeProblem) -> None:
    """All examples and the test count: 2 of 2 and 1 of 1."""
    ruling = await ruled(request_, "2 * x")
    told = {(piece.source, piece.status, piece.passed, piece.total) for piece in ruling.evidence}
    assert ruling.status is Status.PASS
    assert ruling.choice == solution("2 * x")
    assert {("examples", Status.PASS, 2, 2), ("tests", Status.PASS, 1, 1)} <= told


async def test_the_largest_surviving_cluster_is_chosen(request_: CodeProblem) -> None:
    """Of three survivors the two that behave alike on generated inputs win over the one drawn first."""
    ruling = await ruled(request_, "abs(2 * x)", "2 * x", "x + x")
    assert ruling.choice == solution("2 * x")
    assert ruling.group == (solution("2 * x"), solution("x + x"))


async def test_agreement_makes_surer_and_dissent_less_sure(request_: CodeProblem) -> None:
    """Draws that behave alike raise the confidence of one; survivors that differ lower it."""
    alone = await ruled(request_, "2 * x")
    alike = await ruled(request_, "2 * x", "x + x")
    split = await ruled(request_, "2 * x", "abs(2 * x)")
    assert split.confidence < alone.confidence < alike.confidence < 1


async def test_a_failure_is_fed_back_without_the_held_out_example(request_: CodeProblem) -> None:
    """The last example gates a repair and is never shown; the others are, with their values."""
    ruling = await ruled(request_, "x + 2")
    assert ruling.status is Status.FAIL
    assert ruling.feedback is not None
    assert "test_five" in ruling.feedback
    assert "double(3)" not in ruling.feedback


async def test_the_best_of_the_failed_is_named(request_: CodeProblem) -> None:
    """Where all fail, the candidate with the largest share of passed checks is the one to repair."""
    ruling = await ruled(request_, "-x", "x + 2")
    assert (ruling.status, ruling.confidence) == (Status.FAIL, 0.0)
    assert ruling.choice == solution("x + 2")


async def test_what_does_not_parse_fails_without_a_run(request_: CodeProblem, tmp_path: Path) -> None:
    """A reply without code costs no run and is the candidate's own failure."""
    bench, sandbox = scripted_bench(says, tmp_path)
    trial = code_judge(request_, bench).open(request_.problem)
    await trial.add(Candidate("I cannot do that.", "scripted"))
    assert trial.rule(0).status is Status.FAIL
    assert sandbox.jobs == []


async def test_the_same_text_is_run_once(request_: CodeProblem, tmp_path: Path) -> None:
    """Draws of one text, also in two stages, cost no more runs than one draw; each still counts."""
    alone, one = scripted_bench(says, tmp_path)
    await code_judge(request_, alone).examine(solution("2 * x"))
    bench, sandbox = scripted_bench(says, tmp_path)
    judge = code_judge(request_, bench)
    first, second = judge.open(request_.problem), judge.open(request_.problem)
    async with anyio.create_task_group() as group:
        for trial in (first, first, second):
            group.start_soon(trial.add, solution("2 * x"))
    assert len(sandbox.jobs) == len(one.jobs)
    assert len(first.rule(0).group) == 2


async def test_the_baseline_can_run_ahead(request_: CodeProblem, tmp_path: Path) -> None:
    """Prepared while the first draw is written, it is not run again."""
    bench, sandbox = scripted_bench(says, tmp_path)
    judge = code_judge(request_, bench)
    await judge.prepare()
    await judge.prepare()
    await judge.examine(solution("x + 2"))
    assert len(sandbox.jobs) == 2
    await code_judge(request_, replace(bench, run=None)).prepare()


async def test_a_target_that_nothing_reaches_says_so(tmp_path: Path) -> None:
    """Without an example and a test the ruling is UNKNOWN with its reason: agreement is not enough."""
    root = written(tmp_path, {"double.py": "def double(x: int) -> int:\n    ...\n"})
    bench, _ = scripted_bench(says, tmp_path)
    ruling = (await tried(asked(root, "double.py", "double"), bench, "2 * x", "x + x")).rule(0)
    assert (ruling.status, ruling.choice) == (Status.UNKNOWN, solution("2 * x"))
    assert ruling.confidence < 0.9
    assert "no example and no test reaches it" in [piece.detail for piece in ruling.evidence]


async def test_nothing_runs_in_an_untrusted_workspace(request_: CodeProblem, tmp_path: Path) -> None:
    """Without a sandbox only the text is read: UNKNOWN with the reason, far from acceptance, settled."""
    bench = Workbench(None, tmp_path, None, reason="the workspace is not trusted")
    ruling = (await tried(request_, bench, "2 * x")).rule(7)
    assert ruling.status is Status.UNKNOWN
    assert ruling.settled
    assert ruling.confidence < 0.5
    assert "the workspace is not trusted" in [piece.detail for piece in ruling.evidence]


async def test_no_isolation_is_unknown(request_: CodeProblem, tmp_path: Path) -> None:
    """A sandbox that cannot start is nobody's failure."""

    async def refuse(job: Job) -> Finished:
        raise CannotIsolate(
            "No isolation can start on this machine.", fix=f"Install bubblewrap for {job.argv[0]}."
        )

    bench = replace(scripted_bench(says, tmp_path)[0], run=refuse)
    ruling = (await tried(request_, bench, "x + 2")).rule(0)
    assert ruling.status is Status.UNKNOWN
    assert any("No isolation" in piece.detail for piece in ruling.evidence)


@pytest.mark.parametrize(
    ("stub", "why"),
    [
        (
            {"outcome": "errored", "ran": False, "detail": "E   fixture 'db' not found"},
            "fixture 'db' not found",
        ),
        ({"outcome": "missing", "detail": "skipped, or expected to fail"}, "skipped"),
        ({"outcome": "cheated", "cheat": "it changed builtins.print"}, "it changed builtins.print"),
        (None, "no authentic result"),
    ],
)
async def test_what_the_unchanged_code_cannot_do_either_is_unknown(
    request_: CodeProblem, tmp_path: Path, stub: Mapping[str, Any] | None, why: str
) -> None:
    """A test that fails before it reaches the target says nothing, whatever the candidate makes of it."""

    def broken(text: str, case: str) -> Mapping[str, Any] | None:
        if not case.endswith("test_five"):
            return None
        return stub if "return" not in text else {"outcome": "failed", "detail": "assert 1 == 2"}

    bench, _ = scripted_bench(broken, tmp_path)
    ruling = (await tried(request_, bench, "2 * x")).rule(0)
    assert ruling.status is Status.UNKNOWN
    assert any(why in piece.detail for piece in ruling.evidence)


async def test_a_connection_that_the_sandbox_lacks_is_unknown(request_: CodeProblem, tmp_path: Path) -> None:
    """A target that rightly calls a server fails in the sandbox for a reason that is not its own."""

    def offline(text: str, case: str) -> Mapping[str, Any] | None:
        if not case.endswith("test_five"):
            return None
        return {
            "outcome": "failed",
            "error": "ConnectionError" if "return" in text else "NotImplementedError",
        }

    bench, _ = scripted_bench(offline, tmp_path)
    assert (await tried(request_, bench, "2 * x")).rule(0).status is Status.UNKNOWN


async def test_the_paper_takes_any_that_passes(request_: CodeProblem, tmp_path: Path) -> None:
    """PAPER's rule: certain as soon as one passes, and no feedback crosses."""
    bench, _ = scripted_bench(says, tmp_path)
    passing = (await tried(request_, bench, "x + 2", "2 * x", rule=partial(paper_rule, seed=1))).rule(0)
    failing = (await tried(request_, bench, "x + 2", rule=paper_rule)).rule(0)
    assert (passing.status, passing.confidence, passing.choice) == (Status.PASS, 1.0, solution("2 * x"))
    assert (failing.status, failing.feedback) == (Status.FAIL, None)


async def test_an_edit_without_proof_of_a_change_stays_below_acceptance(tmp_path: Path) -> None:
    """Tests that the old code passes as well do not show that an edit was made."""
    text = STUB.replace("    ...", "    return 2 * x")
    root = written(tmp_path, {"double.py": text, "test_double.py": TEST})
    request = asked(root, "double.py", "double", kind=RequestKind.EDIT, instruction="accept strings too")
    bench, _ = scripted_bench(says, tmp_path)
    ruling = (await tried(request, bench, "x + x")).rule(0)
    assert ruling.status is Status.PASS
    assert ruling.confidence < 0.9
