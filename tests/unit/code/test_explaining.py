"""Explanations are ruled on by how sure the model was of its words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Candidate, Completion, Kind, Problem, Status
from cope_lsp.cascade.solve import solve
from cope_lsp.code.explaining import NO_LOGPROBS, THRESHOLD, explaining_judge, explaining_rule, stages
from tests.support.scripted import MemoryPlans, ScriptedModel, Witness

if TYPE_CHECKING:
    from cope_lsp.cascade.outcome import Result

SURE, UNSURE = math.log(1 / 1.2), math.log(1 / 2.5)
EXPLAIN = Problem(Kind.TEXT, "Explain f.")


def said(text: str, logprob: float | None, *, truncated: bool = False) -> Completion:
    """A model's reply."""
    return Completion(text, "m", logprob=logprob, truncated=truncated)


def drawn(text: str, logprob: float | None, *, truncated: bool = False) -> Candidate:
    """A candidate."""
    return Candidate(text, "m", logprob=logprob, truncated=truncated)


async def solved(small: ScriptedModel, large: ScriptedModel | None = None) -> Result:
    """A solve by these models."""
    return await solve(EXPLAIN, stages(small, large, 8, 1), explaining_judge(), MemoryPlans(), Witness())


async def test_a_sure_explanation_is_drawn_once() -> None:
    """Nothing more is worth its seconds."""
    small = ScriptedModel("small", [said("It adds.", SURE)])
    result = await solved(small)
    assert result.accepted is not None
    assert result.accepted.choice is not None
    assert (result.accepted.choice.text, len(small.calls)) == ("It adds.", 1)


async def test_of_unsure_ones_the_surest_is_shown_and_not_accepted() -> None:
    """Three are drawn; without a large model that is all."""
    small = ScriptedModel("small", [said("a", -2.0), said("b", UNSURE), said("c", -1.5)])
    result = await solved(small)
    assert result.accepted is None
    assert result.best is not None
    assert (result.best.text, len(small.calls)) == ("b", 3)


async def test_only_unsureness_asks_the_large_model() -> None:
    """Where there is one; where nothing is known it is not asked."""
    large = ScriptedModel("large", [said("better", SURE)])
    result = await solved(ScriptedModel("small", [said("a", UNSURE)]), large)
    assert result.best is not None
    assert result.best.text == "better"
    silent = ScriptedModel("large", [said("better", SURE)])
    result = await solved(ScriptedModel("small", [said("a", None)]), silent)
    assert result.best is not None
    assert (result.best.text, len(silent.calls)) == ("a", 0)


def test_without_probabilities_nothing_is_known_and_that_is_said() -> None:
    """One draw is as good as many then."""
    ruling = explaining_rule((drawn("a", None),), 2, threshold=THRESHOLD)
    assert (ruling.status, ruling.settled) == (Status.UNKNOWN, True)
    assert ruling.choice == drawn("a", None)
    assert ruling.evidence[0].detail == NO_LOGPROBS


def test_a_text_that_was_cut_off_is_chosen_last() -> None:
    """However sure the model was of its beginning."""
    cut, whole = drawn("a", SURE / 2, truncated=True), drawn("b", SURE)
    assert explaining_rule((cut, whole), 1, threshold=THRESHOLD).choice == whole
    assert explaining_rule((cut,), 1, threshold=THRESHOLD).choice == cut
