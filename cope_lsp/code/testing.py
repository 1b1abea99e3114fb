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
from cope_lsp.code.suites import LEAST_KILLED, silent, tried
from cope_lsp.code.test_files import suite_of
from cope_lsp.code.workbench import cannot_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.cascade.problem import Candidate, Inquiry, Problem
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Workbench

SURE, SURER = 0.91, 0.99
"""How sure a suite makes us that kills just enough, and one that kills all: it is true either way."""

UNTRIED, UNEXECUTED = 0.6, 0.3
"""For a suite that holds where no fault could be tried, and for one that could not run."""


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
            return silent(found, problem)
        async with self._known.lock:
            if suite not in self._known.by_suite:
                self._known.by_suite[suite] = await tried(self.asked, self.bench, found)
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
        return testing_rule(self.findings, 0 if cannot_run(self._judge.bench) else remaining)

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
