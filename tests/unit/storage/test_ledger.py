"""Money: reserved before, settled after, never past a cap."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.cascade.errors import CallRefused
from cope_lsp.cascade.problem import Usage
from cope_lsp.storage.ledger import Call, Ledger
from cope_lsp.storage.money import Caps, at_least, at_most

if TYPE_CHECKING:
    from pathlib import Path

CAPS = Caps(per_request_usd=0.05, per_day_usd=0.08)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A fresh ledger."""
    return Ledger(tmp_path / "state" / "ledger.sqlite")


def call(request: str) -> Call:
    """A call for a request."""
    return Call(request, "api.example", "large", "guideline")


async def test_what_could_pass_the_request_cap_is_refused(ledger: Ledger) -> None:
    """With the cap, the amounts and the remedy; another request is not touched by it."""
    await ledger.reserve(call("one"), 0.03, CAPS)
    with pytest.raises(CallRefused) as refused:
        await ledger.reserve(call("one"), 0.03, CAPS)
    assert "$0.0300" in refused.value.message
    assert "$0.0500" in refused.value.message
    assert "budget.per_request_usd" in refused.value.fix
    await ledger.reserve(call("two"), 0.03, CAPS)


async def test_what_could_pass_the_days_cap_is_refused(ledger: Ledger) -> None:
    """Over all requests of the last 24 hours."""
    await ledger.reserve(call("one"), 0.05, CAPS)
    with pytest.raises(CallRefused, match="24 hours") as refused:
        await ledger.reserve(call("two"), 0.04, CAPS)
    assert "budget.per_day_usd" in refused.value.fix


async def test_a_cap_can_be_used_up_to_the_last_billionth(ledger: Ledger) -> None:
    """Sums of dollars do not drift: ten times 0.005 is 0.05, and not a hair more."""
    for _ in range(10):
        await ledger.reserve(call("one"), 0.005, CAPS)
    with pytest.raises(CallRefused):
        await ledger.reserve(call("one"), 1e-9, CAPS)


async def test_settling_frees_what_was_not_used(ledger: Ledger) -> None:
    """The next call may use it."""
    reservation = await ledger.reserve(call("one"), 0.05, CAPS)
    await ledger.settle(reservation, 0.001, Usage(input_tokens=10))
    await ledger.reserve(call("one"), 0.049, CAPS)
    assert await ledger.spent(request="one") == pytest.approx(0.05)


async def test_an_unsettled_reservation_counts_as_spent(ledger: Ledger) -> None:
    """Nobody knows what a killed server's call cost."""
    await ledger.reserve(call("one"), 0.05, CAPS)
    again = Ledger(ledger.file)
    assert await again.spent() == pytest.approx(0.05)
    with pytest.raises(CallRefused):
        await again.reserve(call("one"), 0.001, CAPS)


async def test_a_free_call_needs_no_room(ledger: Ledger) -> None:
    """A price of 0 is allowed even where a cap is used up, or is 0."""
    await ledger.reserve(call("one"), 0.05, CAPS)
    await ledger.reserve(call("one"), 0.0, CAPS)
    await ledger.reserve(call("one"), 0.0, Caps(0, 0))


async def test_a_zero_cap_lets_no_paid_call_through(ledger: Ledger) -> None:
    """That is how one says: never pay."""
    with pytest.raises(CallRefused):
        await ledger.reserve(call("one"), 1e-9, Caps(0, 1))


async def test_what_was_spent_a_day_ago_is_spent_no_more(ledger: Ledger) -> None:
    """The day is the last 24 hours, whatever the servers' time zones."""
    await ledger.reserve(call("one"), 0.05, CAPS)
    with sqlite3.connect(ledger.file) as rows:
        rows.execute("UPDATE calls SET at = at - 86401")
    rows.close()
    await ledger.reserve(call("two"), 0.05, CAPS)


async def test_a_clock_that_was_set_back_gives_nothing_back(ledger: Ledger) -> None:
    """Entries from the future count."""
    await ledger.reserve(call("one"), 0.05, CAPS)
    with sqlite3.connect(ledger.file) as rows:
        rows.execute("UPDATE calls SET at = at + 1000000")
    rows.close()
    with pytest.raises(CallRefused):
        await ledger.reserve(call("two"), 0.05, CAPS)


