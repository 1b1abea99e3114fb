"""Explanations: open-ended text, which nothing can run. The paper's rule for such is all there is.

The text whose tokens the model was surest of is shown; where it was too unsure of all of them, that is
said, or a larger model is asked where the user allows it. How sure a model was is no proof.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from cope_lsp.cascade import prompts
from cope_lsp.cascade.presets import GREEDY_FIRST, LARGE, SMALL, VARIED
from cope_lsp.cascade.problem import Evidence, Ruling, Status
from cope_lsp.cascade.rulings import perplexity
from cope_lsp.cascade.stages import Arm, Stage, failed, passed
from cope_lsp.cascade.trials import Poll

if TYPE_CHECKING:
    from cope_lsp.cascade.ports import Model
    from cope_lsp.cascade.problem import Candidate

MOST_SAMPLES = 3
"""Explanations drawn at most: each takes as long as a long function, and reads much like the last."""

THRESHOLD = 1.4
"""Highest perplexity that is accepted; the paper publishes none, and this one is not calibrated.

Of Qwen2.5-Coder-1.5B's explanations a sound one had 1.26, and one with a false sentence 1.50.
"""

SOURCE = "perplexity"
NO_LOGPROBS = "the model tells no probabilities of its words, so nothing says how sure it was"


def stages(small: Model, large: Model | None, samples: int, width: int) -> tuple[Stage, ...]:
    """One draw, more only while all are too unsure; then the large model, where there is one."""
    arms = (Arm(GREEDY_FIRST), *(Arm(VARIED),) * (min(samples, MOST_SAMPLES) - 1))
    local = Stage(SMALL, small, arms, passed, prompts.SHARED, width=width, escalate=failed)
    if large is None:
        return (local,)
    return (local, Stage(LARGE, large, (Arm(0.0),), passed, prompts.SHARED))


@dataclass(frozen=True, slots=True)
class ExplainingJudge(Poll):
    """A poll that has nothing to prepare."""

    async def prepare(self) -> None:
        """Nothing runs."""


def explaining_judge(threshold: float = THRESHOLD) -> ExplainingJudge:
    """A `cascade.ports.Judge` that accepts a perplexity up to `threshold`."""
    return ExplainingJudge(partial(explaining_rule, threshold=threshold))


def explaining_rule(candidates: tuple[Candidate, ...], remaining: int, *, threshold: float) -> Ruling:
    """The paper's perplexity rule; a text that was cut off is chosen only where all were."""
    if not candidates:
        return Ruling(0.0, Status.UNKNOWN)
    whole = tuple(each for each in candidates if not each.truncated) or candidates
    known = tuple(each for each in whole if each.logprob is not None)
    if not known:
        told = tuple(Evidence(each, SOURCE, Status.UNKNOWN, detail=NO_LOGPROBS) for each in candidates)
        return Ruling(0.0, Status.UNKNOWN, whole[0], (whole[0],), settled=True, evidence=told)
    evidence = tuple(_evidence(each, threshold) for each in known)
    return replace(perplexity(known, threshold, remaining), evidence=evidence)


def perplexity_of(candidate: Candidate) -> float | None:
    """A candidate's perplexity, where the model told its words' probabilities."""
    return None if candidate.logprob is None else math.exp(-candidate.logprob)


def _evidence(candidate: Candidate, threshold: float) -> Evidence:
    found = perplexity_of(candidate) or math.inf
    if found <= threshold:
        told = f"the model was sure of its words (perplexity {found:.2f})"
        return Evidence(candidate, SOURCE, Status.PASS, detail=told)
    told = f"the model was unsure of its words (perplexity {found:.2f}, at most {threshold:g})"
    return Evidence(candidate, SOURCE, Status.FAIL, detail=told)
