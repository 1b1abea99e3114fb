"""Gathers evidence on one candidate: what its text says, what running it says, before anyone decides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Evidence, Status
from cope_lsp.code import behaviour, diagnosis
from cope_lsp.code.baseline import Weight, weight, why_nothing
from cope_lsp.code.context import own_path
from cope_lsp.code.findings import Failure, Findings
from cope_lsp.code.problem import RequestKind
from cope_lsp.code.request import head_of
from cope_lsp.code.scope import shared_texts
from cope_lsp.code.workbench import Cases, attempt
from cope_lsp.languages.running import Outcome, Verdict
from cope_lsp.workspace.snapshot import snapshot_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cope_lsp.cascade.problem import Candidate
    from cope_lsp.code.baseline import Baseline
    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Workbench
    from cope_lsp.languages.running import Example

ELSEWHERE = frozenset(
    {"ConnectionError", "ConnectionRefusedError", "gaierror", "URLError", "ConnectError", "ConnectTimeout"}
    | {"NewConnectionError", "MaxRetryError", "ClientConnectorError", "OperationalError"}
)
"""Exceptions that speak of a network or a server that the sandbox does not have."""


MOST_ASSERTIONS = 40
"""Self-made tests of one case beyond this many are left out."""


@dataclass(frozen=True, slots=True)
class Case:
    """What all candidates of one request are judged by."""

    asked: CodeProblem
    bench: Workbench
    cases: Cases
    before: Baseline


def cases_of(asked: CodeProblem, seed: int = 0, assertions: Iterable[Example] = ()) -> Cases:
    """The request's examples and tests, calls on generated inputs, and self-made tests, nothing twice."""
    request = asked.request
    source = request.language.syntax.parse(request.document.text.encode())
    made = dict.fromkeys(each for each in assertions if each not in asked.examples)
    around = request.language.syntax.surroundings(source, request.target, own_path(request))
    texts = snapshot_files(request.snapshot, sorted({test.path for test in asked.tests}))
    seen = {**texts, **shared_texts(request.snapshot, around, own_path(request))}.values()
    calls = request.language.running.inputs(
        source, request.target, (*asked.examples, *made), seed, tuple(text.encode() for text in seen)
    )
    checks = ()
    if request.snapshot.root is not None:
        checks = request.language.running.checks(request.snapshot.root, own_path(request))
    return Cases(asked.examples, asked.tests, calls, tuple(made)[:MOST_ASSERTIONS], checks)


def read(asked: CodeProblem, candidate: Candidate) -> Findings:
    """What the text alone says: can it be placed, does it parse, does it keep the contract."""
    request = asked.request
    syntax, head = request.language.syntax, head_of(request)
    source = syntax.parse(request.document.text.encode())
    patch = syntax.complete(source, request.target, candidate.text, head)
    if patch.text is None:
        return _refused(candidate, "syntax", patch.problem)
    text = patch.text.encode()
    breaches = syntax.breaches(source, request.target, syntax.parse(text), head)
    parses = Evidence(candidate, "syntax", Status.PASS, 1, 1)
    if breaches:
        return replace(_refused(candidate, "contract", "; ".join(breaches)), text=text)
    return Findings(candidate, (parses, Evidence(candidate, "contract", Status.PASS, 1, 1)), text)


def _refused(candidate: Candidate, source: str, why: str) -> Findings:
    evidence = Evidence(candidate, source, Status.FAIL, 0, 1, why)
    return Findings(candidate, (evidence,), failures=(Failure("", why, why),))


