"""A cascade by score in FrugalGPT's manner (2305.05176): draft, score what it shows, keep it or pay.

Its authors' score is a trained DistilBERT that reads query and answer; here a logistic regression reads the
draft's signs. A task is scored by a fit on the problems of the other folds. Where these teach too little, no
draft is trusted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

from cope_lsp.bench.rivals.past import FOLDS, OURS_BARE, escalated_share, fold_of, lessons, past_of
from cope_lsp.bench.rivals.regression import fit
from cope_lsp.bench.rivals.signs import signs
from cope_lsp.bench.strategies import large_once, small_once
from cope_lsp.cascade.escalation import Worth
from cope_lsp.cascade.stages import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.bench.rivals.past import Lesson, Past
    from cope_lsp.bench.rivals.regression import Regression
    from cope_lsp.bench.strategies import Cast
    from cope_lsp.cascade.ports import Model
    from cope_lsp.cascade.problem import Completion, Prompt, Ruling
    from cope_lsp.cascade.stages import Stage

LEAST = 20
"""Lessons below which nothing is fitted."""


class Aim(Enum):
    """What the threshold is chosen for on the other folds.

    CHEAPEST: least money, a wrong answer priced as in `escalation.Worth`. OUR_RATE: as large a share of tasks
    goes to the large model as with ours.
    """

    CHEAPEST = auto()
    OUR_RATE = auto()


@dataclass(frozen=True, slots=True)
class Score:
    """A fit and the score from which a draft is kept."""

    regression: Regression
    threshold: float

    def trusts(self, draft: Completion) -> bool:
        """Whether the draft is kept."""
        return float(self.regression.chances([signs(draft)])[0]) >= self.threshold


@dataclass(slots=True)
class Listener:
    """A model that remembers its last reply whole: a candidate keeps no token's log-probability."""

    model: Model
    heard: list[Completion] = field(default_factory=list["Completion"])

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer as the model does."""
        completion = await self.model.complete(prompt, temperature=temperature, seed=seed)
        self.heard.append(completion)
        return completion


def scored(cast: Cast, *, aim: Aim) -> tuple[Stage, ...]:
    """The small model's draft, if its score is trusted, else the large model's solution."""
    small, score = Listener(cast.small), trained(past_of(cast), aim, fold_of(cast.task))

    def trusted(ruling: Ruling) -> bool:
        return ruling.choice is not None and score is not None and score.trusts(small.heard[-1])

    drafted = replace(small_once(cast), executor=small, checked=True, accept=trusted, escalate=known)
    return drafted, large_once(cast)


@lru_cache(maxsize=64)
def trained(past: Past, aim: Aim, fold: int) -> Score | None:
    """The score for a fold's tasks, from all others; None where these teach too little."""
    others = [each for each in lessons(past) if fold_of(each.task) != fold]
    if len(others) < LEAST:
        return None
    scores = _crossed(others)
    if aim is Aim.CHEAPEST:
        threshold = cheapest(scores, others, Worth().wrong_edit_usd)
    else:
        threshold = at_rate(scores, escalated_share(past.measured(OURS_BARE)))
    return Score(_fitted(others), threshold)


def cheapest(scores: Sequence[float], others: Sequence[Lesson], wrong_usd: float) -> float:
    """The threshold that would have cost least; of equals the highest. Infinite: no draft is kept."""
    ranked = sorted(zip(scores, others, strict=True), key=lambda pair: -pair[0])
    best, threshold, cost = 0.0, math.inf, 0.0
    for number, (score, each) in enumerate(ranked, start=1):
        paid = each.large_usd + wrong_usd * (not each.large_right)
        cost += wrong_usd * (not each.right) - paid
        tied = number < len(ranked) and ranked[number][0] == score
        if cost < best and not tied:
            best, threshold = cost, score
    return threshold


def at_rate(scores: Sequence[float], rate: float) -> float:
    """The threshold below which this share of the scores lies."""
    ranked = sorted(scores)
    number = round(rate * len(ranked))
    return ranked[number] if number < len(ranked) else math.inf


def _crossed(others: Sequence[Lesson]) -> list[float]:
    """Each lesson's score by a fit that has not seen its fold, as the tasks to come will be scored."""
    scores = dict[int, float]()
    for fold in range(FOLDS):
        told = [number for number, each in enumerate(others) if fold_of(each.task) == fold]
        rest = [each for each in others if fold_of(each.task) != fold]
        if told and rest:
            chances = _fitted(rest).chances([others[number].signs for number in told])
            scores.update(zip(told, chances.tolist(), strict=True))
    return [scores.get(number, 0.0) for number in range(len(others))]


def _fitted(rows: Sequence[Lesson]) -> Regression:
    return fit([each.signs for each in rows], [each.right for each in rows])
