"""The presets: `paper`, `default` and `local` make a cascade's stages from models."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from cope_lsp.cascade import prompts
from cope_lsp.cascade.escalation import (
    FIXED,
    NOWHERE,
    Rates,
    Worth,
    acceptance_bar,
    agreement_pays,
    draw_pays,
    guideline_pays,
    large_bar,
    own_tests_pay,
    repair_pays,
    second_opinion_pays,
    to_guided,
    to_large,
)
from cope_lsp.cascade.problem import Kind, Role
from cope_lsp.cascade.stages import (
    Arm,
    Batch,
    Carry,
    Disclosure,
    Planning,
    Stage,
    above,
    at_least,
    failed,
    known,
    passed,
)

if TYPE_CHECKING:
    from cope_lsp.cascade.escalation import Onward
    from cope_lsp.cascade.ports import Model
    from cope_lsp.cascade.stages import Accept


@dataclass(frozen=True, slots=True)
class Terms:
    """What `default` and `local` are tuned by: most draws a stage, what outcomes are worth, rates.

    `escalate` says from which rulings the next stage may begin: with `failed`, a pass that is not sure
    enough ends the cascade. `width` draws at a time are sent to the small model. Of `deadline_s`, the local
    stage gets `LOCAL_SHARE` where a large model follows, so that time is left for it.
    """

    samples: int = 8
    worth: Worth = field(default_factory=Worth)
    rates: Rates = FIXED
    escalate: Accept = failed
    width: int = 1
    deadline_s: float | None = None


LOCAL_SHARE = 2 / 3
"""Share of the deadline after which the local stage gives way to the large model."""

SMALL, GUIDED, LARGE = "small", "guided", "large"
"""Names of the three stages, in every preset."""


def paper(small: Model, large: Model, samples: int = 8, kind: Kind = Kind.CODE) -> tuple[Stage, ...]:
    """The cascade of arXiv 2506.11578, to the letter; votes need more than 0.75, then more than 0.5."""
    return (
        Stage(
            SMALL,
            small,
            (Arm(0.4, Planning(Role.GOAL, 0.8)),) * samples,
            _paper_rule(kind, 0.75),
            prompts.PAPER,
            planner=small,
            batch=Batch.AT_ONCE,
            width=samples,
            escalate=known,
        ),
        Stage(
            GUIDED,
            small,
            (Arm(0.8),) * samples,
            _paper_rule(kind, 0.5),
            prompts.PAPER,
            planner=large,
            plan=Planning(Role.GUIDELINE, 0.8),
            carry=Carry.GOAL,
            batch=Batch.AT_ONCE,
            width=samples,
            escalate=known,
        ),
        Stage(LARGE, large, (Arm(0.0),), passed, prompts.PAPER, carry=Carry.GUIDELINE, checked=False),
    )


def default(small: Model, large: Model, terms: Terms | None = None) -> tuple[Stage, ...]:
    """Ours: no plan first, adaptive draws, failures carried on, every stage checked.

    The guided stage is there only where the rates say that a guideline pays.
    """
    terms = terms or Terms()
    if not guideline_pays(terms.rates, terms.worth):
        return (_drafts(small, terms, to_large(terms.rates)), _last_resort(large, terms))
    return (
        _drafts(small, terms, to_guided(terms.rates)),
        _guided_drafts(small, large, terms),
        _last_resort(large, terms),
    )


def local(small: Model, terms: Terms | None = None) -> tuple[Stage, ...]:
    """Ours without a large model: nothing is ever paid, nothing is sent anywhere else."""
    terms = terms or Terms()
    stage = _drafts(small, terms, NOWHERE)
    return (replace(stage, escalate=failed, deadline_s=None),)


GREEDY_FIRST = 0.2
"""Temperature of a first draw: near a small model's best single answer."""

VARIED = 0.8
"""Temperature of the draws after it: variety lets a gate find more (73 % against 59 % of problems)."""

CONFIRMING = 2
"""Most draws that look for company for a repair that passed alone."""


def _drafts(small: Model, terms: Terms, onward: Onward) -> Stage:
    bar = acceptance_bar(terms.worth, onward)
    return Stage(
        SMALL,
        small,
        _varied_arms(terms.samples),
        partial(at_least, bar),
        prompts.SHARED,
        width=terms.width,
        repairs=(0.4,),
        draw_on=partial(draw_pays, terms.rates, terms.worth),
        agree_on=partial(agreement_pays, terms.rates, terms.worth),
        doubt_on=partial(second_opinion_pays, terms.rates, terms.worth, bar),
        tests_pay=partial(own_tests_pay, terms.rates, terms.worth),
        confirming=(Arm(VARIED),) * CONFIRMING,
        escalate=terms.escalate,
        consults=True,
        deadline_s=None if terms.deadline_s is None else LOCAL_SHARE * terms.deadline_s,
    )


def _guided_drafts(small: Model, large: Model, terms: Terms) -> Stage:
    return Stage(
        GUIDED,
        small,
        (Arm(GREEDY_FIRST), *(Arm(VARIED),) * (terms.samples - 1)),
        partial(at_least, acceptance_bar(terms.worth, to_large(terms.rates))),
        prompts.SHARED,
        planner=large,
        plan=Planning(Role.GUIDELINE, 0.2),
        carry=Carry.FAILURE,
        disclosure=Disclosure.BRIEF,
        width=terms.width,
        draw_on=partial(draw_pays, terms.rates, terms.worth),
        agree_on=partial(agreement_pays, terms.rates, terms.worth),
        escalate=terms.escalate,
    )


def _last_resort(large: Model, terms: Terms) -> Stage:
    return Stage(
        LARGE,
        large,
        (Arm(0.0),),
        partial(at_least, large_bar(terms.rates, acceptance_bar(terms.worth, NOWHERE))),
        prompts.SHARED,
        carry=Carry.GUIDELINE | Carry.FAILURE,
        disclosure=Disclosure.BRIEF,
        repairs=(0.2,) if repair_pays(terms.rates, terms.worth) else (),
    )


def _varied_arms(samples: int) -> tuple[Arm, ...]:
    """Every third draw follows a goal of its own, because it errs differently from draws without a plan."""
    goal = Arm(0.4, Planning(Role.GOAL, 0.8))
    return (Arm(GREEDY_FIRST), *(goal if number % 3 == 0 else Arm(VARIED) for number in range(1, samples)))


def _paper_rule(kind: Kind, threshold: float) -> Accept:
    """Votes have thresholds; code and open-ended text have gates (any-pass, a perplexity)."""
    return partial(above, threshold) if kind in {Kind.ANSWER, Kind.ACTION} else passed
