"""The judge of documentation: the code stays as it is, and what the examples in it show is true.

The words between the examples nobody can check; that is said by how sure the ruling is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import anyio

from cope_lsp.cascade.problem import Evidence, Ruling, Status
from cope_lsp.code.evidence import ELSEWHERE
from cope_lsp.code.findings import Failure, Findings
from cope_lsp.code.rules import refuted
from cope_lsp.code.workbench import Cases, attempt, cannot_run
from cope_lsp.languages.running import Example, Outcome
from cope_lsp.languages.text import Patch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.cascade.problem import Candidate, Inquiry, Problem
    from cope_lsp.code.problem import CodeProblem, Request
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.running import Verdict

BY_EXAMPLES = (0.92, 0.95)
"""How sure one true example makes us, and several: no code changes, so what can be wrong is a sentence."""

UNEXECUTED = 0.5
MOST_WITHOUT_EXAMPLES = 3
"""Candidates without an example after which no more are drawn for the sake of one."""

_LOADS = Example("0", "0", form="==")
"""An example that holds wherever the target's file can be loaded at all."""


def documented(request: Request, reply: str) -> Patch:
    """The file's text with a reply's documentation of the target, or why that cannot be."""
    documenting = request.language.documenting
    if documenting is None:
        return Patch(None, f"{request.language.name} functions cannot be documented here")
    source = request.language.syntax.parse(request.document.text.encode())
    return documenting.documented(source, request.target, reply, request.marker)


def documenting_judge(asked: CodeProblem, bench: Workbench) -> DocumentingJudge:
    """A `cascade.ports.Judge` for one request; the same text is not run twice."""
    return DocumentingJudge(asked, bench)


class DocumentingJudge:
    """Judges all stages of one request."""

    def __init__(self, asked: CodeProblem, bench: Workbench) -> None:
        self.asked, self.bench = asked, bench
        self._known = _Known()

    def open(self, problem: Problem) -> DocumentingTrial:  # noqa: ARG002 -- the port's signature; the request is known
        """A fresh trial without candidates."""
        return DocumentingTrial(self)

    async def prepare(self) -> None:
        """Nothing runs before there is an example."""

    async def suppose(self, tests: tuple[str, ...]) -> None:
        """Ignore them: what the code does is what is documented, right or wrong."""

    async def heed(self, inquiry: Inquiry, answer: str) -> None:
        """Ignore it, likewise."""

    async def examine(self, candidate: Candidate) -> Findings:
        """All evidence on one candidate."""
        found = _read(self.asked.request, candidate)
        if found.text is None or found.failures:
            return found
        async with self._known.lock:
            if found.text not in self._known.by_text:
                self._known.by_text[found.text] = await _run(self.asked.request, self.bench, found)
            known = self._known.by_text[found.text]
        evidence = tuple(replace(piece, candidate=candidate) for piece in known.evidence)
        return replace(known, candidate=candidate, evidence=evidence)

    @property
    def can_show(self) -> bool:
        """Whether an example could show what the target does, and could run."""
        return _gives_value(self.asked.request) and not cannot_run(self.bench)


class DocumentingTrial:
    """A `cascade.ports.Trial`: the candidates of one stage."""

    def __init__(self, judge: DocumentingJudge) -> None:
        self._judge = judge
        self._findings: list[Findings] = []

    async def add(self, candidate: Candidate) -> None:
        """Gather evidence on one more candidate; may run alongside other `add` calls."""
        self._findings.append(await self._judge.examine(candidate))

    def rule(self, remaining: int) -> Ruling:
        """Rule over the candidates so far."""
        return documenting_rule(self._findings, remaining if self._judge.can_show else 0)

    async def question(self) -> Inquiry | None:
        """Nothing: the code itself knows."""
        return None


def documenting_rule(found: Sequence[Findings], remaining: int) -> Ruling:
    """The candidate with most true examples; one without any, or whose cannot be run, is never accepted."""
    evidence = tuple(piece for each in found for piece in each.evidence)
    passed = [each for each in found if each.status is Status.PASS]
    if passed:
        best = max(passed, key=lambda each: each.proofs)
        sure = BY_EXAMPLES[min(best.proofs, len(BY_EXAMPLES)) - 1]
        members = tuple(each.candidate for each in passed)
        return Ruling(sure, Status.PASS, best.candidate, members, remaining == 0, evidence)
    silent = [each for each in found if each.status is Status.UNKNOWN]
    if silent:
        settled = remaining == 0 or len(silent) >= MOST_WITHOUT_EXAMPLES
        choice = silent[0].candidate
        return Ruling(UNEXECUTED, Status.UNKNOWN, choice, (choice,), settled, evidence)
    return refuted(found, "", remaining)


@dataclass(slots=True)
class _Known:
    by_text: dict[bytes, Findings] = field(default_factory=dict[bytes, Findings])
    lock: anyio.Lock = field(default_factory=anyio.Lock)


