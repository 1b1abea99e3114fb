"""What a job that is forked from a warm worker leaves for the next: nothing; and what the worker survives."""

from __future__ import annotations

import os
import secrets
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.sandbox.isolation import Protection
from cope_lsp.sandbox.job import Ending, Limits, View, Warm
from cope_lsp.sandbox.warm import run_pooled
from tests.sandbox.box import ENTRY, NAMESPACES, PYTHON, processes_with, python, without

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.sandbox.isolation import Isolation
    from cope_lsp.sandbox.job import Job
    from cope_lsp.sandbox.warm import Pool
    from cope_lsp.sandbox.worker import Worker
    from tests.sandbox.box import Place

# Attacks on whoever comes next, each with what the next one looks at: it must say `clean`.
ATTACKS = {
    "patches builtins": (
        "import builtins\nbuiltins.len = lambda x: 7\nbuiltins.isinstance = None",
        "print('clean' if len([]) == 0 and isinstance(1, int) else 'hit')",
    ),
    "rewrites modules that the worker has imported": (
        "import json, string\njson.dumps = None\njson.decoder.scanner = None\nstring.digits = 'x'",
        "import json, string\nprint('clean' if json.dumps(1) == string.digits[1] else 'hit')",
    ),
    "leaves an imported module behind": (
        "import sys, types\nsys.modules['numpy'] = types.ModuleType('numpy')\nsys.path.insert(0, '/tmp')",
        "import sys\nprint('hit' if 'numpy' in sys.modules or '/tmp' in sys.path else 'clean')",
    ),
    "leaves threads and signal handlers": (
        (
            "import os, signal, threading, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "for _ in range(8): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
        ),
        (
            "import os, signal, threading\n"
            "print('clean' if threading.active_count() == len(os.listdir('/proc/self/task')) == 1 "
            "and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL else 'hit')"
        ),
    ),
    "exhausts descriptors": (
        (
            "import os\nheld = []\ntry:\n    while True: held.append(os.open('/dev/null', os.O_RDONLY))\n"
            "except OSError:\n    pass"
        ),
        "import os\nprint('clean' if len([os.pipe() for _ in range(50)]) == 50 else 'hit')",
    ),
    "leaves files": (
        "for path in ('/tmp/left', '/dev/shm/left', 'left.py', 'kept.txt'): open(path, 'w').write('hit')",
        (
            "import os\nprint('clean' if open('kept.txt').read() == 'kept' "
            "and not any(map(os.path.exists, ('/tmp/left', '/dev/shm/left', 'left.py'))) else 'hit')"
        ),
    ),
    "changes its environment and folder": (
        "import os\nos.environ['LEFT'] = '1'\nos.chdir('/')\nos.umask(0o777)",
        (
            "import os\nprint('hit' if 'LEFT' in os.environ or os.getcwd() == '/' or os.umask(0) == 0o777 "
            "else 'clean')"
        ),
    ),
    "kills all that it can": (
        (
            "import os, signal\nfor target in (-1, os.getppid(), 0):\n"
            "    try: os.kill(target, signal.SIGKILL)\n    except OSError: pass"
        ),
        "print('clean')",
    ),
    "leaves children": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)",
        "import os\nprint(len([name for name in os.listdir('/proc') if name.isdigit()]) == 1 and 'clean')",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
async def test_nothing_of_a_job_meets_the_next(place: Place, pool: Pool, attack: tuple[str, str]) -> None:
    """The next job of the same worker finds everything as it was."""
    does, looks = attack
    (place.project / "kept.txt").write_text("kept")
    await run_pooled(importing(python(does, place)), NAMESPACES, pool)
    worker = only(pool)
    after = await run_pooled(importing(python(looks, place)), NAMESPACES, pool)
    assert after.stdout.strip() == b"clean", after.stderr.decode()
    assert only(pool) is worker


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
async def test_each_of_these_attacks_hits_within_one_process(
    place: Place, pool: Pool, attack: tuple[str, str]
) -> None:
    """What the next job looks at would have shown the attack: in its own process it does."""
    does, looks = attack
    (place.project / "kept.txt").write_text("kept")
    both = await run_pooled(importing(python(f"{does}\n{looks}", place)), NAMESPACES, pool)
    assert both.stdout.strip() != b"clean" or "kill" in does