async def test_no_call_is_paid_without_a_ledger(tmp_path: Path) -> None:
    """A damaged file, a foreign version or an open folder refuses, with the file's name."""
    damaged = Ledger(tmp_path / "damaged" / "ledger.sqlite")
    damaged.file.parent.mkdir(mode=0o700)
    damaged.file.write_bytes(b"this is no database, and long enough to be looked at" * 100)
    newer = Ledger(tmp_path / "newer" / "ledger.sqlite")
    await newer.reserve(call("one"), 0.0, CAPS)
    with sqlite3.connect(newer.file) as rows:
        rows.execute("PRAGMA user_version = 99")
    rows.close()
    open_to_all = Ledger(tmp_path / "open" / "ledger.sqlite")
    open_to_all.file.parent.mkdir()
    open_to_all.file.parent.chmod(0o777)
    for ledger in (damaged, newer, open_to_all):
        with pytest.raises(CallRefused, match="nothing is paid without it") as refused:
            await ledger.reserve(call("one"), 0.01, CAPS)
        assert str(ledger.file) in refused.value.message
        await ledger.settle("unknown", 0.01, Usage())


async def test_the_loop_goes_on_while_another_server_writes(ledger: Ledger) -> None:
    """A locked ledger is waited for in a worker thread."""
    await ledger.reserve(call("one"), 0.0, CAPS)
    other = sqlite3.connect(ledger.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ticks = 0
    async with anyio.create_task_group() as group:
        group.start_soon(ledger.reserve, call("two"), 0.01, CAPS)
        for _ in range(20):
            await anyio.sleep(0.005)
            ticks += 1
        assert await _rows(other) == 1
        other.execute("COMMIT")
    other.close()
    assert ticks == 20
    assert await ledger.spent(request="two") == pytest.approx(0.01)


async def _rows(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT COUNT(*) FROM calls").fetchone()
    return count


@pytest.mark.parametrize("usd", [0.0, 1e-9, 0.05, 0.1 + 0.2, 1 / 3, 1e-12])
def test_money_is_rounded_against_the_spender(usd: float) -> None:
    """Reservations up, caps down, within a billionth."""
    assert at_most(usd) <= at_least(usd) <= at_most(usd) + 1
    assert at_least(0.05) == at_most(0.05) == 50_000_000


SPEND = """
import random, sys, anyio
from pathlib import Path
from cope_lsp.cascade.errors import CallRefused
from cope_lsp.cascade.problem import Usage
from cope_lsp.storage.ledger import Call, Ledger
from cope_lsp.storage.money import Caps

async def main(file, seed):
    chance, ledger, refused = random.Random(seed), Ledger(Path(file)), 0
    caps = Caps(per_request_usd=0.5, per_day_usd=1.0)
    while refused < 20:
        worst = chance.randint(1, 40) / 1000
        try:
            reservation = await ledger.reserve(Call(f"r{chance.randint(0, 3)}", "h", "m"), worst, caps)
        except CallRefused:
            refused += 1
            continue
        if chance.random() < 0.5:
            await ledger.settle(reservation, worst * chance.random(), Usage(input_tokens=1))

anyio.run(main, sys.argv[1], int(sys.argv[2]))
"""


async def test_servers_never_pass_a_cap_together(ledger: Ledger) -> None:
    """Four processes spend as fast as they can until each was refused twenty times.

    At no moment do the sums pass a cap, for the day or for any request, and all of the day's is used.
    """
    command = [sys.executable, "-c", SPEND, str(ledger.file)]
    servers = [subprocess.Popen([*command, str(seed)]) for seed in range(4)]  # noqa: ASYNC220 -- not waited for
    highest, end = 0.0, time.monotonic() + 60
    while any(server.poll() is None for server in servers) and time.monotonic() < end:
        highest = max(
            highest, await ledger.spent(), *[2 * await ledger.spent(request=f"r{n}") for n in range(4)]
        )
        await anyio.sleep(0.005)
    assert [server.wait(5) for server in servers] == [0] * 4
    highest = max(highest, await ledger.spent())
    assert 0.9 < highest <= 1.0 + 1e-9