def _read(request: Request, candidate: Candidate) -> Findings:
    """What the text alone says: is there documentation, and is all else as it was."""
    patch = documented(request, candidate.text)
    if patch.text is None:
        return _refused(candidate, "syntax", patch.problem)
    text = patch.text.encode()
    if not _keeps_code(request, text):
        return _refused(
            candidate, "contract", f"it would change more than {request.target.name}'s documentation"
        )
    if names := _strangers(request, text):
        why = f"it describes parameters that {request.target.name} does not have: {', '.join(names)}"
        return replace(_refused(candidate, "contract", why), text=text)
    read = tuple(Evidence(candidate, source, Status.PASS, 1, 1) for source in ("syntax", "contract"))
    return Findings(candidate, read, text)


def _keeps_code(request: Request, text: bytes) -> bool:
    """Whether nothing else changes; the comment that asked for it is no part of the code."""
    syntax, documenting, marker = request.language.syntax, request.language.documenting, request.marker
    before, target = syntax.parse(request.document.text.encode()), request.target
    if marker is not None:
        bare = before.text[: marker.start] + before.text[marker.end :]
        twin = syntax.twin(before, target, syntax.parse(bare))
        if twin is None:
            return False
        before, target = syntax.parse(bare), twin
    return documenting is not None and documenting.same_code(before, target, syntax.parse(text))


def _strangers(request: Request, text: bytes) -> tuple[str, ...]:
    syntax, documenting = request.language.syntax, request.language.documenting
    source = syntax.parse(text)
    target = syntax.twin(syntax.parse(request.document.text.encode()), request.target, source)
    return documenting.strangers(source, target) if target is not None and documenting is not None else ()


def _refused(candidate: Candidate, source: str, why: str) -> Findings:
    evidence = Evidence(candidate, source, Status.FAIL, 0, 1, why)
    return Findings(candidate, (evidence,), failures=(Failure("", why, why),))


async def _run(request: Request, bench: Workbench, found: Findings) -> Findings:
    """Add what the examples say when they run on the code as it is."""
    text = found.text or b""
    syntax, documenting = request.language.syntax, request.language.documenting
    source = syntax.parse(text)
    target = syntax.twin(syntax.parse(request.document.text.encode()), request.target, source)
    examples = documenting.claims(source, target) if target is not None and documenting is not None else ()
    if not examples:
        return _silent(found, _why_no_example(request))
    if problem := cannot_run(bench):
        return _silent(found, problem)
    tried = await attempt(bench, request, text, Cases(examples=(*examples, _LOADS)))
    verdicts = [tried.verdicts.get(f"example:{number}") for number in range(len(examples) + 1)]
    if problem := tried.problem or _unloadable(verdicts[-1]):
        return _silent(found, problem)
    return _weighed(found, [verdict for verdict in verdicts[:-1] if verdict is not None])


def _why_no_example(request: Request) -> str:
    if _gives_value(request):
        return "no example in it shows that it is true"
    return f"{request.target.name} gives nothing back, so no example can show that it is true"


def _gives_value(request: Request) -> bool:
    source, documenting = (
        request.language.syntax.parse(request.document.text.encode()),
        request.language.documenting,
    )
    return documenting is not None and documenting.gives_value(source, request.target)


def _unloadable(verdict: Verdict | None) -> str:
    if verdict is not None and verdict.outcome is Outcome.PASSED:
        return ""
    told = verdict.detail.strip().splitlines()[-1:] if verdict is not None else []
    return f"the file does not load here: {told[0] if told else 'no result came back'}"


def _silent(found: Findings, why: str) -> Findings:
    piece = Evidence(found.candidate, "examples", Status.UNKNOWN, detail=why)
    return replace(found, evidence=(*found.evidence, piece))


def _weighed(found: Findings, verdicts: list[Verdict]) -> Findings:
    """An example that goes through the code and holds speaks for it; one that does not hold, against."""
    passed = sum(verdict.outcome is Outcome.PASSED and verdict.ran_target for verdict in verdicts)
    false = [verdict for verdict in verdicts if _is_false(verdict)]
    failures = tuple(
        Failure(each.id, each.detail or each.outcome, each.brief or each.outcome) for each in false
    )
    status = Status.FAIL if failures else Status.PASS if passed else Status.UNKNOWN
    detail = failures[0].detail if failures else "" if passed else "no example in it goes through the code"
    piece = Evidence(found.candidate, "examples", status, passed, passed + len(failures), detail)
    return replace(found, evidence=(*found.evidence, piece), proofs=passed, failures=failures)


def _is_false(verdict: Verdict) -> bool:
    if verdict.outcome in (Outcome.PASSED, Outcome.MISSING):
        return False
    return verdict.value.rpartition(".")[2] not in ELSEWHERE
