"""Exit statuses, the same for every command."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """What a command's exit status says."""

    DONE = 0
    """It did what was asked; `solve`: the edit passed its evidence."""
    FAILED = 1
    """It could not; the reason stands on stderr. `doctor`: something needed is missing."""
    USAGE = 2
    """The arguments make no sense."""
    UNVERIFIED = 3
    """`solve`: there is a candidate, and nothing could prove it right."""
    NOTHING = 4
    """`solve`: no usable candidate came."""
    INTERRUPTED = 130
    """Ctrl-C."""
