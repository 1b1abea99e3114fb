"""The values that pass through the cascade; all frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """The paper's task kinds (section 4)."""

    CODE = "code"
    ANSWER = "answer"
    TEXT = "text"
    ACTION = "action"


class Role(StrEnum):
    """What a planner writes: small models a goal (what), large ones a guideline (how)."""

    GOAL = "goal"
    GUIDELINE = "guideline"


class Status(StrEnum):
    """What a piece of evidence, or a whole ruling, says.

    FAIL means that the candidate caused it. Whatever cannot be blamed on the candidate is UNKNOWN.
    """

    PASS = "pass"  # noqa: S105 -- a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent to a model; `max_tokens` bounds the reply."""

    messages: tuple[Message, ...]
    max_tokens: int = 1024
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What calls consumed: tokens (cached is a subset of input), seconds, US dollars (None: unknown)."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    cost_usd: float | None = 0.0
    calls: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Sum of two usages; an unknown cost makes the sum unknown."""
        cost = None if self.cost_usd is None or other.cost_usd is None else self.cost_usd + other.cost_usd
        return Usage(
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.output_tokens + other.output_tokens,
            self.seconds + other.seconds,
            cost,
            self.calls + other.calls,
        )


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's reply; `logprobs` are its tokens' log-probabilities where known, `logprob` their mean."""

    text: str
    model: str
    usage: Usage = field(default_factory=Usage)
    logprob: float | None = None
    truncated: bool = False
    logprobs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A planner's text, with the tests that a large planner may write beside it."""

    text: str
    role: Role
    model: str
    tests: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One executor's solution and how it came about."""

    text: str
    model: str
    stage: str = ""
    plan: Plan | None = None
    repairs: Candidate | None = None
    logprob: float | None = None
    truncated: bool = False
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A solution that was accepted before, and how sure the judge was of it then, with all that it had."""

    candidate: Candidate
    confidence: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source (syntax, examples, tests, …) says of one candidate: `passed` of `total`."""

    candidate: Candidate
    source: str
    status: Status
    passed: int = 0
    total: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A trial's verdict over all the candidates so far.

    `confidence` is the probability that `choice` is right (for the paper's rules: the share that
    agrees, or 1.0 when the gate passed). `group` holds the candidates that behave like `choice`.
    `settled`: the remaining draws cannot change the ruling. `status`: PASS when execution (or the
    vote) speaks for `choice`; FAIL when it speaks against every candidate; UNKNOWN when nothing
    could be found out. `brief` is what may be told of a failure to a model on another machine:
    names, exception types, bounded values. `feedback` is what a local repair may see: the failing
    assertion, its values, the traceback's end. `prospects` is what `confidence` would be after one, two, …
    more draws that agree with `choice`, `dissent` after one that passes and does something else; None where
    the judge cannot say. `unproved`: few given tests speak
    for `choice`, so that self-made ones would weigh.
    """

    confidence: float
    status: Status
    choice: Candidate | None = None
    group: tuple[Candidate, ...] = ()
    settled: bool = False
    evidence: tuple[Evidence, ...] = ()
    feedback: str | None = None
    brief: str | None = None
    prospects: tuple[float, ...] | None = None
    dissent: float | None = None
    unproved: bool = False


NEITHER = ""
"""The answer to an inquiry that none of the values on offer is right."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What the one who asked could settle: what `call` must give; `answers` are what candidates give."""

    call: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is asked. `statement` is complete; `reply_format` says how the executor must answer.

    `system` opens every prompt of the default preset: one stable prefix for planner and executor.
    `key` names the question and the code around it, for the plan store; empty: nothing is stored.
    `reads_tests`: tests of it that a model writes can be read.
    """

    kind: Kind
    statement: str
    reply_format: str = ""
    system: str = ""
    key: str = ""
    max_tokens: int = 1024
    reads_tests: bool = True
