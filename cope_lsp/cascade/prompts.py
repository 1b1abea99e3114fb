"""What planners and executors are sent, and how a planner's reply is read; pure text.

Two styles, as data. `PAPER` gives each role its own system prompt, word for word as published for
code (arXiv 2506.11578, appendix A.3; how plans are worded into the executor's message is not
published, and the sentences for the other task kinds are modelled on code's). `SHARED` opens every
prompt of a problem with the same bytes (system and statement) and asks last, so that local KV caches
and paid prompt caches hit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Candidate, Kind, Message, Prompt, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.cascade.problem import Plan, Problem

PLAN_TOKENS: Mapping[Role, int] = {Role.GOAL: 128, Role.GUIDELINE: 512}
"""Longest plan replies: one sentence, and one or two with room for tests (the paper gives no limit)."""

TEST_TOKENS = 320
"""Longest reply to a request for tests."""


class Layout(StrEnum):
    """Where a style puts what it asks: in front as the system prompt, or behind the problem."""

    FRONT = "front"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences for one task kind; `tests` asks for self-made tests, empty where none are asked for.

    `untested` asks for a guideline where such tests could not be read; empty: as always.
    """

    solve: str
    goal: str
    guideline: str
    tests: str = ""
    untested: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """How a preset speaks to its models."""

    layout: Layout
    wordings: Mapping[Kind, Wording]

    def asks_tests(self, problem: Problem) -> bool:
        """Whether models are asked for tests of such a problem, and theirs are weighed."""
        return problem.reads_tests and self.wordings[problem.kind].tests != ""

    def guideline(self, problem: Problem) -> str:
        """How a guideline is asked for; where models' tests can be read, with some."""
        wording = self.wordings[problem.kind]
        return wording.guideline if problem.reads_tests else wording.untested or wording.guideline


@dataclass(frozen=True, slots=True)
class Attempt:
    """A candidate that failed, and what the judge lets others see of why."""

    candidate: Candidate
    feedback: str


def render_plan(style: Style, problem: Problem, role: Role, failed: Attempt | None = None) -> Prompt:
    """Ask for a plan; `failed` shows the planner what went wrong so far."""
    ask = style.wordings[problem.kind].goal if role is Role.GOAL else style.guideline(problem)
    return Prompt(_lay_out(style, problem, _shown(failed), ask), PLAN_TOKENS[role])


def render_solution(
    style: Style, problem: Problem, plans: tuple[Plan, ...] = (), failed: Attempt | None = None
) -> Prompt:
    """Ask for a solution that follows `plans`; `failed` shows the executor what went wrong so far."""
    parts = (*_shown(failed), *(f"{plan.role.capitalize()}: {plan.text}" for plan in plans))
    ask = style.wordings[problem.kind].solve
    return Prompt(_lay_out(style, problem, parts, ask, problem.reply_format), problem.max_tokens)


def render_repair(style: Style, problem: Problem, failed: Attempt) -> Prompt:
    """Ask for the failed attempt once more, corrected."""
    return Prompt(
        _lay_out(style, problem, _shown(failed), _CORRECT, problem.reply_format), problem.max_tokens
    )


def render_tests(style: Style, problem: Problem) -> Prompt:
    """Ask for tests of the solution that is still to be written."""
    ask = style.wordings[problem.kind].tests
    return Prompt(_lay_out(style, problem, (), ask), TEST_TOKENS)


def parse_plan(reply: str) -> tuple[str, tuple[str, ...]]:
    """Split a planner's reply into its text and the tests below a line `Tests:`, one a fenced block.

    Without a fence all that stands there is taken for one block.
    """
    text, *rest = _TESTS_LINE.split(_THINKING.sub("", reply), maxsplit=1)
    below = "".join(rest)
    blocks = _FENCED.findall(below) or [below]
    return _LABEL.sub("", text.strip()), tuple(block.strip() for block in blocks if block.strip())


def _paper_wording(persona: str, thing: str) -> Wording:
    return Wording(
        solve=f"{persona} Solve the following {thing} efficiently and clearly.",
        goal=f"{persona} State the goal of the following {thing} in one sentence.",
        guideline=(
            f"{persona} Explain how to solve the following {thing}. Focus on strategy and key ideas. "
            "Respond in just one or two sentences. Return only the guidelines as plain text."
        ),
    )


PAPER = Style(
    Layout.FRONT,
    {
        Kind.CODE: _paper_wording("You are an expert Python programmer.", "coding problem"),
        Kind.ANSWER: _paper_wording("You are an expert mathematician.", "problem"),
        Kind.TEXT: _paper_wording("You are a helpful assistant.", "request"),
        Kind.ACTION: _paper_wording("You are an expert agent.", "step of a task"),
    },
)
"""The paper's prompts."""

_SHARED_WORDING = Wording(
    solve="Solve the task above.",
    goal="State the goal of the task above in one sentence. Reply with that sentence only, without code.",
    guideline=(
        "Explain how to solve the task above. Focus on strategy and key ideas, and on the cases that are "
        "easy to get wrong. Reply with one or two sentences of plain text, without code."
    ),
)
_FIVE_ASSERTS = (
    "one short `assert` a line, each a call with literal arguments compared with `==` to the exact value, "
    "for ordinary cases and for those that are easy to get wrong"
)
_CODE_WORDING = replace(
    _SHARED_WORDING,
    guideline=(
        f"{_SHARED_WORDING.guideline} Below that write a line `Tests:` and one fenced block of three to five "
        f"tests: {_FIVE_ASSERTS}."
    ),
    tests=(
        f"Write five tests for the task above: {_FIVE_ASSERTS}. Reply with one fenced block of tests only, "
        "without the solution."
    ),
    untested=_SHARED_WORDING.guideline,
)
SHARED = Style(Layout.BEHIND, {**dict.fromkeys(Kind, _SHARED_WORDING), Kind.CODE: _CODE_WORDING})
"""One stable prefix for planner and executor; what is asked comes last."""

_CORRECT = "Correct the attempt above so that it passes, and give the whole corrected solution."

_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_TESTS_LINE = re.compile(r"^[^\w\n]*tests[^\w\n]*$", re.IGNORECASE | re.MULTILINE)
_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_LABEL = re.compile(r"\A[*#\s]*(?:goal|guidelines?)[*\s]*:[*\s]*", re.IGNORECASE)


def _lay_out(
    style: Style, problem: Problem, parts: tuple[str, ...], ask: str, reply_format: str = ""
) -> tuple[Message, ...]:
    if style.layout is Layout.FRONT:
        system, paragraphs = ask, (problem.statement, *parts, reply_format)
    else:
        system, paragraphs = problem.system, (problem.statement, *parts, ask, reply_format)
    user = Message("user", "\n\n".join(paragraph for paragraph in paragraphs if paragraph))
    return (Message("system", system), user) if system else (user,)


def _shown(failed: Attempt | None) -> tuple[str, ...]:
    if failed is None:
        return ()
    return (
        f"An attempt that failed:\n\n{_fenced(failed.candidate.text)}",
        f"What went wrong with it:\n\n{_fenced(failed.feedback)}",
    )


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text.strip(chr(10))}\n{fence}"
