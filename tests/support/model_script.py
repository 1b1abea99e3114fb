"""What the scripted model server answers: values, and rules that choose among them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from pathlib import Path


class Fault(StrEnum):
    """What goes wrong after the reply's text was sent, under HTTP 200."""

    NONE = "none"
    ERROR_LINE = "error_line"
    CUT = "cut"
    GARBAGE = "garbage"
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Reply:
    """One scripted reply.

    `delay_s` passes before the headers, `pause_s` before each token. A `status` other than 200 sends `error`
    as the server's error body. `truncated` ends the reply as if the output limit was reached.
    """

    text: str = ""
    delay_s: float = 0.0
    pause_s: float = 0.0
    status: int = 200
    error: str = ""
    fault: Fault = Fault.NONE
    truncated: bool = False
    logprob: float | None = -0.25
    input_tokens: int = 20
    cached_tokens: int = 0
    cost: float | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def tokens(self) -> list[str]:
        """The text in streamable pieces: words with the space before them."""
        return re.findall(r"\s*\S+|\s+$", self.text)


@dataclass(frozen=True)
class Entry:
    """A model that the server has; `rejects` names parameters that it answers with 400 as OpenAI does."""

    name: str
    context: int = 8192
    capabilities: tuple[str, ...] = ("completion",)
    remote_host: str = ""
    rejects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """One chat request as it came in."""

    path: str
    model: str
    text: str
    body: dict[str, Any]


Script: TypeAlias = Callable[[Call], Reply]


@dataclass(frozen=True)
class Rule:
    """Replies for calls of `model` (any when empty) whose messages hold `contains`; the last one repeats."""

    replies: tuple[Reply, ...]
    model: str = ""
    contains: str = ""


@dataclass(frozen=True)
class Scenario:
    """A whole server as data, for a server in a process of its own; `key`: the only API key it accepts."""

    rules: tuple[Rule, ...] = (Rule((Reply("ok"),)),)
    models: tuple[Entry, ...] = (Entry("small"), Entry("large"))
    key: str = ""


def scenario_from(path: Path) -> Scenario:
    """Read a scenario from JSON."""
    return TypeAdapter(Scenario).validate_json(path.read_bytes())


def scenario_json(scenario: Scenario) -> bytes:
    """Write a scenario as JSON, the inverse of `scenario_from`."""
    return TypeAdapter(Scenario).dump_json(scenario)


def always(reply: Reply | str) -> Script:
    """Answer every call alike."""
    return in_turn(reply)


def in_turn(*replies: Reply | str) -> Script:
    """Answer call after call from a queue; the last reply repeats."""
    return by_rules(Rule(tuple(Reply(r) if isinstance(r, str) else r for r in replies)))


def by_rules(*rules: Rule) -> Script:
    """Answer by the first rule that fits; without one the server says 500."""
    queues = [
        (rule, itertools.chain(rule.replies[:-1], itertools.repeat(rule.replies[-1]))) for rule in rules
    ]

    def answer(call: Call) -> Reply:
        for rule, queue in queues:
            if rule.model in {"", call.model} and rule.contains in call.text:
                return next(queue)
        return Reply(status=500, error="no rule of the script fits this call")

    return answer
