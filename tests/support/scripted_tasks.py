"""Tasks, pairs and sources for the bench that do as a test says: nothing is run, nothing is patched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.bench.attempts import Pair, Side
from cope_lsp.bench.records import Records
from cope_lsp.bench.tasks import Rulebook, Step
from cope_lsp.cascade.problem import Candidate, Completion, Kind, Problem, Ruling, Status, Usage
from cope_lsp.cascade.rulings import majority, perplexity
from cope_lsp.cascade.trials import Gate, Poll
from tests.support.scripted import ScriptedJudge, right

if TYPE_CHECKING:
    from cope_lsp.bench.records import Call
    from cope_lsp.bench.tasks import Solve
    from cope_lsp.cascade.ports import Judge
    from cope_lsp.cascade.problem import Prompt

SPENT = Usage(input_tokens=100, output_tokens=10, seconds=1.0, cost_usd=0.001, calls=1)
"""What a scripted call costs."""


@dataclass(frozen=True, slots=True)
class ScriptedTask:
    """A task whose candidates pass what is visible, and are right, by their text; `steps` problems long.

    `asked` is what is asked, where the task's name and kind do not say enough.
    """

    id: str = "t"
    kind: Kind = Kind.CODE
    passing: frozenset[str] = frozenset({"right"})
    truly: frozenset[str] = frozenset({"right"})
    steps: int = 1
    asked: Problem | None = None

    @property
    def problem(self) -> Problem:
        """What is asked, the same in each step."""
        return self.asked or Problem(self.kind, f"Do {self.id}.", system="You write code.")

    async def work(self, solve: Solve) -> float:
        """Have each step solved; the last one's choice is scored."""
        result = await solve(Step(self.problem, self.judges))
        for _ in range(self.steps - 1):
            result = await solve(Step(self.problem, self.judges))
        return float(result.best is not None and result.best.text in self.truly)

    def judges(self, rulebook: Rulebook, seed: int) -> Judge:
        """The judge of a rulebook, with nothing but texts to go by."""
        if rulebook is Rulebook.TAKEN:
            return Poll(taken)
        if self.kind is Kind.TEXT:
            return Poll(lambda candidates, remaining: perplexity(candidates, 1.5, remaining))
        if self.kind is not Kind.CODE or rulebook is Rulebook.AGREEMENT:
            return Poll(lambda candidates, remaining: majority(candidates, self._vote, remaining))
        if rulebook is Rulebook.OURS:
            return ScriptedJudge(right(*self.passing))
        return Gate(self._check, seed)

    def _vote(self, candidate: Candidate) -> str | None:
        return candidate.text if candidate.text in self.passing else None

    async def _check(self, _problem: Problem, candidate: Candidate) -> Status:
        return Status.PASS if candidate.text in self.passing else Status.FAIL


def taken(candidates: tuple[Candidate, ...], _remaining: int) -> Ruling:
    """The first candidate stands."""
    return Ruling(1.0, Status.PASS, candidates[0], candidates[:1], settled=True)


Answers: TypeAlias = Callable[["Call", "Prompt"], "str | Completion | None"]
"""What a source says to a call; None: it may not be made."""


@dataclass(slots=True)
class ScriptedSource:
    """A source that answers by a function; `asked` keeps every call with its prompt."""

    answers: Answers
    asked: list[tuple[Call, Prompt]] = field(default_factory=list["tuple[Call, Prompt]"])

    async def answer(self, call: Call, prompt: Prompt, task: str) -> Completion | None:  # noqa: ARG002 -- the port's
        """Answer as the script says."""
        self.asked.append((call, prompt))
        said = self.answers(call, prompt)
        return Completion(said, call.model, SPENT, -0.1) if isinstance(said, str) else said

    @property
    def texts(self) -> list[str]:
        """The prompts it was sent, each in one string."""
        return ["\n".join(message.content for message in prompt.messages) for _, prompt in self.asked]


def always_says(text: str) -> ScriptedSource:
    """A source with one answer to everything."""
    return ScriptedSource(lambda _call, _prompt: text)


def silent() -> ScriptedSource:
    """A source that may not make any call."""
    return ScriptedSource(lambda _call, _prompt: None)


def pair_of(small: ScriptedSource, large: ScriptedSource, records: Records | None = None) -> Pair:
    """A pair of scripted models over records, empty ones where none are given."""
    return Pair(Side("small", small), Side("large", large), Records() if records is None else records)
