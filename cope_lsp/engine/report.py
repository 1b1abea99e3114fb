"""The Markdown report of one solve: what was asked, drawn, found out and paid.

Whatever a model or a repository wrote stands inside a fence longer than any it contains, so that a
preview neither follows its links nor loads its images (security part 2.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Status
from cope_lsp.storage.reports import fenced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cope_lsp.cascade.outcome import Result, StageOutcome
    from cope_lsp.cascade.problem import Candidate, Evidence, Plan, Ruling, Usage
    from cope_lsp.code.problem import CodeProblem

_SHOWN_BYTES = 16_384

_WORDS = ((0.97, "nearly certain"), (0.9, "very likely"), (0.75, "likely"), (0.5, "more likely than not"))
"""What people read for a probability that reaches these."""


def render_report(problem: CodeProblem, result: Result, message: str) -> str:
    """The whole report; `message` is the line the user saw."""
    request = problem.request
    parts = [
        f"# {request.kind.value.capitalize()} `{_inline(request.target.qualname)}`",
        message,
        "## What was asked",
        fence(problem.problem.statement, "text"),
    ]
    if problem.sent_files:
        parts += ["Text of these files was part of the prompt:", _bullets(problem.sent_files)]
    for outcome in result.outcomes:
        parts += _stage(outcome)
    parts += ["## Used in all", _usage(result.usage)]
    return "\n\n".join(parts) + "\n"


def fence(text: str, language: str = "") -> str:
    """`text` in a code fence that nothing inside it can close, cut where it is very long."""
    shown = text if len(text) <= _SHOWN_BYTES else text[:_SHOWN_BYTES] + "\n… (cut)"
    return fenced(shown, language).rstrip()


def _stage(outcome: StageOutcome) -> Iterator[str]:
    yield f"## Stage {outcome.stage}"
    yield outcome.reason
    if outcome.ruling is not None and outcome.ruling.status is Status.PASS:
        yield _sure(outcome.ruling, len(outcome.candidates))
    if outcome.failure:
        yield fence(str(outcome.failure), "text")
    for plan in _plans(outcome.candidates):
        yield f"### Plan ({plan.role.value}, {_inline(plan.model)})"
        yield fence(plan.text, "text")
    for number, candidate in enumerate(outcome.candidates, start=1):
        yield from _candidate(number, candidate, outcome)


def _sure(ruling: Ruling, candidates: int) -> str:
    """The probability in words, and the company that the choice has."""
    words = next((words for least, words in _WORDS if ruling.confidence >= least), "doubtful")
    alike = f"{len(ruling.group)} of {candidates} candidates behave like the best one"
    return f"That the best one is right is {words} ({ruling.confidence:.0%}); {alike}."


def _candidate(number: int, candidate: Candidate, outcome: StageOutcome) -> Iterator[str]:
    ruling = outcome.ruling
    standing = "accepted" if outcome.accepted else "the best of this stage"
    chosen = f" — {standing}" if ruling is not None and ruling.choice == candidate else ""
    yield f"### Candidate {number} ({_inline(candidate.model)}){chosen}"
    yield fence(candidate.text)
    found = [item for item in ruling.evidence if item.candidate == candidate] if ruling else []
    if found:
        yield "\n".join(_line(item) for item in found)
    yield from (fence(item.detail, "text") for item in found if item.detail)


def _line(item: Evidence) -> str:
    count = f" ({item.passed} of {item.total})" if item.total else ""
    return f"- {item.source}: {item.status.value}{count}"


def _plans(candidates: Iterable[Candidate]) -> list[Plan]:
    return list(dict.fromkeys(item.plan for item in candidates if item.plan is not None))


def _usage(usage: Usage) -> str:
    cost = "unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
    return (
        f"{usage.calls} calls, {usage.input_tokens} tokens in ({usage.cached_tokens} cached), "
        f"{usage.output_tokens} out, {usage.seconds:.1f} s in models, {cost}"
    )


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- `{_inline(item)}`" for item in items)


def _inline(text: str) -> str:
    return text.replace("`", "'").replace("\n", " ")
