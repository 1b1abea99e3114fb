"""The product's judge over kept findings: a candidate that was examined before is not run again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from cope_lsp.bench.coding.kept import from_row, key, to_row
from cope_lsp.bench.polls import TAKEN
from cope_lsp.bench.tasks import Rulebook
from cope_lsp.cascade.problem import Ruling, Status
from cope_lsp.code.answers import held_to
from cope_lsp.code.clusters import clusters, medoid
from cope_lsp.code.evidence import cases_of, read
from cope_lsp.code.judge import CodeJudge
from cope_lsp.code.rules import default_rule, paper_rule, refuted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cope_lsp.bench.coding.kept import Kept
    from cope_lsp.cascade.ports import Judge
    from cope_lsp.cascade.problem import Candidate
    from cope_lsp.code.findings import Findings
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.rules import Docket, Rule
    from cope_lsp.code.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Desk:
    """What judges of one request share: what it asks, where it runs, what is kept, replies once read."""

    asked: CodeProblem
    bench: Workbench
    kept: Kept
    readings: dict[str, Findings] = field(default_factory=dict[str, "Findings"])


def judge_by(rulebook: Rulebook, seed: int, desk: Desk) -> Judge:
    """A judge for one attempt; where the first draw stands whatever it does, nothing is run."""
    if rulebook is Rulebook.TAKEN:
        return TAKEN
    return KeptJudge(desk, _RULES.get(rulebook) or partial(paper_rule, seed=seed))


def read_once(desk: Desk, candidate: Candidate) -> Findings:
    """What a candidate's text alone says; the same reply is read once, whichever strategy draws it."""
    known = desk.readings.get(candidate.text)
    if known is None:
        known = desk.readings[candidate.text] = read(desk.asked, candidate)
    return _of(known, candidate)


def _of(found: Findings, candidate: Candidate) -> Findings:
    evidence = tuple(replace(piece, candidate=candidate) for piece in found.evidence)
    return replace(found, candidate=candidate, evidence=evidence)


class KeptJudge(CodeJudge):
    """The judge of one request. What it has not kept, a real one beside it finds out."""

    def __init__(self, desk: Desk, rule: Rule) -> None:
        super().__init__(desk.asked, desk.bench, rule)
        self._desk, self._kept = desk, desk.kept
        self._real = CodeJudge(desk.asked, desk.bench, rule)
        request = desk.asked.request
        self._name = key(request.document.text, request.target.qualname)
        self._tests: tuple[str, ...] = ()
        self._supposed = 0
        self._latest: dict[bytes, Findings] = {}

    async def examine(self, candidate: Candidate) -> Findings:
        """All evidence on one candidate, kept or found."""
        found = read_once(self._desk, candidate)
        if found.text is None or found.failures:
            return found
        self._latest[found.text] = await self._found(found.text, candidate)
        return self.as_of_now(self._latest[found.text])

    def as_of_now(self, found: Findings) -> Findings:
        """Findings with all that was learnt since they were made."""
        if found.text is None or found.text not in self._latest:
            return found
        own = _of(self._latest[found.text], found.candidate)
        return own if self.answer is None else held_to(own, self.answer, self.calls)

    async def suppose(self, tests: tuple[str, ...]) -> None:
        """Weigh tests that a model wrote."""
        self._tests += tests
        for text, found in list(self._latest.items()):
            self._latest[text] = await self._found(text, found.candidate)

    @property
    def calls(self) -> tuple[str, ...]:
        """The calls on generated inputs."""
        return cases_of(self.asked).calls

    @property
    def held_out(self) -> str:
        """The example that repair never sees."""
        return self._kept.get(f"{self._name}/held out") or ""

    async def _found(self, text: bytes, candidate: Candidate) -> Findings:
        name = key(self._name, self._tests, text.decode())
        row = self._kept.get(name)
        if row is None:
            fresh, self._supposed = self._tests[self._supposed :], len(self._tests)
            if fresh:
                await self._real.suppose(fresh)
            row = to_row(await self._real.examine(candidate))
            self._kept.put(name, row)
            if self._kept.get(f"{self._name}/held out") is None:
                self._kept.put(f"{self._name}/held out", self._real.held_out)
        return from_row(row, candidate, text)


def agreement_rule(found: Sequence[Findings], docket: Docket, remaining: int) -> Ruling:
    """A vote by behaviour among those that pass the gate; confidence is the share of all draws."""
    passing = [each for each in found if each.status is Status.PASS]
    if not passing:
        return refuted(found, docket.held_out, remaining)
    leading = clusters(passing)[0]
    share = len(leading) / (len(found) + remaining)
    group = tuple(each.candidate for each in leading)
    return Ruling(share, Status.PASS, medoid(leading).candidate, group, settled=remaining == 0)


_RULES: Mapping[Rulebook, Rule] = {Rulebook.OURS: default_rule, Rulebook.AGREEMENT: agreement_rule}
