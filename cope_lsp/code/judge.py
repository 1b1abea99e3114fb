"""The cascade's judge for code: `code_judge` opens trials whose candidates are read, run and ruled on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import anyio

from cope_lsp.code.baseline import Weight, baseline, weight
from cope_lsp.code.evidence import Case, cases_of, gather, read, unexecuted
from cope_lsp.code.rules import default_rule
from cope_lsp.code.workbench import cannot_run

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Candidate, Problem, Ruling
    from cope_lsp.code.findings import Findings
    from cope_lsp.code.problem import CodeProblem, RequestKind
    from cope_lsp.code.rules import Rule
    from cope_lsp.code.workbench import Workbench


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
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    busy: dict[bytes, anyio.Lock] = field(default_factory=dict[bytes, anyio.Lock])


class CodeJudge:
    """Judges all stages of one request."""

    def __init__(self, asked: CodeProblem, bench: Workbench, rule: Rule) -> None:
        self.asked, self.bench, self.rule = asked, bench, rule
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
            known = self._known.by_text.get(found.text)
            if known is None:
                known = await gather(await self._case(), found)
                self._known.by_text[found.text] = known
        evidence = tuple(replace(piece, candidate=candidate) for piece in known.evidence)
        return replace(known, candidate=candidate, evidence=evidence)

    @property
    def held_out(self) -> str:
        """The example that repair never sees; empty where there are fewer than two that prove something."""
        case = self._known.case
        if case is None:
            return ""
        ids = [f"example:{number}" for number in range(len(case.cases.examples))]
        proofs = [id_ for id_ in ids if weight(case.before, id_) is Weight.PROOF]
        return proofs[-1] if len(proofs) > 1 else ""

    async def _case(self) -> Case:
        async with self._known.lock:
            if self._known.case is None:
                cases = cases_of(self.asked)
                before = await baseline(self.asked, self.bench, cases)
                self._known.case = Case(self.asked, self.bench, cases, before)
        return self._known.case


class CodeTrial:
    """A `cascade.ports.Trial`: the candidates of one stage."""

    def __init__(self, judge: CodeJudge) -> None:
        self._judge = judge
        self.findings: list[Findings] = []

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
        self.findings.append(await self._judge.examine(candidate))

    def rule(self, remaining: int) -> Ruling:
        """Rule over the candidates so far."""
        return self._judge.rule(tuple(self.findings), self, remaining)
