"""The rules that are compared: each reads a case into a choice with features, and learns their worth."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

from benchmarks.judge.fitting import logistic
from cope_lsp.cascade.problem import Status
from cope_lsp.code.clusters import clusters
from cope_lsp.code.confidence import SIGNS, features
from cope_lsp.code.rules import choose
from cope_lsp.code.signals import signals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.judge.collecting import Judged
    from cope_lsp.code.findings import Findings

Sure: TypeAlias = "Callable[[tuple[float, ...]], float]"


PREFIXES = (1, 2, 3, 5)
"""Draws after which a case is read for training, besides all: the product decides after every draw."""

RIDGE = 3.0

OPTIONAL = {
    "proofs": ("proved", "proved twice", "proofs", "shown", "passing", "beaten"),
    "beaten-rivals": ("beaten",),
    "agreement": ("least agreed", "alike of draws", "alike", "dissent", "other behaviours"),
    "values": ("ordinary", "values"),
    "self-made-tests": ("held ahead",),
    "paraphrases": ("ways",),
    "log-probabilities": ("likely",),
}
"""Signals that can be left out, by the features that they give."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule makes of some draws: the number of the one it chooses (None: none), and why, as numbers."""

    choice: int | None
    features: tuple[float, ...] = ()


class Bars(Enum):
    """Where the least confidence that a rule accepts comes from.

    NONE: it accepts whatever it chooses. LEARNT: from the training folds. PROBABILITY: its confidence is
    a probability, and what a wrong edit costs says how high it must be.
    """

    NONE = auto()
    LEARNT = auto()
    PROBABILITY = auto()


@dataclass(frozen=True, slots=True)
class Rival:
    """A rule.

    `read` gives readings of a case; the last is of all its draws, those before it serve training alone.
    `learn` makes a confidence of features from readings and whether their choices are right.
    """

    name: str
    read: Callable[[Judged], tuple[Reading, ...]]
    learn: Callable[[Sequence[Reading], Sequence[bool]], Sure]
    bars: Bars = Bars.LEARNT


def any_pass(judged: Judged) -> tuple[Reading, ...]:
    """The paper's gate: any draw that passes what is shown, at random."""
    passing = [n for n, each in enumerate(judged.found) if each.status is Status.PASS]
    chance = random.Random(len(judged.case.visible.stub) + len(passing))  # noqa: S311 -- a draw, no secret
    return (Reading(chance.choice(passing), (1.0,)) if passing else Reading(None),)


def majority(judged: Judged) -> tuple[Reading, ...]:
    """The largest cluster of equal behaviour, its share of the draws for a confidence."""
    groups = clusters(judged.found)
    if not groups:
        return (Reading(None),)
    return (Reading(_number(judged, groups[0][0]), (len(groups[0]) / len(judged.found),)),)


def codet(judged: Judged) -> tuple[Reading, ...]:
    """CodeT: of the draws that hold the same self-made tests, those with the largest draws x tests held."""
    groups = Counter(
        tuple(n for n, held in enumerate(each.assertions) if held) for each in judged.found if each.text
    )
    scores = {held: count * len(held) for held, count in groups.items()}
    if not any(scores.values()):
        return (Reading(None),)
    best = max(scores, key=lambda held: scores[held])
    chosen = next(
        number
        for number, each in enumerate(judged.found)
        if each.text and tuple(n for n, held in enumerate(each.assertions) if held) == best
    )
    return (Reading(chosen, (scores[best] / sum(scores.values()),)),)


def plain(judged: Judged) -> tuple[Reading, ...]:
    """A dozen plain numbers about the largest cluster of survivors."""
    groups = clusters(judged.found)
    if not groups:
        return (Reading(None),)
    chosen = groups[0][0]
    sizes = [*map(len, groups), 0]
    draws, survivors = len(judged.found), sum(sizes)
    shares = [size / survivors for size in sizes if size]
    passing = sum(each.status is Status.PASS for each in judged.found)
    body = (chosen.text or b"").decode().removeprefix(judged.case.visible.stub.rstrip())
    features = (
        float(chosen.proofs > 0),
        math.log1p(chosen.proofs),
        passing / draws,
        survivors / draws,
        sizes[0] / draws,
        sizes[0] / survivors,
        sizes[1] / draws,
        len(groups) / draws,
        -sum([share * math.log(share) for share in shares]),
        sum(each.text is None for each in judged.found) / draws,
        math.log(1 + len(body)),
        float(sizes[0] == draws),
    )
    return (Reading(_number(judged, chosen), features),)


def ours(judged: Judged) -> tuple[Reading, ...]:
    """The product's choice and signals, after the first draw, after some more, and after all."""
    draws = len(judged.found)
    return tuple(_ours(judged, number) for number in sorted({*(n for n in PREFIXES if n < draws), draws}))


def _ours(judged: Judged, draws: int) -> Reading:
    found = judged.found[:draws]
    chosen = choose(found)
    if chosen is None:
        return Reading(None)
    told = signals(chosen, found, shown=judged.case.visible.saw_examples)
    if not told.executed:
        return Reading(None)
    return Reading(_number(judged, chosen.choice), tuple(features(told)[name] for name in SIGNS))


def as_it_is(readings: Sequence[Reading], right: Sequence[bool]) -> Sure:  # noqa: ARG001 -- nothing is learnt
    """The one feature is the confidence."""
    return max


def regression(readings: Sequence[Reading], right: Sequence[bool]) -> Sure:
    """A plain logistic regression."""
    return logistic([each.features for each in readings], right, ridge=1.0).probability


def signed(readings: Sequence[Reading], right: Sequence[bool]) -> Sure:
    """The product's regression: no evidence for a choice may lower its confidence."""
    rows = [each.features for each in readings]
    return logistic(rows, right, RIDGE, tuple(SIGNS.values())).probability


def without(names: frozenset[str], rival: Rival) -> Rival:
    """Ours as if some signals were not known."""

    def read(judged: Judged) -> tuple[Reading, ...]:
        return tuple(replace(each, features=_blanked(each.features, names)) for each in rival.read(judged))

    return replace(rival, name=f"{rival.name} without {', '.join(sorted(names))}", read=read)


def _blanked(values: tuple[float, ...], names: frozenset[str]) -> tuple[float, ...]:
    blank = {feature for name in names for feature in OPTIONAL[name]}
    return tuple(0.0 if name in blank else value for name, value in zip(SIGNS, values, strict=False))


def _number(judged: Judged, chosen: Findings) -> int:
    return next(n for n, each in enumerate(judged.found) if each is chosen)


RIVALS = (
    Rival("any_pass", any_pass, as_it_is, Bars.NONE),
    Rival("majority", majority, as_it_is),
    Rival("codet", codet, as_it_is),
    Rival("logistic", plain, regression, Bars.PROBABILITY),
    Rival("ours", ours, signed, Bars.PROBABILITY),
)
