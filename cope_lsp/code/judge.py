"""The cascade's judge for code: `code_judge` opens trials whose candidates are read, run and ruled on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.problem import Status
from cope_lsp.code.answers import Answer, answered, held_to, inquiry_of
from cope_lsp.code.baseline import Baseline, Weight, baseline, weight
from cope_lsp.code.evidence import MOST_ASSERTIONS, Case, cases_of, gather, read, supposed, unexecuted
from cope_lsp.code.outlook import ruled
from cope_lsp.code.rules import default_rule
from cope_lsp.code.strength import strength
from cope_lsp.code.workbench import Cases, cannot_run

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Candidate, Inquiry, Problem, Ruling
    from cope_lsp.code.findings import Findings
    from cope_lsp.code.problem import CodeProblem, RequestKind
    from cope_lsp.code.rules import Rule
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.running import Example


def code_judge(asked: CodeProblem, bench: Workbench, rule: Rule = default_rule) -> CodeJudge:
    """A `cascade.ports.Judge` for one request.

    Its trials share one baseline and never run the same text twice.
    """
    return CodeJudge(asked, bench, rule)


@dataclass(slots=True)
class _Known:
    """What the trials of one judge share."""

    case: Case | None = None
    by_text: dict[bytes, Findings] = field(default_factory=dict[bytes, "Findings"])
    strengths: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    measuring: anyio.Lock = field(default_factory=anyio.Lock)
    busy: dict[bytes, anyio.Lock] = field(default_factory=dict[bytes, anyio.Lock])


class CodeJudge:
    """Judges all stages of one request. `answer` is what the user said of a call, once they did."""

    def __init__(self, asked: CodeProblem, bench: Workbench, rule: Rule) -> None:
        self.asked, self.bench, self.rule = asked, bench, rule
        self.answer: Answer | None = None
        self._known = _Known()

    def open(self, problem: Problem) -> CodeTrial:  # noqa: ARG002 -- the port's signature; the request is known
        """A fresh trial without candidates."""
        return CodeTrial(self)

    async def prepare(self) -> None:
        """Run the baseline where anything may run; beside the first draw it costs no time."""
        if not cannot_run(self.bench):
            await self._case()

    async def examine(self, candidate: Candidate) -> Findings:
        """All evidence on one candidate; a text that was judged before is not run again."""
        found = read(self.asked, candidate)
        if found.text is None or found.failures:
            return found
        if cannot_run(self.bench):
            return unexecuted(found, cannot_run(self.bench))
        async with self._known.busy.setdefault(found.text, anyio.Lock()):
            if found.text not in self._known.by_text:
                gathered = await gather(await self._case(), found)
                self._known.by_text[found.text] = await self._tested(gathered)
            await self._bring_up_to_date(found.text)
        return self.as_of_now(found)

    def as_of_now(self, found: Findings) -> Findings:
        """Findings with all that was learnt since they were made."""
        known = self._known.by_text.get(found.text) if found.text is not None else None
        if known is None:
            return found
        evidence = tuple(replace(piece, candidate=found.candidate) for piece in known.evidence)
        latest = replace(known, candidate=found.candidate, evidence=evidence)
        return latest if self.answer is None else held_to(latest, self.answer, self.calls)

    async def suppose(self, tests: tuple[str, ...]) -> None:
        """Run tests that a model wrote on what nothing speaks against yet, and on all that comes."""
        if cannot_run(self.bench):
            return
        request = self.asked.request
        made = [each for text in tests for each in request.language.syntax.assertions(text, request.target)]
        case = await self._case()
        async with self._known.lock:
            self._known.case = await _supposing(case, made)
        for text in list(self._known.by_text):
            async with self._known.busy[text]:
                await self._bring_up_to_date(text)

    async def heed(self, inquiry: Inquiry, answer: str) -> None:
        """Hold every candidate to what the user said."""
        self.answer = answered(inquiry, answer)

    @property
    def calls(self) -> tuple[str, ...]:
        """The calls on generated inputs; none before the first run."""
        return self._known.case.cases.calls if self._known.case is not None else ()

    @property
    def held_out(self) -> str:
        """The example that repair never sees; empty where there are fewer than two that prove something."""
        case = self._known.case
        if case is None:
            return ""
        ids = [f"example:{number}" for number in range(len(case.cases.examples))]
        proofs = [id_ for id_ in ids if weight(case.before, id_) is Weight.PROOF]
        return proofs[-1] if len(proofs) > 1 else ""

    async def _tested(self, found: Findings) -> Findings:
        """How strong the cases are that a candidate passes, measured once for all that behave alike.

        Where no call tells candidates apart, once for all that pass.
        """
        if found.status is not Status.PASS:
            return found
        strengths, behaviour = self._known.strengths, found.behaviour if any(found.calls) else ""
        async with self._known.measuring:
            if behaviour not in strengths:
                strengths[behaviour] = await strength(await self._case(), found)
        return replace(found, mutants=strengths[behaviour])

    async def _bring_up_to_date(self, text: bytes) -> None:
        """Run self-made tests that came after a text was judged; its lock is held."""
        known, case = self._known.by_text[text], await self._case()
        if known.status is not Status.FAIL and len(known.assertions) < len(case.cases.assertions):
            self._known.by_text[text] = await supposed(case, known)

    async def _case(self) -> Case:
        async with self._known.lock:
            if self._known.case is None:
                cases = self._cases()
                before = await baseline(self.asked, self.bench, cases)
                self._known.case = Case(self.asked, self.bench, cases, before)
        return self._known.case

    def _cases(self) -> Cases:
        """The request's cases; a call that the user has spoken of is always among them."""
        cases = cases_of(self.asked)
        if self.answer is None or self.answer.call in cases.calls:
            return cases
        return replace(cases, calls=(*cases.calls, self.answer.call))


