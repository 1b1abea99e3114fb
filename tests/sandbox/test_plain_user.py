"""The sandbox holds for a plain user too, whose namespaces the kernel treats differently from root's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cope_lsp.sandbox.worker import INSIDE
from tests.sandbox.box import ENTRY, NAMESPACES

# Runs as root only until everything is imported: the interpreter may lie where only root can read.
SCRIPT = """
import asyncio, encodings.ascii, json, os, sys
from dataclasses import replace
from pathlib import Path
import anyio, anyio._backends._asyncio
import cope_lsp.sandbox.run as sandbox
import cope_lsp.sandbox.warm as warm
import cope_lsp.sandbox.worker as worker
from cope_lsp.sandbox.isolation import EVERY, Isolation, Kind, Projection, Protection
from cope_lsp.sandbox.job import Job, Limits, View, Warm
from cope_lsp.sandbox.ladder import attack

program, home, user = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
if os.getuid() != user:
    sys.executable, sys.base_prefix = "/usr/bin/python3", "/usr"
worker.INSIDE, entry = home.parent / "inside", home.parent / "warm_entry" / "main.py"
if os.getuid() != user:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
os.environ["HOME"] = str(home)
(home / "project").mkdir()
(home / "project" / ".env").write_text("secret")
os.mkdir(home / "tmp")
import tempfile
tempfile.tempdir = str(home / "tmp")

async def said(script, isolation, **limits):
    view = View(home / "project", {"a.py": b"laid"}, (".env",))
    finished = await sandbox.run(Job(("/bin/sh", "-c", script), view, limits=Limits(**limits)), isolation)
    return [finished.stdout.decode(), finished.stderr.decode(), finished.ending, finished.reason]

async def forked(code, pool):
    command = (os.path.realpath(sys.executable), "-s", "-S")
    readable = (Path(sys.base_prefix).resolve(),) if sys.base_prefix != "/usr" else ()
    view = View(home / "project", {"a.py": b"laid"}, (".env",))
    job = Job((*command, "-c", code), view, readable, stdin=code.encode(), limits=Limits(processes=50),
        warm=Warm(command, entry))
    best = Isolation(Kind.NAMESPACES, program, Projection.OVERLAY)
    return (await warm.run_pooled(job, best, pool)).stdout.decode()

async def all_forked():
    pool = warm.Pool()
    looks = "import os; print(os.getuid(), os.listdir('.'), open('a.py').read(), open('b', 'w').write('x'))"
    caps = "print({line.split()[1] for line in open('/proc/self/status') if line.startswith('Cap')})"
    nests = "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))"
    bomb = "import os, time; all(os.fork() or time.sleep(9) for _ in range(200)); print('escaped')"
    said = [await forked(code, pool) for code in (looks, caps, nests, bomb)]
    jobs = [each.jobs for each in pool.workers.values()]
    await warm.close(pool)
    return [*said, jobs]

async def main():
    best = Isolation(Kind.NAMESPACES, program, Projection.OVERLAY)
    bomb = "for i in $(seq 200); do sleep 1 & done; wait; echo escaped"
    fill = "for i in 1 2 3 4 5 6; do head -c 50000000 /dev/zero >$i; done; sleep 1; echo escaped"
    caps = "grep '^Cap' /proc/self/status"
    print(json.dumps({
        "attack": [await attack(replace(best, projection=p)) for p in Projection],
        "view": await said("cat a.py .env; echo x >b; ls -A; id -u", best),
        "bomb": await said(bomb, best, processes=50),
        "wide bomb": await said(bomb, best, processes=500),
        "fill": await said(fill, best, memory_mb=150),
        "wide fill": await said(fill, best, memory_mb=900),
        "nesting": await said("unshare -U true && echo escaped", best),
        "nesting alone": await said(
            "unshare -U true && echo escaped", replace(best, protections=EVERY - {Protection.NESTING})
        ),
        "capabilities": await said(caps, best),
        "warm": await all_forked(),
        "disk": sorted(os.listdir(home / "project")) + os.listdir(home / "tmp"),
    }))

anyio.run(main)
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, list[str]]:
    """What a plain user's runs gave: this user's, or another's where the tests run as root."""
    user = os.getuid() or 54321
    root = Path(__file__).parents[2]
    with tempfile.TemporaryDirectory(prefix="cope-user-", dir="/var/tmp") as name:
        home = Path(name) / "home"
        home.mkdir()
        shutil.copytree(INSIDE, Path(name) / "inside")
        shutil.copytree(ENTRY.parent, Path(name) / "warm_entry")
        if os.getuid() == 0:
            Path(name).chmod(0o755)
            os.chown(home, user, user)
        finished = subprocess.run(
            [sys.executable, "-c", SCRIPT, bubblewrap_for_all(Path(name)), home, str(user)],
            cwd=root,
            check=False,
            capture_output=True,
            text=True,
        )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def bubblewrap_for_all(folder: Path) -> Path:
    """A copy of the wheel's bubblewrap, with its library beside it, that every user can execute."""
    program = Path(NAMESPACES.program)
    package = program.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, folder / part.name)
    return folder / program.relative_to(package.parent)


def test_the_probe_finds_nothing_open(seen: dict[str, list[str]]) -> None:
    """The planted-link attack fails with an overlay and with a copy."""
    assert seen["attack"] == ["", ""]


def test_the_view_is_the_same(seen: dict[str, list[str]]) -> None:
    """Layer, mask, vanishing writes and the user's number are what root gets."""
    assert seen["view"][0] == "laida.py\nb\n1000\n"
    assert seen["disk"] == [".env"]


def test_a_fork_bomb_is_held_by_the_kernel(seen: dict[str, list[str]]) -> None:
    """The kernel itself refuses processes past the limit."""
    assert "escaped" not in seen["bomb"][0]
    assert "escaped" in seen["wide bomb"][0]


def test_memory_is_counted(seen: dict[str, list[str]]) -> None:
    """The watch sees into a plain user's namespaces."""
    assert seen["fill"][2:] == ["killed", "more than 150 MiB of memory"]
    assert "escaped" in seen["wide fill"][0]


def test_user_namespaces_do_not_nest(seen: dict[str, list[str]]) -> None:
    """Nor can a plain user's job make a user namespace; without the protection it can."""
    assert "escaped" not in seen["nesting"][0]
    assert "escaped" in seen["nesting alone"][0]


def test_no_capabilities(seen: dict[str, list[str]]) -> None:
    """Every set is empty."""
    assert {line.split()[1] for line in seen["capabilities"][0].splitlines()} == {"0" * 16}


def test_a_warm_worker_holds_for_a_plain_user(seen: dict[str, list[str]]) -> None:
    """One worker forks four jobs: the view, no capabilities, no nesting, and a bomb that the kernel holds."""
    view, capabilities, nests, bomb, jobs = seen["warm"]
    assert view == "1000 ['a.py'] laid 1\n"
    assert capabilities == str({"0" * 16}) + "\n"
    assert (nests, bomb) == ("-1\n", "")
    assert jobs == [4]
