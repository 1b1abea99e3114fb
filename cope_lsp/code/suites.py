"""What running a suite of tests says: which of it holds, and which faults in the code it would notice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Evidence, Status
from cope_lsp.code.findings import Failure, Findings
from cope_lsp.code.strength import Effort, counted, fault, mutants_tried
from cope_lsp.code.test_files import joined, test_file, testing_of, trial_path
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.running import Example, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.strength import Tried
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.running import TestCase, Verdict

LEAST_KILLED = 0.5
"""Share of the mutants that a suite must kill."""

EFFORT = Effort(most=16, seconds=15.0)
"""More than beside other evidence: here it is the main one."""

MOST_CHECKS = 40
_SURVIVORS = 4
_NOTHING = "no test in it checks anything"
_LOADS = Example("0", "0", form="==")
"""An example that holds wherever the target's file can be loaded at all."""


async def tried(asked: CodeProblem, bench: Workbench, found: Findings) -> Findings:
    """What running a suite says: each check alone, what is left of it where it is to stand, then mutants."""
    testing, suite = testing_of(asked.request), (found.text or b"").decode()
    split = testing.split(suite)
    first = await _run(_laid(asked, bench, trial_path(test_file(asked)), split, split))
    if first.problem:
        return silent(found, first.problem)
    kept = testing.kept(suite, first.verdicts.keys() - first.false.keys())
    again = await _run(_in_place(asked, bench, kept)) if kept else _Run()
    if again.problem:
        return silent(found, again.problem)
    kept = testing.without(kept, again.false.keys()) if kept else ""
    counts = [len(testing.tests(each, "")) if each else 0 for each in (kept, suite)]
    weighed = _with_tests(found, counts[0], counts[1], {**first.false, **again.false})
    if not kept:
        return weighed
    laid = _in_place(asked, bench, kept)
    mutants = await mutants_tried(laid.bench, asked.request, laid.text, _cases(laid), EFFORT)
    return _with_mutants(replace(weighed, text=kept.encode()), laid.text, mutants)


def silent(found: Findings, why: str) -> Findings:
    """Say why nothing ran."""
    piece = Evidence(found.candidate, "tests", Status.UNKNOWN, detail=why)
    return replace(found, evidence=(*found.evidence, piece))


@dataclass(frozen=True, slots=True)
class _Laid:
    """A suite laid over the project: its tests by name, as they are called in the file where they stand."""

    asked: CodeProblem
    bench: Workbench
    tests: Mapping[str, TestCase]

    @property
    def text(self) -> bytes:
        """The target's file, unchanged."""
        return self.asked.request.document.text.encode()


def _laid(asked: CodeProblem, bench: Workbench, path: str, text: str, suite: str) -> _Laid:
    """A suite whose tests are the last of the `text` at `path`."""
    testing = testing_of(asked.request)
    names = [_name(test) for test in testing.tests(suite, path)]
    tests = testing.tests(text, path)[-len(names) :]
    over = replace(bench, layer={**bench.layer, path: text.encode()})
    return _Laid(asked, over, dict(zip(names, tests, strict=True)))


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a suite: its tests' verdicts by name, or why nothing could be found out."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, "Verdict"])
    problem: str = ""

    @property
    def false(self) -> dict[str, Verdict]:
        """The tests that do not hold, or do not go through the target."""
        return {name: verdict for name, verdict in self.verdicts.items() if not _holds(verdict)}


def _in_place(asked: CodeProblem, bench: Workbench, suite: str) -> _Laid:
    file, text = joined(asked, suite)
    return _laid(asked, bench, file.path, text, suite)


async def _run(laid: _Laid) -> _Run:
    tests = dict(list(laid.tests.items())[:MOST_CHECKS])
    cases = Cases(examples=(_LOADS,), tests=tuple(tests.values()))
    tried = await attempt(laid.bench, laid.asked.request, laid.text, cases)
    if tried.problem:
        return _Run(problem=tried.problem)
    loads = tried.verdicts["example:0"]
    if loads.outcome is not Outcome.PASSED:
        told = loads.detail.strip().splitlines()[-1:] or ["no result came back"]
        return _Run(problem=f"the file does not load here: {told[0]}")
    return _Run({name: tried.verdicts[test.id] for name, test in tests.items()})


def _cases(laid: _Laid) -> Cases:
    """The suite's tests, and generated calls, which tell mutants that change nothing."""
    request = laid.asked.request
    source = request.language.syntax.parse(laid.text)
    texts = tuple({laid.bench.layer[test.path] for test in laid.tests.values()})
    calls = request.language.running.inputs(source, request.target, laid.asked.examples, 0, texts)
    return Cases(tests=tuple(laid.tests.values()), calls=calls)


def _name(test: TestCase) -> str:
    return test.id.partition("::")[2].replace("::", ".")


def _holds(verdict: Verdict) -> bool:
    return verdict.outcome is Outcome.PASSED and verdict.ran_target


def _with_tests(found: Findings, kept: int, every: int, false: Mapping[str, Verdict]) -> Findings:
    """The share of tests that are kept; what was taken out is told, it may show a fault in the code."""
    told = [f"{name}: {_why(verdict)}" for name, verdict in false.items()]
    status = Status.PASS if kept else Status.FAIL
    piece = Evidence(found.candidate, "tests", status, kept, every, "\n\n".join(told))
    failures = tuple(
        Failure(name, f"{name}: {_why(verdict)}", f"{name}: {verdict.value or verdict.outcome}")
        for name, verdict in false.items()
    )
    failures = () if kept else failures or (Failure("", _NOTHING, _NOTHING),)
    return replace(found, evidence=(*found.evidence, piece), proofs=kept, failures=failures)


def _why(verdict: Verdict) -> str:
    if verdict.outcome is Outcome.PASSED:
        return "it does not go through the function"
    return verdict.detail.strip() or str(verdict.outcome)


def _with_mutants(found: Findings, text: bytes, mutants: tuple[Tried, ...]) -> Findings:
    """The share of faults that a suite notices; too few of them are its failure, and it is told which."""
    killed, tried = counted(mutants)
    found = replace(found, mutants=(killed, tried))
    if not tried:
        piece = Evidence(found.candidate, "mutants", Status.UNKNOWN, detail="no fault could be tried")
        return replace(found, evidence=(*found.evidence, piece))
    missed = [fault(text, each.text) for each in mutants if not each.killers and not each.alike]
    told = "These faults in the code would not be noticed:\n" + "\n".join(missed[:_SURVIVORS])
    enough = killed >= LEAST_KILLED * tried
    status = Status.PASS if enough else Status.FAIL
    piece = Evidence(found.candidate, "mutants", status, killed, tried, told if missed else "")
    failures = found.failures if enough else (*found.failures, Failure("mutants", told, told))
    return replace(found, evidence=(*found.evidence, piece), failures=failures)