async def _supposing(case: Case, made: list[Example]) -> Case:
    """The case with more self-made tests, and with what they say of the unwritten target."""
    present = (*case.cases.examples, *case.cases.assertions)
    fresh = tuple(dict.fromkeys(each for each in made if each not in present))
    assertions = (*case.cases.assertions, *fresh)[:MOST_ASSERTIONS]
    if assertions == case.cases.assertions or case.before.problem:
        return case
    before = await baseline(case.asked, case.bench, Cases(assertions=assertions))
    both = Baseline({**case.before.old, **before.old}, {**case.before.hollow, **before.hollow})
    return replace(case, cases=replace(case.cases, assertions=assertions), before=both)


class CodeTrial:
    """A `cascade.ports.Trial`: the candidates of one stage."""

    def __init__(self, judge: CodeJudge) -> None:
        self._judge = judge
        self._found: dict[int, Findings] = {}
        self._numbers = count()

    @property
    def findings(self) -> tuple[Findings, ...]:
        """What is known of each candidate, in the order in which they came, not in which their runs ended."""
        return tuple(self._judge.as_of_now(self._found[number]) for number in sorted(self._found))

    @property
    def kind(self) -> RequestKind:
        """What was asked."""
        return self._judge.asked.request.kind

    @property
    def executes(self) -> bool:
        """Whether candidates can run at all."""
        return not cannot_run(self._judge.bench)

    @property
    def held_out(self) -> str:
        """The example that feedback never shows."""
        return self._judge.held_out

    async def add(self, candidate: Candidate) -> None:
        """Gather evidence on one more candidate; may run alongside other `add` calls."""
        number = next(self._numbers)
        self._found[number] = await self._judge.examine(candidate)

    def rule(self, remaining: int) -> Ruling:
        """Rule over the candidates so far; where nothing runs, there is nothing to look forward to."""
        if not self.executes:
            return self._judge.rule(self.findings, self, remaining)
        return ruled(self.findings, remaining, lambda found, left: self._judge.rule(found, self, left))

    async def question(self) -> Inquiry | None:
        """The call on which the candidates that are left differ, and what they give for it."""
        return inquiry_of(self.findings, self._judge.calls)
