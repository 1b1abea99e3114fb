"""Every limit ends a run that passes it; the same program within a wider limit comes to its own end."""

from __future__ import annotations

import os
import secrets
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.sandbox.isolation import UNISOLATED, Isolation, Protection
from cope_lsp.sandbox.job import Ending, Job, Limits, View
from cope_lsp.sandbox.run import run
from tests.sandbox.box import NAMESPACES, processes_with, python, shell, without

if TYPE_CHECKING:
    from tests.sandbox.box import Place

STUBBORN = "trap '' TERM HUP INT; while :; do sleep 1; done"
SHORT = Limits(wall_s=0.5)

both = pytest.mark.parametrize("isolation", [NAMESPACES, UNISOLATED], ids=["namespaces", "none"])


def named(job: Job, mark: str) -> Job:
    """The job with `mark` in its command line, to be found on the host."""
    return replace(job, argv=(*job.argv, mark))


async def vanished(mark: str) -> bool:
    """Whether no process of the host has `mark` in its command line."""
    return not processes_with(mark)


async def test_a_fork_bomb_is_ended(place: Place) -> None:
    """Processes are counted over the whole namespace, root's too."""
    code = (
        "import os, time\n"
        "for _ in range(200):\n"
        "    try:\n        child = os.fork()\n    except OSError:\n        time.sleep(30)\n"
        "    if not child:\n        time.sleep(1)\n        os._exit(0)\n"
        "while True:\n    try:\n        os.wait()\n    except ChildProcessError:\n        break\n"
        "print('escaped')\n"
    )
    job = python(code, place, Limits(processes=32, wall_s=10))
    assert b"escaped" not in (await run(job, NAMESPACES)).stdout
    wide = replace(job, limits=Limits(processes=1000))
    assert b"escaped" in (await run(wide, NAMESPACES)).stdout


async def test_a_bomb_that_grows_leaves_nothing(place: Place) -> None:
    """A bomb that doubles never has more processes than it may, and all of them end with the run."""
    mark = secrets.token_hex(8)
    bomb = "bomb() { bomb | bomb & }; bomb 2>/dev/null; sleep 30"
    job = named(replace(shell(bomb, View(place.project)), limits=Limits(processes=50, wall_s=1)), mark)
    counts: list[int] = []

    async def count() -> None:
        while True:
            counts.append(len(processes_with(mark)))
            await anyio.sleep(0.1)

    async with anyio.create_task_group() as group:
        group.start_soon(count)
        await run(job, NAMESPACES)
        group.cancel_scope.cancel()
    assert await vanished(mark)
    assert max(counts) <= 50 + 3


FILES = "for i in range(6): open(f'{}/{{i}}', 'wb').write(bytes(50 << 20))\n"
ALLOCATES = {
    "one process": "b = bytearray(300 << 20)\n",
    "many processes": (
        "import os\n"
        "for _ in range(6):\n"
        "    if not os.fork():\n        b = b'x' * (60 << 20)\n        time.sleep(1)\n        os._exit(0)\n"
        "for _ in range(6): os.wait()\n"
    ),
    "shared memory": "import mmap\nm = mmap.mmap(-1, 300 << 20)\nm.write(b'x' * (300 << 20))\n",
    "temporary files": FILES.format("/tmp"),  # noqa: S108 -- the sandbox's own
    "shared files": FILES.format("/dev/shm"),  # noqa: S108 -- the sandbox's own
    "the project": FILES.format("."),
    "empty files": "for i in range(130_000): open(f'/tmp/{i}', 'w').close()\n",
}


@pytest.mark.parametrize("way", ALLOCATES)
async def test_memory_is_bounded_wherever_it_hides(place: Place, way: str) -> None:
    """A job's processes, shared memory and files in memory together stay below its limit."""
    code = f"import time\n{ALLOCATES[way]}time.sleep(1)\nprint('escaped')\n"
    job = python(code, place, Limits(memory_mb=100, wall_s=20))
    assert b"escaped" not in (await run(job, NAMESPACES)).stdout
    wide = replace(job, limits=Limits(memory_mb=1500))
    finished = await run(wide, NAMESPACES)
    assert b"escaped" in finished.stdout, finished


@both
@pytest.mark.parametrize("descriptor", [1, 2, 3])
async def test_endless_output_is_ended(place: Place, isolation: Isolation, descriptor: int) -> None:
    """A flood on any stream ends the run, and no more than the limit is kept."""
    job = shell(f"exec 1>&{descriptor}; yes", View(place.project))
    finished = await run(replace(job, limits=Limits(output_kb=64)), isolation)
    assert finished.ending is Ending.FLOODED
    kept = (finished.stdout, finished.stderr, finished.records)[descriptor - 1]
    assert 60 * 1024 < len(kept) <= 64 * 1024
    assert "64 KiB" in finished.reason


