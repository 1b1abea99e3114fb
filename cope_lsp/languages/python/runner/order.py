"""What the runner is told to do, and the shape of what it says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    Body = dict[str, Any]
    Send = Callable[[Body], None]


class Case(NamedTuple):
    """One example (`call`, `expected`, `setup`, `form`), test (`path`) or call (`call`)."""

    id: str
    path: str = ""
    call: str = ""
    expected: str = ""
    setup: tuple[str, ...] = ()
    form: str = ""


class Order(NamedTuple):
    """The work of one process: cases of one group on the target at `path`, without those already `done`."""

    root: str
    path: str
    name: str
    first: int
    last: int
    limit_s: float
    cases: list[Case]
    done: list[str]
    options: list[str]

    @property
    def target(self) -> str:
        """The target's file."""
        return os.path.realpath(os.path.join(self.root, self.path))

    @property
    def todo(self) -> list[Case]:
        """What is left."""
        return [case for case in self.cases if case.id not in self.done]

    @property
    def files(self) -> list[str]:
        """The test files."""
        return sorted({os.path.join(self.root, case.path) for case in self.cases})


def order_of(work: Body, group: str) -> Order:
    """One group's part of the work."""
    limit_s = work["limits"].get(group, work["timeout_s"])
    cases = [Case(**case) for case in work[group]]
    return Order(
        work["root"],
        work["path"],
        work["name"],
        work["first"],
        work["last"],
        limit_s,
        cases,
        [],
        work["options"],
    )
