"""Keeps a process's memory and descriptors from others of the same user, as far as the system can (Linux)."""

from __future__ import annotations

import sys

_DUMPABLE = 4


def hide() -> None:
    """Let no other process look into this one or what it forks; a program that it starts is not hidden."""
    _set(0)


def show() -> None:
    """Be as open as any process is."""
    _set(1)


def _set(value: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    try:
        import ctypes  # noqa: PLC0415 -- some interpreters are built without it
    except ImportError:
        return
    ctypes.CDLL(None).prctl(_DUMPABLE, value, 0, 0, 0)