async def test_what_a_job_may_read_below_tmp_is_there_in_a_warm_worker_too(
    place: Place, pool: Pool, tmp_path: Path
) -> None:
    """Its own empty /tmp would hide an environment that stands there: folder, file and link are shown."""
    folder, file, link = tmp_path / "packages", tmp_path / "single.py", tmp_path / "link"
    folder.mkdir()
    (folder / "module.py").write_text("here")
    file.write_text("here")
    link.symlink_to(folder)
    paths = [str(link / "module.py"), str(file)]
    looks = f"print([open(path).read() for path in {paths}], open('/tmp/own', 'w'))"
    job = importing(python(looks, place))
    said = await run_pooled(replace(job, readable=(*job.readable, link, file)), NAMESPACES, pool)
    assert said.stdout.startswith(b"['here', 'here'] <_io.TextIOWrapper"), said.stderr.decode()
    assert only(pool)


async def meets(pool: Pool, place: Place, isolation: Isolation, leaves: str, looks: str) -> bool:
    """Whether a job meets, in many looks, what another one holds at the same time."""
    holds = f"{leaves}\nimport time\ntime.sleep(60)"
    pool.most_at_once = 2
    met = False
    async with anyio.create_task_group() as group:
        group.start_soon(run_pooled, python(holds, place), isolation, pool)
        for _ in range(5 if isolation is NAMESPACES else 500):
            met = met or b"met" in (await run_pooled(python(looks, place), isolation, pool)).stdout
            if met:
                break
        group.cancel_scope.cancel()
    return met


async def test_jobs_do_not_meet_on_the_network(place: Place, pool: Pool) -> None:
    """Each has its own abstract sockets and loopback; without that namespace they share the worker's."""
    leaves = "import socket\ns = socket.socket(socket.AF_UNIX)\ns.bind('\\0cope')\ns.listen()"
    looks = (
        "import socket\ns = socket.socket(socket.AF_UNIX)\n"
        "try:\n    s.connect('\\0cope')\n    print('met')\nexcept OSError as e:\n    print(e)"
    )
    assert not await meets(pool, place, NAMESPACES, leaves, looks)
    assert await meets(pool, place, without(Protection.NETWORK), leaves, looks)


async def test_jobs_do_not_see_each_other_nor_the_worker(place: Place, pool: Pool) -> None:
    """Each has process numbers of its own; without, it sees the zygote, the warden and the other."""
    looks = (
        "import os\n"
        "others = [name for name in os.listdir('/proc') if name.isdigit() and int(name) != os.getpid()]\n"
        "print('met' if others else 'alone')"
    )
    assert not await meets(pool, place, NAMESPACES, "", looks)
    assert await meets(pool, place, without(Protection.PROCESSES), "", looks)


async def test_jobs_do_not_meet_in_shared_memory(place: Place, pool: Pool) -> None:
    """Each has System V objects of its own."""
    queue = "import ctypes\nfound = ctypes.CDLL(None).msgget(4711, {})\n"
    leaves, looks = queue.format("0o1600"), queue.format(0) + "print('met' if found >= 0 else 'alone')"
    assert not await meets(pool, place, NAMESPACES, leaves, looks)
    assert await meets(pool, place, without(Protection.IPC), leaves, looks)


async def test_a_job_cannot_look_into_what_forked_it(place: Place, pool: Pool) -> None:
    """Even where it sees the worker's processes, their memory and descriptors are shut."""
    attack = (
        "import os\n"
        "for name in os.listdir('/proc'):\n"
        "    if name.isdigit() and int(name) != os.getpid():\n"
        "        for part in ('mem', 'environ', 'fd/3', 'root/.cope/project'):\n"
        "            try:\n                os.open(f'/proc/{name}/{part}', os.O_RDONLY)\n"
        "                print('escaped', name, part)\n"
        "            except OSError:\n                pass\n"
    )
    finished = await run_pooled(python(attack, place), without(Protection.PROCESSES), pool)
    assert finished.exit_code == 0
    assert finished.stdout == b""


async def test_a_fork_bomb_ends_and_the_worker_goes_on(place: Place, pool: Pool) -> None:
    """The bomb is counted in its own job."""
    bomb = "import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(1)"
    limits = Limits(wall_s=1, processes=30)
    finished = await run_pooled(python(bomb, place, limits), NAMESPACES, pool)
    assert finished.ending is not Ending.EXITED
    limits = replace(limits, wall_s=20)
    after = await run_pooled(python("print('clean')", place, limits), NAMESPACES, pool)
    assert after.stdout == b"clean\n"
    assert only(pool).jobs == 2


async def test_a_worker_that_is_gone_is_replaced(place: Place, pool: Pool) -> None:
    """Its death, before a job or during one, costs no job its answer."""
    await run_pooled(python("pass", place), NAMESPACES, pool)
    first = only(pool)
    os.kill(first.zygote, signal.SIGKILL)
    after = await run_pooled(python("print('ran')", place), NAMESPACES, pool)
    assert after.stdout == b"ran\n"
    await run_pooled(python("pass", place), NAMESPACES, pool)
    assert only(pool) is not first


