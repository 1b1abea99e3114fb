"""The paper's confidence rules, and the judges made of them."""

from __future__ import annotations

import math
import random
from functools import partial

from cope_lsp.cascade.problem import Candidate, Kind, Problem, Ruling, Status
from cope_lsp.cascade.rulings import any_pass, majority, perplexity
from cope_lsp.cascade.stages import above
from cope_lsp.cascade.trials import Gate, Poll

PROBLEM = Problem(Kind.CODE, "Write f.")


def drawn(*texts: str) -> tuple[Candidate, ...]:
    """Candidates of these texts."""
    return tuple(Candidate(text, "small") for text in texts)


def scored(*logprobs: float | None) -> tuple[Candidate, ...]:
    """Candidates of these mean log-probabilities."""
    return tuple(Candidate(str(number), "small", logprob=value) for number, value in enumerate(logprobs))


def text_of(candidate: Candidate) -> str | None:
    """The answer itself; `-` stands for a reply without an answer."""
    return None if candidate.text == "-" else candidate.text


def chance(seed: int = 0) -> random.Random:
    """A seeded source of chance."""
    return random.Random(seed)  # noqa: S311 -- a draw, no secret


def test_any_pass_chooses_among_all_passing_ones_at_random() -> None:
    """Over many seeds each passing candidate is chosen, and no failing one ever."""
    a, b, c = drawn("a", "b", "c")
    verdicts = [(a, Status.PASS), (b, Status.FAIL), (c, Status.PASS)]
    chosen = {any_pass(verdicts, chance(seed)).choice for seed in range(50)}
    assert chosen == {a, c}


def test_any_pass_is_sure_when_one_passes() -> None:
    """One passing candidate suffices, with the passing ones as its group."""
    a, b = drawn("a", "b")
    ruling = any_pass([(a, Status.FAIL), (b, Status.PASS)], chance(), remaining=3)
    assert ruling == Ruling(1.0, Status.PASS, b, (b,), settled=False)


def test_any_pass_fails_only_when_all_fail() -> None:
    """One candidate that could not be judged leaves the whole unknown."""
    a, b = drawn("a", "b")
    both = any_pass([(a, Status.FAIL), (b, Status.FAIL)], chance())
    mixed = any_pass([(a, Status.FAIL), (b, Status.UNKNOWN)], chance())
    assert (both.status, both.settled) == (Status.FAIL, True)
    assert mixed.status is Status.UNKNOWN
    assert any_pass([], chance()).status is Status.UNKNOWN


def test_majority_measures_the_share_of_all_draws() -> None:
    """Draws still to come count against the leading answer."""
    early = majority(drawn("4", "4", "5"), text_of, remaining=5)
    late = majority(drawn("4", "4", "5", "4"), text_of)
    assert (early.confidence, early.settled) == (2 / 8, False)
    assert (late.confidence, late.settled) == (3 / 4, True)
    assert [candidate.text for candidate in late.group] == ["4", "4", "4"]


def test_majority_at_the_threshold_is_not_above_it() -> None:
    """Six of eight do not pass a threshold of 0.75, seven do."""
    six = majority(drawn(*"44444456"), text_of)
    seven = majority(drawn(*"44444445"), text_of)
    assert not above(0.75, six)
    assert above(0.75, seven)


def test_majority_takes_the_first_answer_on_a_tie() -> None:
    """A tie is decided by which answer came first."""
    assert majority(drawn("5", "4", "4", "5"), text_of).choice == Candidate("5", "small")


def test_replies_without_an_answer_count_against_every_answer() -> None:
    """What holds no answer dilutes the share, and alone it is a failure."""
    assert majority(drawn("4", "-", "-", "-"), text_of).confidence == 1 / 4
    assert majority(drawn("-", "-"), text_of).status is Status.FAIL
    assert majority((), text_of).status is Status.UNKNOWN


def test_perplexity_chooses_the_lowest() -> None:
    """The candidate with the highest mean log-probability is chosen; unknown ones are passed over."""
    candidates = scored(-1.0, -0.2, None)
    ruling = perplexity(candidates, threshold=1.5)
    assert ruling.choice == candidates[1]
    assert ruling.status is Status.PASS
    assert math.isclose(ruling.confidence, math.exp(-0.2))


def test_perplexity_escalates_above_its_threshold_only() -> None:
    """Exactly at the threshold is still accepted."""
    assert perplexity(scored(0.0), threshold=1.0).status is Status.PASS
    assert perplexity(scored(-0.01), threshold=1.0).status is Status.FAIL


def test_perplexity_without_logprobs_is_unknown() -> None:
    """A provider without log-probabilities gives the rule nothing to go by."""
    assert perplexity(scored(None), threshold=9.0).status is Status.UNKNOWN


async def test_poll_counts_what_it_is_given() -> None:
    """A poll turns a rule over candidates into a judge."""
    trial = Poll(partial(_vote, 0)).open(PROBLEM)
    for candidate in drawn("4", "4"):
        await trial.add(candidate)
    assert trial.rule(2).confidence == 2 / 4


async def test_gate_runs_each_candidate_and_is_reproducible() -> None:
    """The same gate over the same verdicts chooses the same candidate; other seeds choose others."""
    chosen = set[str]()
    for seed in range(20):
        first, second = [await _ruled(seed) for _ in range(2)]
        assert first == second
        assert first.choice is not None
        chosen.add(first.choice.text)
    assert chosen == {"a", "c"}


async def _ruled(seed: int) -> Ruling:
    trial = Gate(_check, seed).open(PROBLEM)
    for candidate in drawn("a", "b", "c"):
        await trial.add(candidate)
    return trial.rule(0)


async def _check(problem: Problem, candidate: Candidate) -> Status:
    assert problem == PROBLEM
    return Status.FAIL if candidate.text == "b" else Status.PASS


def _vote(_unused: int, candidates: tuple[Candidate, ...], remaining: int) -> Ruling:
    return majority(candidates, text_of, remaining)
