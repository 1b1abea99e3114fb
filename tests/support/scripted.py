"""Real doubles of the cascade's ports: a model, a judge and a store that do as the test's script says.

They are ordinary objects behind the ordinary protocols; nothing is patched. Every call is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import anyio

from cope_lsp.cascade.errors import ModelError
from cope_lsp.cascade.problem import (
    Candidate,
    Completion,
    Inquiry,
    Plan,
    Problem,
    Prompt,
    Remembered,
    Ruling,
    Status,
    Usage,
)

if TYPE_CHECKING:
    from cope_lsp.cascade.events import Event


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the model received it."""

    prompt: Prompt
    temperature: float
    seed: int

    @property
    def text(self) -> str:
        """All messages in one string, for `in` tests."""
        return "\n".join(message.content for message in self.prompt.messages)


Reply: TypeAlias = str | Completion | ModelError
"""What a script answers: a text, a whole completion, or an error that is raised."""

Script: TypeAlias = Iterable[Reply] | Callable[[Call], Reply]
"""Replies in order (the last one repeats), or a function of the call."""


class ScriptedModel:
    """A model that answers by script, after `delay_s` seconds (of one call, or of the n-th call)."""

    def __init__(
        self,
        name: str,
        script: Script,
        *,
        delay_s: float | Sequence[float] = 0.0,
        usage: Usage | None = None,
    ) -> None:
        self.name = name
        self.calls: list[Call] = []
        self.finished = 0
        self.cancelled = 0
        self._script = script if callable(script) else _in_order(script)
        self._delay_s = delay_s
        self._usage = usage or Usage(input_tokens=100, output_tokens=10, seconds=1.0, calls=1)

    async def complete(self, prompt: Prompt, *, temperature: float, seed: int) -> Completion:
        """Answer as the script says."""
        call = Call(prompt, temperature, seed)
        self.calls.append(call)
        reply = self._script(call)
        try:
            await anyio.sleep(self._delay(len(self.calls) - 1))
        except anyio.get_cancelled_exc_class():
            self.cancelled += 1
            raise
        self.finished += 1
        if isinstance(reply, ModelError):
            raise reply
        return reply if isinstance(reply, Completion) else Completion(reply, self.name, self._usage)

    def _delay(self, number: int) -> float:
        if isinstance(self._delay_s, Sequence):
            return self._delay_s[number] if number < len(self._delay_s) else 0.0
        return self._delay_s


def _in_order(replies: Iterable[Reply]) -> Callable[[Call], Reply]:
    queue = list(replies)
    return lambda _call: queue.pop(0) if len(queue) > 1 else queue[0]


Rule: TypeAlias = Callable[[tuple[Candidate, ...], int], Ruling]
"""A ruling over the candidates so far and the number of draws that remain."""


class ScriptedJudge:
    """A judge whose trials rule by a function; `trials` keeps what each of them was given.

    `inquiry` is what its trials leave open; `supposed` and `heeded` are what it was told.
    """

    def __init__(self, rule: Rule, *, delay_s: float = 0.0, inquiry: Inquiry | None = None) -> None:
        self.trials: list[ScriptedTrial] = []
        self.inquiry = inquiry
        self.supposed: list[str] = []
        self.heeded: list[str] = []
        self._rule = rule
        self._delay_s = delay_s

    def open(self, problem: Problem) -> ScriptedTrial:
        """A fresh trial."""
        trial = ScriptedTrial(problem, self, self._rule, self._delay_s)
        self.trials.append(trial)
        return trial

    async def suppose(self, tests: tuple[str, ...]) -> None:
        """Write the tests down."""
        self.supposed.extend(tests)

    async def heed(self, inquiry: Inquiry, answer: str) -> None:
        """Write the answer down."""
        assert inquiry == self.inquiry
        self.heeded.append(answer)


class ScriptedTrial:
    """A trial that rules by a function and records what it was asked."""

    def __init__(self, problem: Problem, judge: ScriptedJudge, rule: Rule, delay_s: float) -> None:
        self.problem = problem
        self.judge = judge
        self.candidates: list[Candidate] = []
        self.remaining: list[int] = []
        self._rule = rule
        self._delay_s = delay_s

    async def add(self, candidate: Candidate) -> None:
        """Take a candidate, after the scripted delay."""
        await anyio.sleep(self._delay_s)
        self.candidates.append(candidate)

    def rule(self, remaining: int) -> Ruling:
        """Rule by the script."""
        self.remaining.append(remaining)
        return self._rule(tuple(self.candidates), remaining)

    async def question(self) -> Inquiry | None:
        """What the script leaves open."""
        return self.judge.inquiry


def right(*texts: str, feedback: str = "assert f(2) == 4\nE  got 3", brief: str = "f(2) gave 3") -> Rule:
    """A gate that passes exactly these texts; whatever else fails with `feedback`, in short `brief`."""

    def rule(candidates: tuple[Candidate, ...], _remaining: int) -> Ruling:
        passing = tuple(candidate for candidate in candidates if candidate.text in texts)
        if passing:
            return Ruling(0.99, Status.PASS, passing[0], passing)
        return Ruling(0.0, Status.FAIL, candidates[-1], feedback=feedback, brief=brief)

    return rule


def unknown(candidates: tuple[Candidate, ...], _remaining: int) -> Ruling:
    """Rule as a judge without a sandbox does: nothing could be found out, and more draws change nothing."""
    return Ruling(0.0, Status.UNKNOWN, candidates[-1], settled=True)


@dataclass(slots=True)
class MemoryPlans:
    """A plan store that lasts as long as the object."""

    plans: dict[str, Plan] = field(default_factory=dict[str, Plan])
    solutions: dict[str, Remembered] = field(default_factory=dict[str, Remembered])

    async def get(self, key: str) -> Plan | None:
        """The plan stored under `key`."""
        return self.plans.get(key)

    async def put(self, key: str, plan: Plan) -> None:
        """Keep a plan."""
        self.plans[key] = plan

    async def recall(self, key: str) -> Remembered | None:
        """The solution stored under `key`."""
        return self.solutions.get(key)

    async def remember(self, key: str, solution: Remembered) -> None:
        """Keep a solution."""
        self.solutions[key] = solution


@dataclass(slots=True)
class Witness:
    """An observer that writes down what it hears."""

    events: list[Event] = field(default_factory=list["Event"])

    def __call__(self, event: Event) -> None:
        """Write one event down."""
        self.events.append(event)

    @property
    def names(self) -> list[str]:
        """The kinds of the events, in order."""
        return [type(event).__name__ for event in self.events]
