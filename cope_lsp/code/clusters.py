"""Candidates that behave alike, the one that speaks for a cluster, and the call that tells clusters apart."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Status
from cope_lsp.code.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Sequence

UNORDERED = "unordered "
"""Opens what a call gave where only the members are sure; against an ordered answer it says nothing."""


def clusters(found: Sequence[Findings]) -> tuple[tuple[Findings, ...], ...]:
    """Those that nothing speaks against, grouped by behaviour; largest first, of equals the first drawn.

    A call that says nothing of a candidate keeps it out of no cluster. Where no call says anything, the
    name of the whole behaviour decides.
    """
    groups: list[tuple[list[set[str]], list[Findings]]] = []
    for each in found:
        if each.status is Status.FAIL:
            continue
        home = next((group for group in groups if _belongs(each, *group)), None)
        if home is None:
            home = ([set[str]() for _ in _all(each)], list[Findings]())
            groups.append(home)
        for told, outcome in zip(home[0], _all(each), strict=False):
            told.update({outcome} - {""})
        home[1].append(each)
    return tuple(tuple(members) for _, members in sorted(groups, key=lambda group: -len(group[1])))


def medoid(cluster: Sequence[Findings]) -> Findings:
    """The member closest to all others over all calls, then in exact behaviour; of equals the first drawn."""
    exact = Counter(each.behaviour for each in cluster)
    told = list(map(Counter, zip(*map(_all, cluster), strict=False)))

    def closeness(each: Findings) -> tuple[int, int]:
        shared = sum(counts[call] for counts, call in zip(told, _all(each), strict=False) if call)
        return shared, exact[each.behaviour]

    return max(cluster, key=closeness)


def splitting_call(groups: Sequence[Sequence[Findings]], calls: Sequence[str]) -> int | None:
    """Index of the call whose outcomes split the clusters best, by the members' weight; None if none does.

    Of equals the shortest call, since a person has to read it.
    """
    best, most = None, 0.0
    for number in sorted(range(len(calls)), key=lambda number: (len(calls[number]), number)):
        outcomes: Counter[str] = Counter()
        for group in groups:
            outcomes[_told(group, number)] += len(group)
        silent = outcomes.pop("", 0)
        gain = _entropy(outcomes) * outcomes.total() / (outcomes.total() + silent or 1)
        if gain > most + 1e-9:
            best, most = number, gain
    return best


def same(one: str, other: str) -> bool:
    """Whether nothing tells two outcomes of a call apart."""
    if not one or not other or one == other:
        return True
    return one.startswith(UNORDERED) != other.startswith(UNORDERED)


def _all(each: Findings) -> list[str]:
    """What it did, call by call and test by test."""
    return [*each.calls, *each.traces]


def _belongs(each: Findings, told: list[set[str]], members: list[Findings]) -> bool:
    """Whether nothing that the members did tells a candidate from them, and something could have."""
    pairs = list(zip(told, _all(each), strict=False))
    if any(known and outcome for known, outcome in pairs):
        return all(same(one, outcome) for known, outcome in pairs for one in known)
    return each.behaviour != "" and each.behaviour == members[0].behaviour


def _told(group: Sequence[Findings], number: int) -> str:
    """What a cluster gives for a call."""
    return next((each.calls[number] for each in group if number < len(each.calls) and each.calls[number]), "")


def _entropy(outcomes: Counter[str]) -> float:
    total = outcomes.total()
    return -sum(count / total * math.log2(count / total) for count in outcomes.values()) if total else 0.0
