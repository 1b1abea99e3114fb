"""Keeps a process's memory and descriptors from others of the same user, as far as the system can (Linux)."""

from __future__ import annotations

import sys

try:
    import ctypes
except ImportError:  # some interpreters are built without it
    _control = None
else:
    _control = ctypes.CDLL(None).prctl if sys.platform.startswith("linux") else None

_DUMPABLE = 4


def hide() -> None:
    """Let no other process look into this one or what it forks; a program that it starts is not hidden."""
    _set(0)


def show() -> None:
    """Be as open as any process is."""
    _set(1)


def _set(value: int) -> None:
    if _control:
        _control(_DUMPABLE, value, 0, 0, 0)
