"""What speaks for and against one choice among the candidates so far, as plain numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Status
from cope_lsp.code.clusters import medoid, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.cascade.problem import Candidate
    from cope_lsp.code.findings import Findings

NO_VALUE = ("raises ", "runs out of time")
"""How calls begin that gave no value."""


KEPT, INPUTS_A_CASE = 2, 8
"""Passed cases that unchanged behaviour is worth, and inputs that add one more."""


@dataclass(frozen=True, slots=True)
class Signals:
    """The state of a trial from the side of what it would choose.

    `draws` are all candidates so far, `alike` those that behave like the choice, `others` the sizes of the
    other clusters of survivors. `passing` candidates passed cases that failed before, `beaten` different
    behaviours were refuted by such cases; `proofs` are the choice's own passes of them, `shown` says that
    its author had seen them.

    `told` calls on generated inputs say something of the choice, `ordinary` of these gave a value, and there
    were `values` different ones; `least_agreed` is the share of all candidates that do as it does on the call
    where they are fewest.
    `held` of `tests` self-made tests hold for the choice; `rival_held` is the most that hold for a candidate
    that behaves otherwise. Of `mutants` of the choice the given cases killed `killed`.

    `ways` counts how those alike were asked for: by which model, and without a plan or after one. `likely` is
    the mean probability of a token of the choice; 0: unknown.
    """

    draws: int
    alike: int
    others: tuple[int, ...] = ()
    passing: int = 0
    beaten: int = 0
    proofs: int = 0
    shown: bool = True
    told: int = 0
    ordinary: int = 0
    values: int = 0
    least_agreed: float = 0.0
    held: int = 0
    tests: int = 0
    rival_held: int = 0
    killed: int = 0
    mutants: int = 0
    ways: int = 1
    likely: float = 0.0

    @property
    def survivors(self) -> int:
        """Candidates that nothing speaks against."""
        return self.alike + sum(self.others)

    @property
    def executed(self) -> bool:
        """Whether anything ran that tells right from wrong, or candidates from each other."""
        return self.proofs > 0 or self.told > 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A choice: the cluster it speaks for, and all clusters of survivors, its own first."""

    choice: Findings
    group: tuple[Findings, ...]
    groups: tuple[tuple[Findings, ...], ...]


def standing(groups: Sequence[tuple[Findings, ...]]) -> Standing:
    """The medoid of the largest cluster, weighed by the share of self-made tests that it holds."""
    ranked = sorted(groups, key=lambda group: -_weight(group))
    return Standing(medoid(ranked[0]), ranked[0], tuple(ranked))


def signals(standing: Standing, found: Sequence[Findings], *, shown: bool = True) -> Signals:
    """The signals for a choice among all candidates so far."""
    choice = standing.choice
    told = [number for number, call in enumerate(choice.calls) if call]
    ordinary = [number for number in told if not choice.calls[number].startswith(NO_VALUE)]
    members = {id(each) for each in standing.group}
    return Signals(
        draws=len(found),
        alike=len(standing.group),
        others=tuple(map(len, standing.groups[1:])),
        passing=sum(each.status is Status.PASS for each in found),
        beaten=len({each.calls for each in found if each.status is Status.FAIL and any(each.calls)}),
        proofs=choice.proofs + _kept(choice),
        shown=shown,
        told=len(told),
        ordinary=len(ordinary),
        values=len({choice.calls[number] for number in ordinary}),
        least_agreed=min((_agreed(number, choice, found) for number in told), default=0.0),
        held=_held(choice),
        tests=sum(held is not None for held in choice.assertions),
        rival_held=max((_held(each) for each in found if id(each) not in members), default=0),
        killed=choice.mutants[0],
        mutants=choice.mutants[1],
        ways=len({_way(each.candidate) for each in standing.group}),
        likely=0.0 if choice.candidate.logprob is None else math.exp(choice.candidate.logprob),
    )


def _way(candidate: Candidate) -> tuple[str, str]:
    """The executor, and the role of the planner before it."""
    return candidate.model, "" if candidate.plan is None else candidate.plan.role


def _agreed(number: int, choice: Findings, found: Sequence[Findings]) -> float:
    """Share of the candidates of which a call says something that do what the choice does."""
    said = [each.calls[number] for each in found if number < len(each.calls) and each.calls[number]]
    return sum(same(choice.calls[number], other) for other in said) / len(said)


def _kept(choice: Findings) -> int:
    """Cases that an edit's unchanged behaviour on generated inputs is worth, where that was asked for."""
    kept = [
        piece.passed for piece in choice.evidence if piece.source == "behaviour" and piece.status == "pass"
    ]
    return sum(KEPT + inputs // INPUTS_A_CASE for inputs in kept)


def _weight(group: tuple[Findings, ...]) -> float:
    """Draws in a cluster, up to twice as many where self-made tests hold for it."""
    choice = medoid(group)
    known = sum(held is not None for held in choice.assertions)
    return len(group) * (1 + (_held(choice) / known if known else 0.0))


def _held(each: Findings) -> int:
    return sum(held is True for held in each.assertions)
