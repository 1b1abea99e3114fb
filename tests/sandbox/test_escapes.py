"""Each escape is tried twice: it fails in the sandbox, and succeeds once its one protection is taken away.

The second half proves that the first can fail.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import secrets
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.sandbox.isolation import Protection
from cope_lsp.sandbox.run import run
from tests.sandbox.box import NAMESPACES, python, without

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from cope_lsp.sandbox.isolation import Isolation
    from cope_lsp.sandbox.job import Job
    from tests.sandbox.box import Place, Start

HELD_BY_EACH_JOB = (Protection.NESTING, Protection.CAPABILITIES)

_IPC_CREAT = 0o1000
_IPC_RMID = 0


async def escapes(job: Job, isolation: Isolation, start: Start) -> bool:
    """Run an attack, which says `escaped` if it came through."""
    finished = await start(job, isolation)
    assert finished.exit_code == 0, finished.stderr.decode()
    return b"escaped" in finished.stdout


async def blocked_only_by(protection: Protection, job: Job, start: Start) -> None:
    """Assert that an attack fails, and that it comes through once `protection` is gone.

    What a warm worker holds for all its jobs, too, cannot be taken away from one: then only the first half.
    """
    assert not await escapes(job, NAMESPACES, start)
    if start is run or protection in HELD_BY_EACH_JOB:
        assert await escapes(job, without(protection), start)


@contextlib.contextmanager
def listening(family: int, address: str | tuple[str, int]) -> Generator[socket.socket]:
    """A host's listening socket."""
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.bind(address)
        server.listen()
        yield server


def connects(family: str, address: object) -> str:
    """Code that tries to reach a socket."""
    return (
        f"import socket\ns = socket.socket(socket.{family})\n"
        f"try:\n    s.connect({address!r})\n    print('escaped')\nexcept OSError as e:\n    print(e)\n"
    )


def reads(path: Path) -> str:
    """Code that tries to read a file."""
    return f"try:\n    open({str(path)!r}).read()\n    print('escaped')\nexcept OSError as e:\n    print(e)\n"


async def test_the_network_is_shut(place: Place, start: Start) -> None:
    """A listener on the host's loopback cannot be reached."""
    with listening(socket.AF_INET, ("127.0.0.1", 0)) as server:
        attack = connects("AF_INET", server.getsockname())
        await blocked_only_by(Protection.NETWORK, python(attack, place), start)


async def test_abstract_unix_sockets_are_shut(place: Place, start: Start) -> None:
    """An abstract Unix socket of the host cannot be reached."""
    name = "\0cope-" + secrets.token_hex(8)
    with listening(socket.AF_UNIX, name):
        await blocked_only_by(Protection.NETWORK, python(connects("AF_UNIX", name), place), start)


async def test_path_unix_sockets_are_shut(place: Place, start: Start) -> None:
    """A Unix socket in the home folder (an agent, a container engine) cannot be reached."""
    path = str(place.home / "agent.sock")
    with listening(socket.AF_UNIX, path):
        await blocked_only_by(Protection.ALLOW_LIST, python(connects("AF_UNIX", path), place), start)


async def test_the_home_folder_cannot_be_read(place: Place, start: Start) -> None:
    """Keys in the home folder are not there."""
    (place.home / ".ssh").mkdir()
    key = place.home / ".ssh" / "id"
    key.write_text("key")
    await blocked_only_by(Protection.ALLOW_LIST, python(reads(key), place), start)


async def test_another_project_cannot_be_read(place: Place, start: Start) -> None:
    """A project beside this one is not there."""
    other = place.home / "project-two" / "main.py"
    other.parent.mkdir()
    other.write_text("x = 1")
    await blocked_only_by(Protection.ALLOW_LIST, python(reads(other), place), start)