async def gather(case: Case, found: Findings) -> Findings:
    """Add what running the candidate says to what reading it said."""
    if found.text is None or found.status is Status.FAIL:
        return found
    request = case.asked.request
    tried = await attempt(case.bench, request, found.text, case.cases)
    if tried.problem or case.before.problem:
        return unexecuted(found, tried.problem or case.before.problem)
    old = request.document.text.encode()
    reaches = request.language.running.reaches(old, found.text)
    result = found
    if not case.cases.examples and not case.cases.tests:
        result = unexecuted(result, "no example and no test reaches it")
    result = _checked(case, result, [tried.verdicts[check.id] for check in case.cases.checks])
    for source, ids in _sources(case.cases):
        result = _weighed(case, result, source, [tried.verdicts[id_] for id_ in ids], reaches)
    calls = [tried.verdicts[f"call:{number}"] for number in range(len(case.cases.calls))]
    passed = [
        id_ for _, ids in _sources(case.cases) for id_ in ids if _proves(case.before, tried.verdicts[id_])
    ]
    result = replace(result, behaviour=_signature(calls, passed, found.text))
    result = _observed(case, result, calls, tried.verdicts)
    if reaches:
        result = _silenced(result)
    if request.kind is not RequestKind.IMPLEMENT:
        result = _added(
            result, *behaviour.compared(case.asked, case.before, case.cases.calls, calls, found.candidate)
        )
    if request.kind is RequestKind.FIX:
        result = _added(
            result, *await diagnosis.diagnosed(case.asked, case.bench, found.text, found.candidate)
        )
    return result


def _observed(case: Case, found: Findings, calls: list[Verdict], verdicts: Mapping[str, Verdict]) -> Findings:
    """The findings with what was seen of the candidate, which others are compared with."""
    made = (verdicts[f"assertion:{number}"] for number in range(len(case.cases.assertions)))
    return replace(
        found,
        calls=tuple(call.likeness if call.ran_target else "" for call in calls),
        traces=tuple(_seen_in_test(case.before, verdicts[test.id]) for test in case.cases.tests),
        assertions=tuple(_held(case.before, verdict) for verdict in made),
    )


def _silenced(found: Findings) -> Findings:
    """What reaches into the machinery that judges could make it say what it likes: nothing counts."""
    return replace(
        found,
        calls=("",) * len(found.calls),
        traces=("",) * len(found.traces),
        assertions=(None,) * len(found.assertions),
    )


async def supposed(case: Case, found: Findings) -> Findings:
    """The findings with what the case's self-made tests say; nothing else is run again."""
    if found.text is None:
        return found
    made = Cases(assertions=case.cases.assertions)
    tried = await attempt(case.bench, case.asked.request, found.text, made)
    if tried.problem:
        return found
    verdicts = (tried.verdicts[f"assertion:{number}"] for number in range(len(made.assertions)))
    return replace(found, assertions=tuple(_held(case.before, verdict) for verdict in verdicts))


def _sources(cases: Cases) -> Iterable[tuple[str, list[str]]]:
    yield "examples", [f"example:{number}" for number in range(len(cases.examples))]
    yield "tests", [test.id for test in cases.tests]


def unexecuted(found: Findings, why: str) -> Findings:
    """Say why nothing ran."""
    return _added(found, Evidence(found.candidate, "tests", Status.UNKNOWN, detail=why), ())


def _added(found: Findings, piece: Evidence, failures: tuple[Failure, ...]) -> Findings:
    return replace(found, evidence=(*found.evidence, piece), failures=(*found.failures, *failures))


def _weighed(
    case: Case, found: Findings, source: str, verdicts: list[Verdict], reaches: tuple[str, ...]
) -> Findings:
    """One piece of evidence from all verdicts of a source."""
    if not verdicts:
        return found
    passed, failures, changed = 0, list[Failure](), 0
    silent: list[str] = []
    for verdict in verdicts:
        says, why = _says(case.before, verdict, reaches)
        if says is Status.PASS:
            passed += 1
            changed += case.before.old[verdict.id].outcome is not Outcome.PASSED
        elif says is Status.FAIL:
            failures.append(Failure(verdict.id, _told(verdict), verdict.brief or verdict.outcome))
        else:
            silent.append(f"{verdict.id}: {why}")
    status = Status.FAIL if failures else Status.PASS if passed else Status.UNKNOWN
    detail = failures[0].detail if failures else "\n".join(silent[:5])
    piece = Evidence(found.candidate, source, status, passed, passed + len(failures), detail)
    added = _added(found, piece, tuple(failures))
    return replace(added, proofs=added.proofs + passed, changed=added.changed + changed)


