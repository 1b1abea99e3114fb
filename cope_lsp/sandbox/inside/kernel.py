"""The system calls that Python has no function for; each raises OSError where the kernel refuses."""

from __future__ import annotations

import ctypes
import os
from typing import Any

NEW_MOUNTS = 0x00020000
NEW_CGROUP = 0x02000000
NEW_UTS = 0x04000000
NEW_IPC = 0x08000000
NEW_USER = 0x10000000
NEW_PROCESSES = 0x20000000
NEW_NETWORK = 0x40000000

READ_ONLY = 1
NO_SUID = 2
NO_DEVICES = 4
NO_EXEC = 8
REMOUNT = 32
BIND = 4096
RECURSIVE = 16384
PRIVATE = 1 << 18
DETACH = 2

AT_HERE = -100
CLONE_TREE = 1
EMPTY_FROM = 4

_SIGCHLD = 17
_CLONE = {"x86_64": 56, "aarch64": 220}
# These have one number on every architecture.
_OPEN_TREE, _MOVE_MOUNT, _FSOPEN, _FSCONFIG, _FSMOUNT, _PIDFD_OPEN = 428, 429, 430, 431, 432, 434
_SET_STRING, _SET_FLAG, _CREATE = 1, 0, 6

_PDEATHSIG, _DUMPABLE, _NO_NEW_PRIVILEGES, _SECCOMP, _DROP_BOUND, _AMBIENT = 1, 4, 38, 22, 24, 47
_AMBIENT_CLEAR, _FILTER, _SIGKILL = 4, 2, 9
_CAPABILITY_3 = 0x20080522
_MOST_CAPABILITIES = 64

_libc: Any = ctypes.CDLL(None, use_errno=True)
_holding: Any = ctypes.PyDLL(None, use_errno=True)  # keeps Python's lock, as a fork must


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def fork_into(flags: int) -> int:
    """Fork a child into new namespaces: 0 in the child, its number in the parent.

    For a process with one thread only: the C library does not hear of this fork, Python does.
    """
    python: Any = ctypes.pythonapi
    python.PyOS_BeforeFork()
    number = ctypes.c_long(_CLONE[os.uname().machine])
    child = _holding.syscall(number, ctypes.c_ulong(flags | _SIGCHLD), None, None, None, None)
    if child == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    return _done(child)


def unshare(flags: int) -> None:
    """Leave the namespaces that `flags` name for new ones."""
    _done(_libc.unshare(flags))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """`mount(2)`."""
    _done(
        _libc.mount(
            source.encode(), os.fsencode(target), kind.encode(), ctypes.c_ulong(flags), options.encode()
        )
    )


def unmount(target: str) -> None:
    """Take a mount and all below it out of sight."""
    _done(_libc.umount2(os.fsencode(target), DETACH))


def open_tree(path: str) -> int:
    """A descriptor of a copy of the mount at a path, which is nowhere until it is placed."""
    return _done(_libc.syscall(_OPEN_TREE, AT_HERE, os.fsencode(path), CLONE_TREE | os.O_CLOEXEC))


def new_mount(kind: str, options: tuple[tuple[str, str], ...], attributes: int) -> int:
    """A descriptor of a new file system, which is nowhere until it is placed."""
    context = _done(_libc.syscall(_FSOPEN, kind.encode(), 1))
    try:
        for name, value in options:
            command, text = (_SET_STRING, os.fsencode(value)) if value else (_SET_FLAG, None)
            _done(_libc.syscall(_FSCONFIG, context, command, name.encode(), text, 0))
        _done(_libc.syscall(_FSCONFIG, context, _CREATE, None, None, 0))
        return _done(_libc.syscall(_FSMOUNT, context, 1, attributes))
    finally:
        os.close(context)


def place(tree: int, path: str) -> None:
    """Mount what `open_tree` or `new_mount` gave at a path."""
    _done(_libc.syscall(_MOVE_MOUNT, tree, b"", AT_HERE, os.fsencode(path), EMPTY_FROM))


def open_process(process: int) -> int:
    """A descriptor of a process, readable once it is gone (`os.pidfd_open`, which 3.8 lacks)."""
    return _done(_libc.syscall(_PIDFD_OPEN, process, 0))


def set_host_name(name: str) -> None:
    """Name the machine, in the own namespace."""
    _done(_libc.sethostname(name.encode(), len(name)))


def die_with_parent() -> None:
    """Be killed when the parent ends."""
    _control(_PDEATHSIG, _SIGKILL)


def hide_memory() -> None:
    """Let no process of the same user read or write this one's memory and descriptors."""
    _control(_DUMPABLE, 0)


def drop_capabilities() -> None:
    """Give up every capability in every set, for good."""
    _control(_NO_NEW_PRIVILEGES, 1)
    _libc.prctl(_AMBIENT, _AMBIENT_CLEAR, 0, 0, 0)
    for number in range(_MOST_CAPABILITIES):
        if _libc.prctl(_DROP_BOUND, number, 0, 0, 0) != 0:
            break
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_3, 0)
    _done(_libc.capset(header, (ctypes.c_uint32 * 6)()))


def filter_calls(program: bytes) -> None:
    """Load a system call filter, besides those that hold already."""
    if program:
        _control(_NO_NEW_PRIVILEGES, 1)
        loaded = _Program(len(program) // 8, program)
        _done(_libc.prctl(_SECCOMP, _FILTER, ctypes.byref(loaded), 0, 0))


def _control(option: int, value: int) -> None:
    _done(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0))


def _done(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