@both
async def test_output_within_the_limit_is_whole(place: Place, isolation: Isolation) -> None:
    """What a short-lived program wrote is all there, on the three streams apart."""
    script = "head -c 60000 /dev/zero; echo two >&2; echo three >&3"
    finished = await run(replace(shell(script, View(place.project)), limits=Limits(output_kb=64)), isolation)
    assert (finished.ending, finished.exit_code) == (Ending.EXITED, 0)
    assert (len(finished.stdout), finished.stderr, finished.records) == (60000, b"two\n", b"three\n")


async def test_a_file_cannot_grow_past_its_limit(place: Place) -> None:
    """Writing past the file limit fails."""
    code = "open('big', 'wb').write(bytes(20 << 20))\nprint('escaped')\n"
    job = python(code, place, Limits(file_mb=10))
    assert b"escaped" not in (await run(job, NAMESPACES)).stdout
    assert b"escaped" in (await run(replace(job, limits=Limits(file_mb=30)), NAMESPACES)).stdout


async def test_cpu_time_is_bounded(place: Place) -> None:
    """A busy loop is killed by the CPU limit before its deadline."""
    finished = await run(python("while True: pass", place, Limits(cpu_s=1, wall_s=15)), NAMESPACES)
    assert finished.exit_code in (-signal.SIGKILL, -signal.SIGXCPU)
    assert finished.ending is Ending.KILLED


@both
async def test_refusing_sigterm_does_not_help(place: Place, isolation: Isolation) -> None:
    """A deadline ends a program that ignores SIGTERM: it is never asked."""
    mark = secrets.token_hex(8)
    async with await anyio.open_process(("/bin/sh", "-c", STUBBORN, mark), start_new_session=True) as refuser:
        await anyio.sleep(0.1)
        refuser.terminate()
        await anyio.sleep(0.1)
        assert refuser.returncode is None
        os.killpg(refuser.pid, signal.SIGKILL)
    job = named(replace(shell(STUBBORN, View(place.project)), limits=SHORT), mark)
    finished = await run(job, isolation)
    assert finished.ending is Ending.TIMED_OUT
    assert finished.seconds < 5
    assert await vanished(mark)


DAEMON = (
    "import os, sys, time\n"
    "if os.fork():\n    time.sleep(0.2)\n    os._exit(0)\n"
    "os.setsid()\n"
    "if os.fork(): os._exit(0)\n"
    "for fd in range(4): os.close(fd)\n"
    "time.sleep(60)\n"
)


async def test_a_child_that_outlives_its_parent_is_ended(place: Place) -> None:
    """A daemon of its own session, which holds none of our pipes, dies with the run."""
    mark = secrets.token_hex(8)
    job = named(python(DAEMON, place), mark)
    assert (await run(job, NAMESPACES)).exit_code == 0
    assert await vanished(mark)
    await run(job, without(Protection.PROCESSES))
    survivors = processes_with(mark)
    assert survivors
    for process in survivors:
        os.kill(process, signal.SIGKILL)


async def test_a_daemon_is_found_without_namespaces(place: Place) -> None:
    """Without namespaces, what left the group is found by the mark in its environment."""
    mark = secrets.token_hex(8)
    await run(named(python(DAEMON, place), mark), UNISOLATED)
    assert await vanished(mark)


@both
@pytest.mark.parametrize("after", [0.0, 0.003, 0.01, 0.03, 0.3])
async def test_cancelling_leaves_no_process(place: Place, isolation: Isolation, after: float) -> None:
    """When the cancelled call returns, at whatever moment it came, the whole tree is gone."""
    mark = secrets.token_hex(8)
    job = named(shell(f"({STUBBORN}) & {STUBBORN}", View(place.project)), mark)
    with anyio.move_on_after(after):
        await run(job, isolation)
    assert await vanished(mark)


@both
async def test_input_reaches_the_program(place: Place, isolation: Isolation) -> None:
    """Any amount of input is read to its end, even if the program never does."""
    given = b"line\n" * 200_000
    job = replace(shell("wc -c", View(place.project)), stdin=given)
    assert (await run(job, isolation)).stdout.split() == [b"1000000"]
    assert (await run(replace(job, argv=("true",)), isolation)).exit_code == 0


@both
async def test_exit_codes_and_signals_come_back(place: Place, isolation: Isolation) -> None:
    """An exit code is itself; a signal is negative."""
    view = View(place.project)
    assert (await run(shell("exit 7", view), isolation)).exit_code == 7
    assert (await run(shell("kill -SEGV $$", view), isolation)).exit_code == -signal.SIGSEGV
    assert (await run(Job(("no-such-program",), view), isolation)).exit_code == 127
