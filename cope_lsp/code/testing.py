"""The judge of tests that are written: they hold for the code as it stands, and notice small faults in it.

What does not hold is taken out, check by check. What is left is kept only for what it would notice: a suite
that no fault in the code could fail is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.problem import Evidence, Ruling, Status
from cope_lsp.code.edit import EditRefused
from cope_lsp.code.findings import Failure, Findings
from cope_lsp.code.rules import brief, feedback
from cope_lsp.code.strength import Effort, counted, fault, mutants_tried
from cope_lsp.code.test_files import suite_of, test_file, testing_of, trial_path
from cope_lsp.code.workbench import Cases, attempt, cannot_run
from cope_lsp.languages.language import Example, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cope_lsp.cascade.problem import Candidate, Inquiry, Problem
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.strength import Tried
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.language import TestCase, Verdict

LEAST_KILLED = 0.5
"""Share of the mutants that a suite must kill."""

SURE, SURER = 0.91, 0.99
"""How sure a suite makes us that kills just enough, and one that kills all: it is true either way."""

UNTRIED, UNEXECUTED = 0.6, 0.3
"""For a suite that holds where no fault could be tried, and for one that could not run."""

MOST_CHECKS = 40
EFFORT = Effort(most=16, seconds=12.0)
_SURVIVORS = 4
_LOADS = Example("0", "0", form="==")
"""An example that holds wherever the target's file can be loaded at all."""


def testing_judge(asked: CodeProblem, bench: Workbench) -> TestingJudge:
    """A `cascade.ports.Judge` for one request; the same suite is not run twice."""
    return TestingJudge(asked, bench)


@dataclass(slots=True)
class _Known:
    by_suite: dict[str, Findings] = field(default_factory=dict[str, Findings])
    lock: anyio.Lock = field(default_factory=anyio.Lock)


class TestingJudge:
    """Judges all stages of one request. A candidate it speaks for has only the tests that are kept."""

    __test__ = False

    def __init__(self, asked: CodeProblem, bench: Workbench) -> None:
        self.asked, self.bench = asked, bench
        self._known = _Known()

    def open(self, problem: Problem) -> TestingTrial:  # noqa: ARG002 -- the port's signature; the request is known
        """A fresh trial without candidates."""
        return TestingTrial(self)

    async def prepare(self) -> None:
        """Nothing runs before there is a test."""

    async def suppose(self, tests: tuple[str, ...]) -> None:
        """Ignore them: the code as it stands is what tests are written for."""

    async def heed(self, inquiry: Inquiry, answer: str) -> None:
        """Ignore it, likewise."""

    async def examine(self, candidate: Candidate) -> Findings:
        """All evidence on one candidate."""
        runner = self.bench.environment.runner if self.bench.environment else "pytest"
        try:
            suite = suite_of(self.asked, candidate.text, runner)
        except EditRefused as error:
            return _refused(candidate, str(error))
        found = _read(candidate, suite)
        if problem := cannot_run(self.bench):
            return _silent(found, problem)
        async with self._known.lock:
            if suite not in self._known.by_suite:
                self._known.by_suite[suite] = await _tried(self.asked, self.bench, found)
            known = self._known.by_suite[suite]
        evidence = tuple(replace(piece, candidate=candidate) for piece in known.evidence)
        return replace(known, candidate=candidate, evidence=evidence)


class TestingTrial:
    """A `cascade.ports.Trial`: the candidates of one stage."""

    __test__ = False

    def __init__(self, judge: TestingJudge) -> None:
        self._judge = judge
        self.findings: list[Findings] = []

    async def add(self, candidate: Candidate) -> None:
        """Gather evidence on one more candidate; may run alongside other `add` calls."""
        self.findings.append(await self._judge.examine(candidate))

    def rule(self, remaining: int) -> Ruling:
        """Rule over the candidates so far."""
        return testing_rule(self.findings, remaining)

    async def question(self) -> Inquiry | None:
        """Nothing: the code itself knows."""
        return None


def testing_rule(found: Sequence[Findings], remaining: int) -> Ruling:
    """The suite that kills the largest share of the mutants, and among those the one with most tests."""
    if not found:
        return Ruling(0.0, Status.UNKNOWN)
    status = next(each for each in _ORDER if any(one.status is each for one in found))
    best = max((each for each in found if each.status is status), key=_worth)
    choice = _kept_alone(best)
    evidence = tuple(piece for each in found for piece in each.evidence)
    own = tuple(replace(piece, candidate=choice) for piece in best.evidence if choice != best.candidate)
    failed = status is Status.FAIL
    return Ruling(
        _confidence(best),
        status,
        choice,
        (choice,),
        settled=remaining == 0,
        evidence=(*evidence, *own),
        feedback=feedback(best, "") if failed else None,
        brief=brief(best, "") if failed else None,
    )