async def test_a_worker_that_dies_under_a_job_costs_no_answer(place: Place, pool: Pool) -> None:
    """The job starts again alone."""
    await run_pooled(python("pass", place), NAMESPACES, pool)
    killed = only(pool).zygote
    mark = secrets.token_hex(8)
    slow = f"import subprocess, sys\nsubprocess.run(['sleep', '0.5', '{mark}'][:2])\nprint('ran')"
    outcome: list[bytes] = []

    async def run_slow() -> None:
        outcome.append((await run_pooled(python(slow, place), NAMESPACES, pool)).stdout)

    async with anyio.create_task_group() as group:
        group.start_soon(run_slow)
        while not only(pool).running:  # noqa: ASYNC110 -- the pool has no event for it
            await anyio.sleep(0.01)
        await anyio.sleep(0.05)
        os.kill(killed, signal.SIGKILL)
    assert outcome == [b"ran\n"]
    assert pool.workers == {}


async def test_a_worker_that_hangs_is_replaced(place: Place, pool: Pool) -> None:
    """A job waits for it no longer than the pool's patience."""
    await run_pooled(python("pass", place), NAMESPACES, pool)
    os.kill(only(pool).zygote, signal.SIGSTOP)
    pool.patience_s = 0.3
    after = await run_pooled(python("print('ran')", place), NAMESPACES, pool)
    assert after.stdout == b"ran\n"
    assert pool.workers == {}
    pool.refused.clear()


async def test_cancelling_a_job_ends_its_whole_tree_and_no_other(place: Place, pool: Pool) -> None:
    """Cancelling returns only when the kernel says that all are gone; the worker goes on."""
    mark = secrets.token_hex(8)
    tree = f"import subprocess\nsubprocess.run(['/bin/sh', '-c', 'sleep 60 & wait', '{mark}'])"
    async with anyio.create_task_group() as group:
        group.start_soon(run_pooled, python(tree, place), NAMESPACES, pool)
        with anyio.fail_after(20):
            while not processes_with(mark):  # noqa: ASYNC110 -- another process's state has no event
                await anyio.sleep(0.01)
        group.cancel_scope.cancel()
    assert processes_with(mark) == []
    after = await run_pooled(python("print('ran')", place), NAMESPACES, pool)
    assert after.stdout == b"ran\n"
    assert only(pool).jobs == 2


async def test_a_worker_sees_nothing_of_the_project_but_the_interpreters_folder(
    place: Place, pool: Pool
) -> None:
    """What an environment's modules do when they are imported cannot read a secret for a job to find."""
    (place.project / "secret").write_text("secret")
    own = place.project / "environment"
    own.mkdir()
    (own / "main.py").write_text(
        "import os\n"
        "def prepare(base, modules, avoided):\n"
        "    seen = [name for _, folders, files in os.walk('/.cope') for name in files]\n"
        f"    seen += os.listdir({str(place.project)!r})\n"
        "    return lambda: print(seen, flush=True) or 0, []\n"
    )
    warm = Warm((PYTHON[0], "-s", "-S"), own / "main.py", own=(own,))
    job = replace(python("", place), warm=warm)
    found = await run_pooled(replace(job, view=View(place.project)), NAMESPACES, pool)
    assert found.stdout == b"['environment']\n"


async def test_a_module_of_the_projects_own_name_is_not_imported_for_it(place: Place, pool: Pool) -> None:
    """A worker that has imported `string` serves no project that has a `string` of its own."""
    job = importing(python("pass", place))
    await run_pooled(job, NAMESPACES, pool)
    first = only(pool)
    assert job.warm is not None
    own = replace(job, warm=replace(job.warm, modules=(), avoided=frozenset({"string"})))
    await run_pooled(own, NAMESPACES, pool)
    assert only(pool) is not first
    assert "string" not in only(pool).loaded


async def test_a_worker_whose_packages_changed_is_replaced(place: Place, pool: Pool) -> None:
    """An installation changes the folder that modules are found in."""
    await run_pooled(python("pass", place), NAMESPACES, pool)
    first = only(pool)
    folder = next(iter(first.stamps))
    first.stamps[folder] -= 1
    await run_pooled(python("pass", place), NAMESPACES, pool)
    assert only(pool) is not first


def importing(job: Job) -> Job:
    """The job in a worker that has imported what the attacks attack."""
    return replace(job, warm=Warm((job.argv[0], "-s", "-S"), ENTRY, modules=("json", "string")))


def only(pool: Pool) -> Worker:
    """The one worker there is."""
    (worker,) = pool.workers.values()
    return worker
