"""SIGKILL at any moment loses nothing that was confirmed and damages nothing."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cope_lsp.cascade.problem import Plan, Role
from cope_lsp.storage.ledger import Ledger
from cope_lsp.storage.plan_store import DiskPlans, PlanCache

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 200

# One process imports, and forks a writer whenever it is asked to: a fresh interpreter for each of 200
# would take minutes. A writer confirms on stdout what it has written.
WRITERS = """
import os, sys, anyio
import diskcache
from pathlib import Path
from cope_lsp.cascade.problem import Plan, Role, Usage
from cope_lsp.storage import json_disk
from cope_lsp.storage.ledger import Call, Ledger
from cope_lsp.storage.money import Caps
from cope_lsp.storage.plan_store import DiskPlans, PlanCache

def confirm(*words):
    os.write(1, (" ".join(words) + "\\n").encode())

async def write(folder, name):
    plans = DiskPlans(PlanCache(folder / "plans", 64), "workspace")
    ledger = Ledger(folder / "state" / "ledger.sqlite")
    for number in range(10_000):
        key = f"{name}.{number}"
        await plans.put(key, Plan(key * 100, Role.GOAL, "m"))
        confirm("plan", key)
        reservation = await ledger.reserve(Call(key, "h", "m"), 0.002, Caps(1e6, 1e6))
        confirm("reserved", reservation)
        await ledger.settle(reservation, 0.001, Usage(input_tokens=number))
        confirm("settled", reservation)

folder = Path(sys.argv[1])
anyio.run(anyio.sleep, 0)
for line in sys.stdin:
    writer = os.fork()
    if not writer:
        confirm("writer", str(os.getpid()))
        anyio.run(write, folder, line.strip())
    os.waitpid(writer, 0)
    confirm("dead")
"""


@dataclass(slots=True)
class Confirmed:
    """What the writers said they had written."""

    plans: set[str] = field(default_factory=set[str])
    reserved: set[str] = field(default_factory=set[str])
    settled: set[str] = field(default_factory=set[str])


def kill_writers(folder: Path) -> Confirmed:
    """Let writers write, and kill each a random time after a random number of confirmations."""
    chance, confirmed = random.Random(7), Confirmed()  # noqa: S311 -- test data
    kinds = {"plan": confirmed.plans, "reserved": confirmed.reserved, "settled": confirmed.settled}
    command = [sys.executable, "-c", WRITERS, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as parent:
        assert parent.stdin
        assert parent.stdout
        for number in range(KILLS):
            parent.stdin.write(f"w{number}\n")
            writer, lines, last = 0, 0, chance.randrange(12)
            while (words := parent.stdout.readline().split())[0] != "dead":
                if words[0] == "writer":
                    writer = int(words[1])
                else:
                    kinds[words[0]].add(words[1])
                if lines == last:
                    time.sleep(chance.random() * 0.01)
                    os.kill(writer, signal.SIGKILL)
                lines += 1
        parent.stdin.close()
    assert parent.returncode == 0
    return confirmed


async def test_two_hundred_kills_lose_nothing_confirmed_and_damage_nothing(tmp_path: Path) -> None:
    """Every confirmed plan and ledger entry is found, whole; what was unsettled counts as spent."""
    confirmed = kill_writers(tmp_path)
    assert len(confirmed.plans) > KILLS
    assert len(confirmed.settled) > KILLS

    plans = DiskPlans(PlanCache(tmp_path / "plans", 64), "workspace")
    for key in confirmed.plans:
        assert await plans.get(key) == Plan(key * 100, Role.GOAL, "m")

    ledger = tmp_path / "state" / "ledger.sqlite"
    with closing(sqlite3.connect(ledger)) as rows:
        entries = dict(rows.execute("SELECT id, settled FROM calls").fetchall())
        torn = rows.execute(
            "SELECT COUNT(*) FROM calls WHERE reserved != 2000000 OR settled != 1000000"
        ).fetchone()
    assert confirmed.reserved <= entries.keys()
    assert all(entries[reservation] == 1_000_000 for reservation in confirmed.settled)
    assert torn == (0,)
    unsettled = sum(settled is None for settled in entries.values())
    assert round(await Ledger(ledger).spent() * 1000) == len(entries) + unsettled

    for file in (ledger, tmp_path / "plans" / "cache.db"):
        with closing(sqlite3.connect(file)) as rows:
            assert rows.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