async def test_what_is_readable_cannot_be_written(place: Place, start: Start) -> None:
    """A job cannot change the interpreter or the packages that it reads."""
    library = place.home / "library"
    library.mkdir()
    attack = (
        f"try:\n    open('{library}/new', 'w')\n    print('escaped')\nexcept OSError as e:\n    print(e)\n"
    )
    job = python(attack, place)
    job = replace(job, readable=(*job.readable, library))
    assert not await escapes(job, NAMESPACES, start)
    assert not list(library.iterdir())
    if start is run:
        assert await escapes(job, without(Protection.READ_ONLY), start)
        assert list(library.iterdir())


async def test_the_environment_is_scrubbed(
    place: Place, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its own environment nor any process's that a job can see holds the server's keys."""
    monkeypatch.setenv("COPE_TEST_KEY", secret := secrets.token_hex(8))
    attack = (
        "import glob\n"
        "for name in glob.glob('/proc/[0-9]*/environ'):\n"
        "    try:\n        text = open(name).read()\n    except OSError:\n        continue\n"
        f"    if 'COPE_TEST_KEY={secret[:4]}' + {secret[4:]!r} in text: print('escaped', name)\n"
    )
    await blocked_only_by(Protection.ENVIRONMENT, python(attack, place), start)


async def test_host_processes_are_not_there(place: Place, start: Start) -> None:
    """No process of the host shows in /proc."""
    half, other = secrets.token_hex(8), secrets.token_hex(8)
    attack = (
        "import glob\n"
        "for name in glob.glob('/proc/[0-9]*/cmdline'):\n"
        f"    if {half!r} + {other!r} in open(name).read(): print('escaped', name)\n"
    )
    async with await anyio.open_process(("/bin/sh", "-c", "read _; :", half + other)) as victim:
        await blocked_only_by(Protection.PROCESSES, python(attack, place), start)
        victim.kill()


async def test_inherited_descriptors_are_closed(place: Place, start: Start) -> None:
    """A descriptor that the editor left open and inheritable in the server does not reach a job."""
    secret = place.home / "secret"
    secret.write_text("via descriptor")
    attack = (
        "import os\n"
        "for fd in range(4, 64):\n"
        "    try:\n        text = os.pread(fd, 99, 0)\n    except OSError:\n        continue\n"
        "    if b'via descriptor' in text: print('escaped')\n"
    )
    descriptor = os.open(secret, os.O_RDONLY)
    os.set_inheritable(descriptor, True)  # noqa: FBT003 -- the standard library's signature
    try:
        await blocked_only_by(Protection.DESCRIPTORS, python(attack, place), start)
    finally:
        os.close(descriptor)


async def test_a_job_has_exactly_four_descriptors(place: Place, start: Start) -> None:
    """Only 0 to 3 are open, and no process that a job can see holds a folder or a file of the host."""
    code = (
        "import os, stat\n"
        "print(sorted(map(int, os.listdir('/proc/self/fd')))[:-1])\n"
        "for fd in filter(lambda fd: os.path.exists('/proc/1/fd/' + fd), os.listdir('/proc/1/fd')):\n"
        "    mode = os.stat('/proc/1/fd/' + fd).st_mode\n"
        "    if stat.S_ISDIR(mode) or stat.S_ISREG(mode): print(os.readlink('/proc/1/fd/' + fd))\n"
    )
    finished = await start(python(code, place), NAMESPACES)
    assert finished.stdout.decode().splitlines() == ["[0, 1, 2, 3]"]


async def test_user_namespaces_cannot_nest(place: Place, start: Start) -> None:
    """A job cannot make a user namespace, and with it capabilities over a fresh mount table."""
    attack = "import ctypes\nif ctypes.CDLL(None).unshare(0x10000000) == 0: print('escaped')\n"
    await blocked_only_by(Protection.NESTING, python(attack, place), start)


async def test_a_job_has_no_capabilities(place: Place, start: Start) -> None:
    """All capability sets are empty, the bounding set too, whoever runs the server."""
    attack = (
        "for line in open('/proc/self/status'):\n"
        "    if line.startswith('Cap') and int(line.split()[1], 16): print('escaped', line)\n"
    )
    await blocked_only_by(Protection.CAPABILITIES, python(attack, place), start)


async def test_memory_outside_every_limit_is_refused(place: Place, start: Start) -> None:
    """Memory files count for no process and no mount, so they do not exist."""
    attack = "import os\ntry:\n    if os.memfd_create('x'): print('escaped')\nexcept OSError as e: print(e)\n"
    await blocked_only_by(Protection.SYSCALLS, python(attack, place), start)


@pytest.mark.parametrize("call", ["keyctl", "add_key", "bpf", "io_uring_setup"])
async def test_calls_that_no_namespace_holds_are_refused(place: Place, start: Start, call: str) -> None:
    """Keyrings are inherited by every child, and io_uring opens sockets past a filter."""
    numbers = {
        "x86_64": {"keyctl": 250, "add_key": 248, "bpf": 321, "io_uring_setup": 425},
        "aarch64": {"keyctl": 219, "add_key": 217, "bpf": 280, "io_uring_setup": 425},
    }
    number = numbers[platform.machine()][call]
    code = (
        "import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        f"print(libc.syscall({number}, 0, -3, 0), ctypes.get_errno() in (errno.EPERM, errno.ENOSYS))\n"
    )
    finished = await start(python(code, place), NAMESPACES)
    assert finished.stdout == b"-1 True\n"


@pytest.mark.parametrize("family", ["AF_VSOCK", "AF_PACKET", "AF_ALG"])
async def test_only_namespaced_socket_families_open(place: Place, start: Start, family: str) -> None:
    """AF_VSOCK reaches a hypervisor from any network namespace: families are an allow-list."""
    code = (
        "import errno, socket\n"
        f"try:\n    socket.socket(socket.{family})\n"
        "except OSError as e:\n    print(e.errno == errno.EAFNOSUPPORT)\n"
    )
    finished = await start(python(code, place), NAMESPACES)
    assert finished.stdout == b"True\n", finished.stderr


async def test_ipc_objects_of_the_host_are_not_there(place: Place, start: Start) -> None:
    """A System V message queue of the host cannot be found."""
    libc = ctypes.CDLL(None)
    key = int.from_bytes(secrets.token_bytes(3), "big")
    queue = libc.msgget(key, _IPC_CREAT | 0o600)
    assert queue >= 0
    attack = f"import ctypes\nif ctypes.CDLL(None).msgget({key}, 0) >= 0: print('escaped')\n"
    try:
        await blocked_only_by(Protection.IPC, python(attack, place), start)
    finally:
        libc.msgctl(queue, _IPC_RMID, None)


async def test_a_job_cannot_see_anothers_tmp(place: Place, start: Start) -> None:
    """What one job leaves in /tmp is not there for the next."""
    name = f"/tmp/cope-{secrets.token_hex(8)}"  # noqa: S108 -- a folder that all share is the point
    attack = (
        f"import os\nif os.path.exists('{name}'):\n    os.unlink('{name}')\n    print('escaped')\n"
        f"else:\n    open('{name}', 'w')\n"
    )
    job = python(attack, place)
    assert not await escapes(job, NAMESPACES, start)
    assert not await escapes(job, NAMESPACES, start)
    careless = without(Protection.PRIVATE_TMP)
    assert not await escapes(job, careless, start)
    assert await escapes(job, careless, start)


@pytest.mark.parametrize("folder", ["/", "/dev", "/proc/self", "/usr", "/etc"])
async def test_nothing_around_the_project_is_writable(place: Place, start: Start, folder: str) -> None:
    """The sandbox's own root is sealed too, so nothing grows where no limit counts."""
    code = f"try:\n    open('{folder}/new', 'w')\n    print('escaped')\nexcept OSError as e:\n    print(e)\n"
    assert not await escapes(python(code, place), NAMESPACES, start)


@pytest.mark.parametrize(
    "file", ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/self/oom_score_adj"]
)
async def test_the_kernels_switches_are_read_only(place: Place, start: Start, file: str) -> None:
    """Root without capabilities still owns these files outside; inside they cannot be opened for writing."""
    code = f"try:\n    open('{file}', 'r+')\n    print('escaped')\nexcept OSError as e:\n    print(e)\n"
    assert not await escapes(python(code, place), NAMESPACES, start)
