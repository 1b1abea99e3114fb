"""A solve while it runs, as a live display: the stages that are over, and where the present one stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Group
from rich.spinner import Spinner
from rich.text import Text

from cope_lsp.cascade.events import StageLeft
from cope_lsp.cli.words import visible
from cope_lsp.lsp import standing
from cope_lsp.lsp.standing import Standing

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cope_lsp.cascade.events import Event
    from cope_lsp.models.provider import Loading

Heard: TypeAlias = "Event | Loading"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a solve stands; `ended` has one line for every stage that is over."""

    standing: Standing = field(default_factory=Standing)
    ended: tuple[str, ...] = ()


def advance(progress: Progress, heard: Heard) -> Progress:
    """The progress after one more event."""
    now = replace(progress, standing=standing.advance(progress.standing, heard))
    if not isinstance(heard, StageLeft):
        return now
    mark = "✓" if heard.accepted else "✗"
    return replace(now, ended=(*progress.ended, f"{mark} {now.standing}"))


def render(progress: Progress) -> RenderableType:
    """A few lines for a live display; their text is untrusted."""
    lines: list[RenderableType] = [Text(f"  {visible(line)}", style="dim") for line in progress.ended]
    return Group(*lines, Spinner("dots", text=Text(f" {visible(str(progress.standing))}")))
