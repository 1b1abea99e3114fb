"""How an agent's move is ruled on: a vote over what the replies would do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.polls import TAKEN
from cope_lsp.bench.tasks import Rulebook
from cope_lsp.cascade.rulings import majority
from cope_lsp.cascade.trials import Poll

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from cope_lsp.cascade.problem import Candidate, Ruling

    Meaning: TypeAlias = Callable[[str], Hashable | None]


def judge_by(meaning: Meaning, rulebook: Rulebook, seed: int) -> Poll:  # noqa: ARG001 -- a vote leaves nothing to chance
    """The judge of one move. Every rulebook but TAKEN votes: nothing better is known of actions."""
    return TAKEN if rulebook is Rulebook.TAKEN else Poll(partial(_vote, meaning))


def _vote(meaning: Meaning, candidates: tuple[Candidate, ...], remaining: int) -> Ruling:
    return majority(candidates, lambda candidate: meaning(candidate.text), remaining)
