"""A vote by the final answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cope_lsp.bench.answers.equality import same
from cope_lsp.bench.answers.replies import final_answer, stated_answer
from cope_lsp.bench.polls import TAKEN
from cope_lsp.bench.tasks import Rulebook
from cope_lsp.cascade.rulings import majority
from cope_lsp.cascade.trials import Poll

if TYPE_CHECKING:
    from cope_lsp.cascade.problem import Candidate, Ruling


def judge_by(rulebook: Rulebook, seed: int) -> Poll:  # noqa: ARG001 -- a vote leaves nothing to chance
    """A judge for one attempt: the paper's vote, which is also what agreement means for answers."""
    if rulebook is Rulebook.TAKEN:
        return TAKEN
    answers = Answers()

    def count(candidates: tuple[Candidate, ...], remaining: int) -> Ruling:
        return majority(candidates, answers.representative, remaining)

    return Poll(count)


def answer_of(candidate: Candidate) -> str | None:
    """The answer that a candidate gives; the last number of a reply that was cut off is none."""
    return stated_answer(candidate.text) if candidate.truncated else final_answer(candidate.text)


@dataclass(slots=True)
class Answers:
    """The answers that a judge has seen: equal ones go by the name of the first."""

    _first: dict[str, str] = field(default_factory=dict[str, str])

    def representative(self, candidate: Candidate) -> str | None:
        """What stands for the candidate's answer; None where it gives none."""
        answer = answer_of(candidate)
        if answer is not None and answer not in self._first:
            known = dict.fromkeys(self._first.values())
            self._first[answer] = next((each for each in known if same(each, answer)), answer)
        return None if answer is None else self._first[answer]
