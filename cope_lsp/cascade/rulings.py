"""The paper's confidence rules (arXiv 2506.11578, section 4) as pure functions.

None of them knows a threshold on the share that agrees: that belongs to a stage (`Stage.accept`).
`remaining` counts the draws still to come; the share is taken over all draws, so that one of eight
never looks unanimous. A ruling is settled once no draw is left, since any draw may still change the choice.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Candidate, Ruling, Status

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Hashable, Sequence

NOTHING_KNOWN = Ruling(0.0, Status.UNKNOWN)
"""What every rule says before the first candidate."""


def any_pass(verdicts: Sequence[tuple[Candidate, Status]], rng: random.Random, remaining: int = 0) -> Ruling:
    """Code: at least one passes all given tests; choose a passing one at random."""
    settled = remaining == 0
    passing = tuple(candidate for candidate, status in verdicts if status is Status.PASS)
    if passing:
        return Ruling(1.0, Status.PASS, rng.choice(passing), passing, settled)
    failed = bool(verdicts) and all(status is Status.FAIL for _, status in verdicts)
    return Ruling(0.0, Status.FAIL if failed else Status.UNKNOWN, settled=settled)


def majority(
    candidates: Sequence[Candidate], key: Callable[[Candidate], Hashable | None], remaining: int = 0
) -> Ruling:
    """Answers and actions: confidence is the share of the most frequent answer among all draws.

    `key` maps equal answers to equal values, and to None what holds no answer. On a tie the answer
    that came first is chosen.
    """
    if not candidates:
        return NOTHING_KNOWN
    groups: dict[Hashable, list[Candidate]] = {}
    for candidate in candidates:
        answer = key(candidate)
        if answer is not None:
            groups.setdefault(answer, []).append(candidate)
    settled = remaining == 0
    if not groups:
        return Ruling(0.0, Status.FAIL, settled=settled)
    modal = max(groups.values(), key=len)
    share = len(modal) / (len(candidates) + remaining)
    return Ruling(share, Status.PASS, modal[0], tuple(modal), settled)


def perplexity(candidates: Sequence[Candidate], threshold: float, remaining: int = 0) -> Ruling:
    """Open-ended text: choose the lowest perplexity; above `threshold` it fails.

    Confidence is the inverse of the perplexity, which is the mean probability of a token.
    """
    known = [(candidate.logprob, candidate) for candidate in candidates if candidate.logprob is not None]
    if not known:
        return NOTHING_KNOWN
    logprob, choice = max(known, key=lambda pair: pair[0])
    status = Status.PASS if math.exp(-logprob) <= threshold else Status.FAIL
    return Ruling(math.exp(logprob), status, choice, (choice,), settled=remaining == 0)
