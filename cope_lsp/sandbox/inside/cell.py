"""A cell: a job's first process, which shuts itself in before it runs anything."""

from __future__ import annotations

import fcntl
import os
import resource
import socket
import stat
import struct
from typing import TYPE_CHECKING, NoReturn

from cope_lsp.sandbox.inside import kernel

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.sandbox.inside.wire import Body

READY = b"."
RECORDS = 3

_BARE = kernel.NO_SUID | kernel.NO_DEVICES
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41

# What is taken away by name is there for tests only: they must see the escape that it stops.
_NAMESPACES = (
    ("network", kernel.NEW_NETWORK),
    ("processes", kernel.NEW_PROCESSES),
    ("ipc", kernel.NEW_IPC | kernel.NEW_UTS | kernel.NEW_CGROUP),
)


def flags(job: Body) -> int:
    """The namespaces that a cell gets for its own."""
    shut = (flag for name, flag in _NAMESPACES if name not in job["open"])
    return kernel.NEW_USER | kernel.NEW_MOUNTS | sum(shut)


def live(job: Body, descriptors: list[int], run: Callable[[], int]) -> NoReturn:
    """Wait until the warden has mapped the user, shut every door, then run; never returns."""
    code = 1
    try:
        *streams, gate, project = descriptors
        if os.read(gate, 1) == b".":
            os.setsid()
            _mount(job, project)
            _name()
            _keep_only(streams)
            os.chdir(job["root"])
            _limit(job["limits"])
            _give_up(job)
            os.write(RECORDS, READY)
            code = run()
    finally:
        os._exit(code)


def _mount(job: Body, project: int) -> None:
    """The job's own view: its project, its processes, its scratch. All else is the zygote's, sealed."""
    if "processes" not in job["open"]:
        kernel.mount("proc", "/proc", "proc", _BARE | kernel.NO_EXEC | kernel.READ_ONLY)
    if "private tmp" not in job["open"]:
        covered = [(path, kernel.open_tree(path)) for path in job["covered"]]
        size = "size={}m".format(job["scratch_mb"])
        kernel.mount(
            "devpts",
            "/dev/pts",
            "devpts",
            kernel.NO_SUID | kernel.NO_EXEC,
            "newinstance,ptmxmode=0666,mode=620",
        )
        kernel.mount("tmpfs", "/dev/shm", "tmpfs", _BARE, size + ",mode=1777")
        kernel.mount("tmpfs", "/tmp", "tmpfs", _BARE, size + ",mode=1777")
        _show_again(covered, job["links"])
    os.makedirs(job["home"], exist_ok=True)
    os.makedirs(job["root"], exist_ok=True)
    kernel.place(project, job["root"])


def _show_again(trees: list[tuple[str, int]], links: list[tuple[str, str]]) -> None:
    """Show what stands in folders that the own scratch has just covered."""
    for path, tree in trees:
        is_folder = stat.S_ISDIR(os.fstat(tree).st_mode)
        os.makedirs(path if is_folder else os.path.dirname(path), exist_ok=True)
        if not is_folder:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o644))
        kernel.place(tree, path)
        os.close(tree)
    for path, target in links:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)


def _name() -> None:
    """Give the own machine its name and its loopback, as far as it is its own."""
    try:
        kernel.set_host_name("sandbox")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as switch:
            fcntl.ioctl(switch, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP_AND_RUNNING))
    except PermissionError:
        return


def _keep_only(streams: list[int]) -> None:
    """Standard input, output, error, and records: 0 to 3, and nothing else."""
    high = [fcntl.fcntl(stream, fcntl.F_DUPFD, 64) for stream in streams]
    for number, stream in enumerate(high):
        os.dup2(stream, number)
    os.closerange(RECORDS + 1, 1024)


def _limit(limits: Body) -> None:
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (most, most))


def _give_up(job: Body) -> None:
    if "capabilities" not in job["open"]:
        kernel.drop_capabilities()
    if "nesting" not in job["open"]:
        kernel.filter_calls(bytes.fromhex(job["filter"]))
    kernel.hide_memory()
