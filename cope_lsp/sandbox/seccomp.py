"""A system call filter for what no namespace holds, as the BPF program that bubblewrap loads."""

from __future__ import annotations

import platform
import struct
from dataclasses import dataclass
from errno import EAFNOSUPPORT, ENOSYS, EPERM


@dataclass(frozen=True, slots=True)
class _Machine:
    """System call numbers of one architecture (the kernel's `unistd` tables) and its audit identifier."""

    audit: int
    socket: int
    denied: tuple[int, ...]
    absent: tuple[int, ...]
    clone: int
    unshare: int
    setns: int
    first_foreign: int = 0


# Denied: add_key, request_key, keyctl (keyrings are inherited, not namespaced), bpf, perf_event_open,
# userfaultfd. Absent: shmget, memfd_create, memfd_secret (memory that no limit of ours counts) and
# io_uring_* (opens sockets past this filter); programs fall back when told that they do not exist.
_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        41,
        (248, 249, 250, 321, 298, 323),
        (29, 319, 447, 425, 426, 427),
        56,
        272,
        308,
        0x40000000,
    ),
    "aarch64": _Machine(
        0xC00000B7, 198, (217, 218, 219, 280, 241, 282), (194, 279, 447, 425, 426, 427), 220, 97, 268
    ),
}

# AF_VSOCK reaches the hypervisor from every network namespace (WSL, cloud machines), so sockets are an
# allow-list: AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK, which the network namespace holds.
_FAMILIES = (1, 2, 10, 16)

_CLONE3 = 435  # on every architecture; its flags lie in memory, where no filter can look
_NEW_USER = 0x10000000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _AUDIT, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


def supported() -> bool:
    """Whether this machine's architecture has a filter."""
    return platform.machine() in _MACHINES


def program() -> bytes:
    """The filter for this machine; raises KeyError where `supported` is false."""
    machine = _MACHINES[platform.machine()]
    code = _native(machine)
    code += _refuse(machine.denied, EPERM) + _refuse(machine.absent, ENOSYS)
    code += [(_EQUAL, 1, 0, machine.socket), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    for family in _FAMILIES:
        code += [(_EQUAL, 0, 1, family), (_RETURN, 0, 0, _ALLOW)]
    code += [(_RETURN, 0, 0, _ERRNO | EAFNOSUPPORT)]
    return _packed(code)


def no_user_namespaces() -> bytes:
    """A filter that lets nothing make or enter a user namespace, by whatever call; as `program` otherwise."""
    machine = _MACHINES[platform.machine()]
    code = _native(machine) + _refuse((machine.setns,), EPERM) + _refuse((_CLONE3,), ENOSYS)
    code += [(_EQUAL, 2, 0, machine.clone), (_EQUAL, 1, 0, machine.unshare), (_RETURN, 0, 0, _ALLOW)]
    code += [(_LOAD, 0, 0, _FIRST_ARGUMENT), (_ANY_BIT, 0, 1, _NEW_USER), (_RETURN, 0, 0, _ERRNO | EPERM)]
    return _packed([*code, (_RETURN, 0, 0, _ALLOW)])


def _native(machine: _Machine) -> list[tuple[int, int, int, int]]:
    """Lines that end a program of another architecture, and leave the call's number loaded."""
    code = [(_LOAD, 0, 0, _AUDIT), (_EQUAL, 1, 0, machine.audit), (_RETURN, 0, 0, _KILL)]
    code += [(_LOAD, 0, 0, _NUMBER)]
    if machine.first_foreign:
        code += [(_AT_LEAST, 0, 1, machine.first_foreign), (_RETURN, 0, 0, _ERRNO | ENOSYS)]
    return code


def _packed(code: list[tuple[int, int, int, int]]) -> bytes:
    return b"".join(struct.pack("=HBBI", *line) for line in code)


def _refuse(numbers: tuple[int, ...], errno: int) -> list[tuple[int, int, int, int]]:
    return [line for number in numbers for line in ((_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | errno))]