def _checked(case: Case, found: Findings, verdicts: list[Verdict]) -> Findings:
    """What compilers and checkers say, of those that had nothing to say of the code without a candidate."""
    news = [_news(case.before, each) for each in verdicts]
    said = [each for each in news if each is not None and each.outcome in (Outcome.PASSED, Outcome.FAILED)]
    if not said:
        return found
    failures = [each for each in said if each.outcome is Outcome.FAILED]
    status = Status.FAIL if failures else Status.PASS
    detail = failures[0].detail if failures else ""
    passed = len(said) - len(failures)
    piece = Evidence(found.candidate, "checks", status, passed, len(said), detail)
    told = (Failure(each.id, each.detail, each.brief or each.outcome) for each in failures)
    return _added(found, piece, tuple(told))


def _news(before: Baseline, now: Verdict) -> Verdict | None:
    """A check without what it said of the code without a candidate too; None where that is not told."""
    known = [each for run in (before.hollow, before.old) if (each := run.get(now.id)) is not None]
    if known and known[0].outcome is Outcome.PASSED:
        return now
    told = {line for each in known for line in each.value.splitlines()}
    if not told or (now.outcome is Outcome.FAILED and not now.value):
        return None
    fresh = set(now.value.splitlines()) - told
    return now if fresh or now.outcome is not Outcome.FAILED else replace(now, outcome=Outcome.PASSED)


def _says(before: Baseline, verdict: Verdict, reaches: tuple[str, ...]) -> tuple[Status, str]:
    """What one verdict says of the candidate, and why it says nothing where it does not."""
    can = weight(before, verdict.id)
    if verdict.outcome is Outcome.CHEATED:
        own = before.hollow[verdict.id].outcome is not Outcome.CHEATED
        return (Status.FAIL, "") if own else (Status.UNKNOWN, why_nothing(before, verdict.id))
    if can is Weight.NONE:
        return Status.UNKNOWN, why_nothing(before, verdict.id)
    if verdict.outcome is Outcome.PASSED:
        doubt = _doubt(can, verdict, reaches)
        return (Status.UNKNOWN, doubt) if doubt else (Status.PASS, "")
    if verdict.value.rpartition(".")[2] in ELSEWHERE:
        return Status.UNKNOWN, f"it needs what the sandbox does not have: {verdict.value}"
    return Status.FAIL, ""


def _doubt(can: Weight, verdict: Verdict, reaches: tuple[str, ...]) -> str:
    """Why a passed case does not count; empty where it does."""
    if can is Weight.GUARD:
        return "it passes without the new code too"
    if not verdict.ran_target:
        return "it passed without running the new code (another copy of it, or a hidden one)"
    if reaches:
        return f"the new code reaches into what judges it ({', '.join(reaches)})"
    return ""


def _held(before: Baseline, verdict: Verdict) -> bool | None:
    """Whether a self-made test holds; one that holds without the target, or could not run, says nothing."""
    if verdict.outcome in (Outcome.FAILED, Outcome.TIMED_OUT):
        return False
    without = before.hollow.get(verdict.id)
    empty = without is not None and without.outcome is Outcome.PASSED
    return True if verdict.outcome is Outcome.PASSED and verdict.ran_target and not empty else None


def _seen_in_test(before: Baseline, verdict: Verdict) -> str:
    """What the target did in a test; nothing where the test begins otherwise than without a candidate."""
    without = before.hollow.get(verdict.id)
    begins = [each.likeness.partition("\n")[0] for each in (without, verdict) if each is not None]
    return verdict.likeness if len(begins) > 1 and len(set(begins)) == 1 else ""


def _told(verdict: Verdict) -> str:
    name = "" if verdict.id.startswith("example:") else f"{verdict.id}: "
    if verdict.outcome in (Outcome.FAILED, Outcome.ERRORED):
        return f"{name}{verdict.detail}"
    return f"{name}{verdict.outcome}: {verdict.detail}"


def _proves(before: Baseline, verdict: Verdict) -> bool:
    """Whether a case was passed that fails without the target."""
    return verdict.outcome is Outcome.PASSED and weight(before, verdict.id) is Weight.PROOF


def _signature(calls: list[Verdict], passed: list[str], text: bytes) -> str:
    """A name for what a candidate does, as far as anything tells.

    Without calls those behave alike that pass the same cases; without these either, only the same text does.
    """
    if any(verdict.ran_target for verdict in calls):
        material = "\n".join(verdict.value or verdict.outcome for verdict in calls).encode()
    else:
        material = "\n".join(["passed", *passed]).encode() if passed else text
    return hashlib.sha256(material).hexdigest()[:16]
