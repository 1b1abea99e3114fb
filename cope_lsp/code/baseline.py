"""What the cases say of the code before it was written: only what fails there can prove anything."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from cope_lsp.code.workbench import attempt
from cope_lsp.languages.running import Outcome, Verdict
from cope_lsp.sandbox.caches import Keeping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.code.problem import CodeProblem
    from cope_lsp.code.workbench import Cases, Workbench


class Weight(StrEnum):
    """What a case can say of a candidate.

    PROOF fails without a written target and goes through it. GUARD passes without one: it can speak
    against a candidate, not for it. NONE fails for reasons of its own (collection, fixture, connection).
    """

    PROOF = "proof"
    GUARD = "guard"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Runs without any candidate: on the old text, and with the target emptied (for a stub: the same run)."""

    old: Mapping[str, Verdict] = field(default_factory=dict[str, Verdict])
    hollow: Mapping[str, Verdict] = field(default_factory=dict[str, Verdict])
    problem: str = ""


async def baseline(asked: CodeProblem, bench: Workbench, cases: Cases) -> Baseline:
    """Run the cases once on the unchanged code; for a written target also on an emptied one."""
    request = asked.request
    text = request.document.text.encode()
    bench = replace(bench, keeping=Keeping.ALL)  # nothing that a model wrote runs here
    if request.target.stub:
        text = request.language.running.unwritten(text, request.target)
    old = await attempt(bench, request, text, cases)
    if old.problem or request.target.stub:
        return Baseline(old.verdicts, old.verdicts, old.problem)
    emptied = request.language.running.hollow(text, request.target)
    without_calls = replace(cases, calls=())
    hollow = await attempt(bench, request, emptied, without_calls)
    return Baseline(old.verdicts, hollow.verdicts, hollow.problem)


def weight(before: Baseline, case: str) -> Weight:
    """What a case can say."""
    hollow, old = before.hollow.get(case), before.old.get(case)
    if hollow is None or old is None or Outcome.CHEATED in (hollow.outcome, old.outcome):
        return Weight.NONE
    if hollow.outcome is Outcome.PASSED:
        return Weight.GUARD if old.outcome is Outcome.PASSED else Weight.NONE
    if hollow.outcome is Outcome.MISSING and old.outcome is Outcome.MISSING:
        return Weight.NONE
    return Weight.PROOF if hollow.ran_target else Weight.NONE


def why_nothing(before: Baseline, case: str) -> str:
    """Why a case says nothing, in words."""
    verdict = before.hollow.get(case)
    if verdict is None:
        return "it did not run"
    if verdict.outcome is Outcome.CHEATED:
        return f"the project itself interferes: {verdict.detail}"
    if verdict.outcome is Outcome.MISSING:
        return verdict.detail
    reason = _reason(verdict.detail) or verdict.outcome
    return f"it fails without going through the target: {reason}"


def _reason(detail: str) -> str:
    """The line of a traceback or a complaint that says what was wrong."""
    lines = [line.strip() for line in detail.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith("E ") or "rror" in line]
    return (telling or lines or [""])[-1].removeprefix("E ").strip()[:200]
