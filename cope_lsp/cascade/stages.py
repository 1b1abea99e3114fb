"""A cascade is data: a tuple of stages; `presets` makes them from models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import TYPE_CHECKING, TypeAlias

from cope_lsp.cascade.problem import Ruling, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.cascade.escalation import Doubt, Outlook
    from cope_lsp.cascade.ports import Model
    from cope_lsp.cascade.problem import Role
    from cope_lsp.cascade.prompts import Style

    Accept: TypeAlias = Callable[[Ruling], bool]
    DrawOn: TypeAlias = Callable[[int, float], bool]
    AgreeOn: TypeAlias = Callable[[Outlook], bool]
    DoubtOn: TypeAlias = Callable[[Doubt], bool]
    TestsPay: TypeAlias = Callable[[float], bool]


TESTS = 0.8
"""Temperature of a request for tests."""


@dataclass(frozen=True, slots=True)
class Planning:
    """A plan to be asked for: a goal or a guideline, at a temperature."""

    role: Role
    temperature: float


@dataclass(frozen=True, slots=True)
class Arm:
    """How one draw is made: at a temperature, after a plan of its own or without one."""

    temperature: float
    plan: Planning | None = None


class Carry(Flag):
    """What a stage takes over from the stages before it.

    GOAL: one small plan, at random among those behind the ruling's choice (of all where no choice was
    made). GUIDELINE: the large plan. FAILURE: the best failed candidate with the judge's feedback.
    """

    NOTHING = 0
    GOAL = auto()
    GUIDELINE = auto()
    FAILURE = auto()


class Disclosure(Enum):
    """How much of a failure a stage's models are told.

    FULL: the assertion, its values, the traceback's end. BRIEF: only what may leave the machine.
    """

    FULL = auto()
    BRIEF = auto()


class Batch(Enum):
    """How a stage draws.

    ADAPTIVE: the first alone, then on until a ruling is accepted or settled, or drawing no longer pays.
    AT_ONCE: all together; only a settled ruling ends it early.
    """

    ADAPTIVE = auto()
    AT_ONCE = auto()


def passed(ruling: Ruling) -> bool:
    """Accept what the gate passed."""
    return ruling.status is Status.PASS and ruling.choice is not None


def above(threshold: float, ruling: Ruling) -> bool:
    """Accept a confidence strictly above the threshold, as the paper's votes do."""
    return passed(ruling) and ruling.confidence > threshold


def at_least(bar: float, ruling: Ruling) -> bool:
    """Accept a probability of being right that reaches the bar."""
    return passed(ruling) and ruling.confidence >= bar


def failed(ruling: Ruling) -> bool:
    """Go on only where execution spoke against every candidate."""
    return ruling.status is Status.FAIL


def known(ruling: Ruling) -> bool:
    """Go on from everything that could be found out: a split vote escalates, UNKNOWN never does."""
    return ruling.status is not Status.UNKNOWN


def always(_failed: int, _draw_s: float) -> bool:
    """Draw on up to the last sample."""
    return True


def while_possible(_outlook: Outlook) -> bool:
    """Draw on as long as agreement can be enough."""
    return True


def believe(_doubt: Doubt) -> bool:
    """Draw no more once a ruling is accepted."""
    return False


def never(_draw_s: float) -> bool:
    """Ask for no tests."""
    return False


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a cascade.

    `arms` holds one entry a draw. `plan` is written once for all draws, an arm's own plan for that draw
    alone; `planner` writes both, the executor where there is none. `repairs` holds the temperature of
    each repair round. `checked=False` returns the draw as it is. `accept` ends the cascade, `escalate`
    says from which rulings it may go on, `draw_on` (failures so far, seconds a draw takes) whether
    another draw pays while all fail, `agree_on` whether it does when something passed, `doubt_on` whether it
    does although the ruling would be accepted. `tests_pay` (seconds a draw takes) says whether the executor
    is asked for tests where few are given. `confirming` are drawn where a repair passed and stands alone.
    `consults`: what its candidates leave open may be asked.
    At most `width` draws are in flight; `deadline_s` bounds the whole stage.
    """

    name: str
    executor: Model
    arms: tuple[Arm, ...]
    accept: Accept
    style: Style
    planner: Model | None = None
    plan: Planning | None = None
    carry: Carry = Carry.NOTHING
    disclosure: Disclosure = Disclosure.FULL
    batch: Batch = Batch.ADAPTIVE
    width: int = 1
    repairs: tuple[float, ...] = ()
    checked: bool = True
    escalate: Accept = failed
    draw_on: DrawOn = always
    agree_on: AgreeOn = while_possible
    doubt_on: DoubtOn = believe
    tests_pay: TestsPay = never
    confirming: tuple[Arm, ...] = ()
    consults: bool = False
    deadline_s: float | None = None

    @property
    def samples(self) -> int:
        """Most draws, repairs apart."""
        return len(self.arms)
