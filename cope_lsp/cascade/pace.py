"""What a stage does next, read from where it stands: draw on, ask for tests, ask the user, or stop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cope_lsp.cascade.escalation import Doubt, Outlook
from cope_lsp.cascade.problem import Status
from cope_lsp.cascade.stages import Batch

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Ruling
    from cope_lsp.cascade.sitting import Sitting
    from cope_lsp.cascade.stages import Stage

GIVE_UP_AFTER = 2
"""Failed calls in a row after which a stage stops asking."""

ASK_AFTER = 3
"""Candidates judged before the one who knows is asked while draws still go on."""

_BEFORE_TIMING = 2
"""Draws before their seconds are believed: the first one may have loaded the model."""


def is_decided(sitting: Sitting) -> bool:
    """Whether nothing that is still to come can change what the stage does."""
    stage, ruling = sitting.stage, sitting.ruling
    if ruling is None:
        return False
    if ruling.settled or stage.batch is Batch.AT_ONCE:
        return ruling.settled
    return stage.accept(ruling) and not _is_doubted(sitting, ruling)


def is_hopeless(sitting: Sitting) -> bool:
    """Whether the stage's model has gone."""
    return sitting.errors_in_a_row >= GIVE_UP_AFTER


def draws_on(sitting: Sitting) -> bool:
    """Whether another draw can change the decision and is worth its seconds."""
    stage, ruling = sitting.stage, sitting.ruling
    if not sitting.arms or is_decided(sitting) or is_hopeless(sitting):
        return False
    if stage.batch is Batch.AT_ONCE or ruling is None:
        return True
    if ruling.status is Status.FAIL:
        return sitting.judged < _BEFORE_TIMING or stage.draw_on(sitting.judged, draw_seconds(sitting))
    if ruling.prospects is None or stage.accept(ruling):
        return True
    outlook = _outlook(sitting, ruling, ruling.prospects)
    return outlook is not None and (sitting.judged < _BEFORE_TIMING or stage.agree_on(outlook))


def wants_tests(sitting: Sitting) -> bool:
    """Whether the executor is to be asked for tests now: few are given, and the decision is open."""
    stage, ruling = sitting.stage, sitting.ruling
    if (
        sitting.tests_asked
        or ruling is None
        or not ruling.unproved
        or not stage.style.asks_tests(sitting.case.problem)
    ):
        return False
    is_open = not stage.accept(ruling) and not is_decided(sitting) and not is_hopeless(sitting)
    return is_open and stage.tests_pay(draw_seconds(sitting))


def may_ask(sitting: Sitting) -> bool:
    """Whether the one who knows could settle what the stage's candidates leave open."""
    ruling = sitting.ruling
    if not sitting.stage.consults or not sitting.case.counsel.is_open or sitting.asking is not None:
        return False
    return ruling is not None and ruling.status is not Status.FAIL and not sitting.stage.accept(ruling)


def asks_early(sitting: Sitting) -> bool:
    """Whether the question is worth asking while draws still go on: several stand, and none is ahead."""
    ruling = sitting.ruling
    if ruling is None or not may_ask(sitting) or sitting.judged < ASK_AFTER:
        return False
    return 2 * len(ruling.group) <= sitting.judged


def draw_seconds(sitting: Sitting) -> float:
    """Seconds that a draw takes: the fastest so far, since the first one may have loaded the model."""
    return min(candidate.usage.seconds for candidate in sitting.candidates)


def _is_doubted(sitting: Sitting, ruling: Ruling) -> bool:
    """Whether a second opinion on what would be accepted is worth its seconds."""
    if not sitting.arms or not ruling.prospects or ruling.dissent is None:
        return False
    passed, seconds = len(ruling.group), draw_seconds(sitting)
    doubt = Doubt(ruling.confidence, ruling.prospects[0], ruling.dissent, passed, sitting.judged, seconds)
    return sitting.stage.doubt_on(doubt)


def _outlook(sitting: Sitting, ruling: Ruling, prospects: tuple[float, ...]) -> Outlook | None:
    """Where the stage stands; None where no number of agreeing draws would be enough."""
    needed = _needed(sitting.stage, ruling, prospects)
    if needed is None:
        return None
    company = max(1, len(ruling.group))
    left = len(sitting.arms)
    return Outlook(company - 1, max(0, sitting.judged - company), needed, left, draw_seconds(sitting))


def _needed(stage: Stage, ruling: Ruling, prospects: tuple[float, ...]) -> int | None:
    would_be = (replace(ruling, status=Status.PASS, confidence=sure) for sure in prospects)
    return next((more for more, later in enumerate(would_be, start=1) if stage.accept(later)), None)