_ORDER = (Status.PASS, Status.UNKNOWN, Status.FAIL)


def _worth(found: Findings) -> tuple[float, int]:
    killed, tried = found.mutants
    return (killed / tried if tried else 0.0, found.proofs)


def _kept_alone(found: Findings) -> Candidate:
    """The candidate with only the tests that are kept, so that an edit made of it has no other."""
    return replace(found.candidate, text=found.text.decode()) if found.text else found.candidate


def _confidence(found: Findings) -> float:
    if found.status is not Status.PASS:
        return 0.0 if found.status is Status.FAIL else UNEXECUTED
    killed, tried = found.mutants
    if not tried:
        return UNTRIED
    more = (killed / tried - LEAST_KILLED) / (1 - LEAST_KILLED)
    return round(SURE + (SURER - SURE) * more, 3)


def _read(candidate: Candidate, suite: str) -> Findings:
    return Findings(candidate, (Evidence(candidate, "syntax", Status.PASS, 1, 1),), suite.encode())


def _refused(candidate: Candidate, why: str) -> Findings:
    evidence = Evidence(candidate, "syntax", Status.FAIL, 0, 1, why)
    return Findings(candidate, (evidence,), failures=(Failure("", why, why),))


def _silent(found: Findings, why: str) -> Findings:
    piece = Evidence(found.candidate, "tests", Status.UNKNOWN, detail=why)
    return replace(found, evidence=(*found.evidence, piece))


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where suites are run: a file of their own at `path`, over the project as it stands."""

    asked: CodeProblem
    bench: Workbench
    path: str

    @property
    def text(self) -> bytes:
        """The target's file, unchanged."""
        return self.asked.request.document.text.encode()

    def holding(self, suite: str) -> Workbench:
        """The workbench with a suite laid over the project."""
        return replace(self.bench, layer={**self.bench.layer, self.path: suite.encode()})


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of a suite: its tests' verdicts by name, or why nothing could be found out."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict[str, "Verdict"])
    problem: str = ""

    @property
    def false(self) -> dict[str, Verdict]:
        """The tests that do not hold, or do not go through the target."""
        return {name: verdict for name, verdict in self.verdicts.items() if not _holds(verdict)}


async def _tried(asked: CodeProblem, bench: Workbench, found: Findings) -> Findings:
    """What running a suite says: each check alone, then what is left of it once more, then on mutants."""
    stand = _Stand(asked, bench, trial_path(test_file(asked)))
    testing, suite = testing_of(asked.request), (found.text or b"").decode()
    first = await _run(stand, testing.split(suite))
    if first.problem:
        return _silent(found, first.problem)
    kept = testing.kept(suite, first.verdicts.keys() - first.false.keys())
    again = await _run(stand, kept) if kept else _Run()
    if again.problem:
        return _silent(found, again.problem)
    kept = testing.without(kept, again.false.keys()) if kept else ""
    counts = [len(testing.tests(each, stand.path)) if each else 0 for each in (kept, suite)]
    weighed = _with_tests(found, counts[0], counts[1], {**first.false, **again.false})
    if not kept:
        return weighed
    mutants = await mutants_tried(stand.holding(kept), asked.request, stand.text, _cases(stand, kept), EFFORT)
    return _with_mutants(replace(weighed, text=kept.encode()), stand.text, mutants)


async def _run(stand: _Stand, suite: str) -> _Run:
    tests = testing_of(stand.asked.request).tests(suite, stand.path)[:MOST_CHECKS]
    cases = Cases(examples=(_LOADS,), tests=tests)
    tried = await attempt(stand.holding(suite), stand.asked.request, stand.text, cases)
    if tried.problem:
        return _Run(problem=tried.problem)
    loads = tried.verdicts["example:0"]
    if loads.outcome is not Outcome.PASSED:
        told = loads.detail.strip().splitlines()[-1:] or ["no result came back"]
        return _Run(problem=f"the file does not load here: {told[0]}")
    return _Run({_name(test): tried.verdicts[test.id] for test in tests})


def _cases(stand: _Stand, suite: str) -> Cases:
    """The suite's tests, and generated calls, which tell mutants that change nothing."""
    request = stand.asked.request
    source = request.language.syntax.parse(stand.text)
    calls = request.language.running.inputs(source, request.target, stand.asked.examples, 0)
    return Cases(tests=testing_of(request).tests(suite, stand.path), calls=calls)


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


_NOTHING = "no test in it checks anything"


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
