"""Candidates and self-made tests that vouch for each other: dual agreement, as weight and never as veto.

Candidates that hold the same tests form one set with these tests. CodeT (2207.10397) scores it by how many
they are; B4 (2409.08692) by how likely the whole table is if just these candidates and tests are right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cope_lsp.code.findings import Findings

BY_LUCK = (1.0, 9.0)
"""Prior (Beta) of a wrong candidate's share of wrong tests held: that two mistakes agree is rare."""

BY_HALF = (1.0, 1.0)
"""Prior of a wrong candidate's share of right tests held, and of the shares of what is right."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """Candidates that hold the same tests, and these tests' numbers."""

    candidates: tuple[Findings, ...]
    tests: frozenset[int]


def consensus_sets(found: Sequence[Findings]) -> tuple[Consensus, ...]:
    """The sets in the order of their first candidates; a test that could not tell is held by none."""
    sets: dict[frozenset[int], list[Findings]] = {}
    for each in found:
        held = frozenset(number for number, holds in enumerate(each.assertions) if holds)
        sets.setdefault(held, []).append(each)
    return tuple(Consensus(tuple(candidates), tests) for tests, candidates in sets.items())


def codet(consensus: Consensus) -> float:
    """Candidates times tests, the candidates damped: many that are alike are no proof."""
    return math.sqrt(len(consensus.candidates)) * len(consensus.tests)


def b4(sets: Sequence[Consensus]) -> tuple[float, ...]:
    """For each set the probability, against the others, that it holds what is right; all zero without tests.

    Right candidates hold the right tests and no others; wrong ones hold either by chance, at unknown rates
    that are integrated out.
    """
    tests = frozenset[int]().union(*(each.tests for each in sets))
    if not tests:
        return (0.0,) * len(sets)
    logs = [_log_evidence(each, sets, tests) for each in sets]
    best = max(logs)
    weights = [math.exp(log - best) for log in logs]
    return tuple(weight / sum(weights) for weight in weights)


def _log_evidence(right: Consensus, sets: Sequence[Consensus], tests: frozenset[int]) -> float:
    """Log-likelihood of the whole table if just this set is right, rates integrated out."""
    wrong = [each for each in sets if each is not right]
    many, good = sum(len(each.candidates) for each in wrong), len(right.tests)
    hits = sum(len(each.candidates) * len(each.tests & right.tests) for each in wrong)
    flukes = sum(len(each.candidates) * len(each.tests - right.tests) for each in wrong)
    return (
        _log_beta(BY_HALF, hits, many * good - hits)
        + _log_beta(BY_LUCK, flukes, many * (len(tests) - good) - flukes)
        + _log_beta(BY_HALF, len(right.candidates), many)
        + _log_beta(BY_HALF, good, len(tests) - good)
    )


def _log_beta(prior: tuple[float, float], hits: int, misses: int) -> float:
    """Log-probability of one row of so many hits and misses under a Beta prior of their rate."""
    a, b = prior
    return _beta(a + hits, b + misses) - _beta(a, b)


def _beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
