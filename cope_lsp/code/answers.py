"""What the user said a call must give: from then on a case like any other, and surer than most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import NEITHER, Evidence, Inquiry, Status
from cope_lsp.code.clusters import UNORDERED, clusters, same, splitting_call
from cope_lsp.code.findings import Failure
from cope_lsp.code.signals import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.code.findings import Findings

SOURCE = "answer"
"""Name of this evidence."""

CASE = "answer:0"
"""Name of its one case."""

MOST_ANSWERS = 3
"""Most values that a question shows."""

LONGEST = 80
"""Most characters of a call or a value that a question shows; a person has to read it at a glance."""

_UNFIT = ("…", "](")
"""What marks a value that was cut, and a link where an editor reads messages as Markdown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`call` must give `outcome`; where that is empty, none of `refuted`."""

    call: str
    outcome: str
    refuted: tuple[str, ...] = ()


def inquiry_of(found: Sequence[Findings], calls: tuple[str, ...]) -> Inquiry | None:
    """The call that tells the surviving clusters best apart; None where one is left, or none can be shown.

    A call for which every candidate has a value comes first: what is no proper input makes a bad question.
    """
    groups = clusters(found)
    if len(groups) < 2:  # noqa: PLR2004 -- one behaviour leaves nothing to ask
        return None
    readable = [number for number, call in enumerate(calls) if _is_readable(call)]
    proper = [number for number in readable if all(_has_value(each, number) for each in found)]
    return _splitting(groups, calls, proper) or _splitting(groups, calls, readable)


def answered(inquiry: Inquiry, answer: str) -> Answer:
    """What an answer to an inquiry says."""
    refuted = tuple(value for value in inquiry.answers if value != answer)
    return Answer(inquiry.call, "" if answer == NEITHER else answer, refuted)


def held_to(found: Findings, answer: Answer, calls: tuple[str, ...]) -> Findings:
    """The findings with what the answer says of them; nothing where the call says nothing."""
    number = calls.index(answer.call) if answer.call in calls else len(found.calls)
    told = found.calls[number] if number < len(found.calls) else ""
    status = _says(answer, told)
    if status is Status.UNKNOWN:
        return found
    wanted = answer.outcome or f"none of {', '.join(answer.refuted)}"
    why = f"{answer.call}\nexpected: {wanted} (as the user said)\ngot: {told}"
    passed = int(status is Status.PASS)
    piece = Evidence(found.candidate, SOURCE, status, passed, 1, "" if passed else why)
    failures = () if passed else (Failure(CASE, why, why),)
    return replace(found, evidence=(*found.evidence, piece), failures=(*failures, *found.failures))


def _says(answer: Answer, told: str) -> Status:
    if not told:
        return Status.UNKNOWN
    if not answer.outcome:
        return Status.FAIL if told in answer.refuted else Status.UNKNOWN
    if told == answer.outcome:
        return Status.PASS
    return Status.UNKNOWN if same(told, answer.outcome) else Status.FAIL


def _splitting(
    groups: Sequence[Sequence[Findings]], calls: tuple[str, ...], numbers: list[int]
) -> Inquiry | None:
    shown = [[_only(each, numbers) for each in group] for group in groups]
    best = splitting_call(shown, [calls[number] for number in numbers])
    if best is None:
        return None
    told = dict.fromkeys(each.calls[best] for group in shown for each in group if each.calls[best])
    return Inquiry(calls[numbers[best]], tuple(told)[:MOST_ANSWERS])


def _has_value(found: Findings, number: int) -> bool:
    """Whether a candidate that is still in has a value for a call; what is out is not asked."""
    told = found.calls[number] if number < len(found.calls) else ""
    return found.status is Status.FAIL or not told.startswith(NO_VALUE)


def _only(found: Findings, numbers: list[int]) -> Findings:
    """The findings with only those calls, and of their outcomes only what can be shown."""
    told = (found.calls[number] if number < len(found.calls) else "" for number in numbers)
    return replace(found, calls=tuple(each if _is_readable(each) else "" for each in told))


def _is_readable(text: str) -> bool:
    plain = text.isprintable() and not text.startswith(UNORDERED)
    plain = plain and not any(mark in text for mark in _UNFIT)
    return plain and 0 < len(text) <= LONGEST
