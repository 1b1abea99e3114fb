"""How an agent's move is ruled on: a vote over what the replies would do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.tasks import Rulebook
from cope_lsp.cascade.problem import Ruling, Status
from cope_lsp.cascade.rulings import NOTHING_KNOWN, majority
from cope_lsp.cascade.trials import Poll

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from cope_lsp.cascade.problem import Candidate

    Meaning: TypeAlias = Callable[[str], Hashable | None]


def judge_by(meaning: Meaning, rulebook: Rulebook, seed: int) -> Poll:  # noqa: ARG001 -- a vote leaves nothing to chance
    """The judge of one move. Every rulebook but TAKEN votes: nothing better is known of actions."""
    return Poll(_first if rulebook is Rulebook.TAKEN else partial(_vote, meaning))


def _vote(meaning: Meaning, candidates: tuple[Candidate, ...], remaining: int) -> Ruling:
    return majority(candidates, lambda candidate: meaning(candidate.text), remaining)


def _first(candidates: tuple[Candidate, ...], remaining: int) -> Ruling:  # noqa: ARG001 -- a poll's signature
    if not candidates:
        return NOTHING_KNOWN
    return Ruling(1.0, Status.PASS, candidates[0], candidates[:1], settled=True)
