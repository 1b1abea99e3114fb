"""A bench at work: a bar with an estimate on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cope_lsp.cli.words import visible

if TYPE_CHECKING:
    from collections.abc import Generator

    from cope_lsp.bench.attempts import Attempt
    from cope_lsp.bench.records import Record

QUIET_S = 60.0
"""Seconds between lines where no terminal shows a bar."""


@dataclass(slots=True)
class Watch:
    """What is shown, and what it is made from."""

    bar: Progress
    size: int = 0
    done: int = 0
    calls: int = 0
    usd: float = 0.0
    began: float = field(default_factory=time.monotonic)
    said: float = field(default_factory=time.monotonic)

    def begin(self, size: int) -> None:
        """So many attempts are to be made."""
        self.size = size
        self.bar.add_task("", total=size)

    def called(self, record: Record) -> None:
        """A model was called."""
        self.calls += 1
        self.usd += record.cost_usd or 0.0

    def tried(self, attempt: Attempt) -> None:
        """An attempt was made."""
        self.done += 1
        for bar in self.bar.task_ids:
            self.bar.update(bar, advance=1, description=visible(f"{attempt.task} · {self.spent}"))
        now = time.monotonic()
        if not self.bar.console.is_terminal and now - self.said > QUIET_S:
            self.said = now
            minutes = (self.size - self.done) * (now - self.began) / self.done / 60
            sys.stderr.write(f"{self.done} of {self.size} attempts, {self.spent}, {minutes:.0f} min left\n")

    @property
    def spent(self) -> str:
        """Calls and money so far."""
        return f"{self.calls} calls" + (f", ${self.usd:.2f}" if self.usd else "")


@contextmanager
def watched() -> Generator[Watch]:
    """Show how a run goes while the block runs."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        yield Watch(bar)
