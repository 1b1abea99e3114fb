"""The money ledger: one sqlite file that all servers of the user share.

Before a call its highest price is reserved in one transaction that also looks at the caps, so that
two servers cannot pass a cap together. Afterwards the call is settled. A reservation that is never
settled (a kill, a lost reply) counts as spent.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from anyio import to_thread

from cope_lsp.cascade.errors import CallRefused
from cope_lsp.storage.database import Schema, transaction
from cope_lsp.storage.money import NANO, Caps, at_least, at_most
from cope_lsp.storage.places import StoreUnsafe

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.cascade.problem import Usage

DAY_S = 86400.0

SCHEMA = Schema(
    version=1,
    statements=(
        """CREATE TABLE calls (
            id TEXT PRIMARY KEY, request TEXT NOT NULL, host TEXT NOT NULL, model TEXT NOT NULL,
            stage TEXT NOT NULL, at REAL NOT NULL, reserved INTEGER NOT NULL, settled INTEGER,
            input_tokens INTEGER, cached_tokens INTEGER, output_tokens INTEGER, seconds REAL)""",
        "CREATE INDEX calls_at ON calls (at)",
        "CREATE INDEX calls_request ON calls (request)",
        """CREATE TABLE requests (
            id TEXT PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, language TEXT NOT NULL,
            ending TEXT NOT NULL, stage TEXT NOT NULL, seconds REAL NOT NULL, samples INTEGER NOT NULL,
            input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
            cached_plan INTEGER NOT NULL, cached_solution INTEGER NOT NULL, delivery TEXT NOT NULL)""",
        "CREATE INDEX requests_at ON requests (at)",
    ),
)

_SPENT = "SELECT COALESCE(SUM(COALESCE(settled, reserved)), 0) FROM calls WHERE "


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a model that may cost money: for which request, where to, which model, which stage."""

    request: str
    host: str
    model: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger in one file; it is made at first use."""

    file: Path

    async def reserve(self, call: Call, worst_usd: float, caps: Caps) -> str:
        """Reserve the most that a call can cost; gives the reservation's id.

        Raises: CallRefused when that could pass a cap, or when the ledger cannot be written.
        """
        return await to_thread.run_sync(partial(_reserve, self.file, call, worst_usd, caps))

    async def settle(self, reservation: str, cost_usd: float, usage: Usage) -> None:
        """Replace a reservation by what the call cost. Never raises: unsettled counts as spent."""
        await to_thread.run_sync(partial(_settle, self.file, reservation, cost_usd, usage))

    async def spent(self, *, request: str | None = None) -> float:
        """US dollars spent or reserved: by one request, or in the last 24 hours."""
        return await to_thread.run_sync(partial(_spent, self.file, request))


def _reserve(file: Path, call: Call, worst_usd: float, caps: Caps) -> str:
    reservation, now, worst = secrets.token_hex(12), time.time(), at_least(worst_usd)
    try:
        with transaction(file, SCHEMA) as rows:
            _demand(rows, "request = ?", call.request, worst, _request_cap(caps))
            _demand(rows, "at > ?", now - DAY_S, worst, _day_cap(caps))
            rows.execute(
                "INSERT INTO calls (id, request, host, model, stage, at, reserved) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (reservation, call.request, call.host, call.model, call.stage, now, worst),
            )
    except (sqlite3.Error, OSError, StoreUnsafe) as error:
        raise CallRefused(
            f"The money ledger {file} cannot be written ({error}), and nothing is paid without it.",
            fix="Make the file writable or remove it.",
        ) from error
    return reservation


@dataclass(frozen=True, slots=True)
class _Cap:
    limit: int
    period: str
    setting: str


def _request_cap(caps: Caps) -> _Cap:
    return _Cap(at_most(caps.per_request_usd), "for this request", "budget.per_request_usd")


def _day_cap(caps: Caps) -> _Cap:
    return _Cap(at_most(caps.per_day_usd), "in the last 24 hours", "budget.per_day_usd")


def _demand(rows: sqlite3.Connection, where: str, value: str | float, worst: int, cap: _Cap) -> None:
    (spent,) = rows.execute(_SPENT + where, (value,)).fetchone()
    if worst and spent + worst > cap.limit:
        raise CallRefused(
            f"This call may cost up to {_usd(worst)}; {_usd(spent)} of {_usd(cap.limit)} is already spent "
            f"{cap.period}.",
            fix=f"Raise `{cap.setting}` (now {_usd(cap.limit)}) to allow it.",
        )


def _settle(file: Path, reservation: str, cost_usd: float, usage: Usage) -> None:
    try:
        with transaction(file, SCHEMA) as rows:
            rows.execute(
                "UPDATE calls SET settled = ?, input_tokens = ?, cached_tokens = ?, output_tokens = ?, "
                "seconds = ? WHERE id = ?",
                (
                    at_least(cost_usd),
                    usage.input_tokens,
                    usage.cached_tokens,
                    usage.output_tokens,
                    usage.seconds,
                    reservation,
                ),
            )
    except (sqlite3.Error, OSError, StoreUnsafe):
        return


def _spent(file: Path, request: str | None) -> float:
    where, value = ("at > ?", time.time() - DAY_S) if request is None else ("request = ?", request)
    with transaction(file, SCHEMA) as rows:
        (spent,) = rows.execute(_SPENT + where, (value,)).fetchone()
    return spent / NANO


def _usd(nano: int) -> str:
    return f"${nano / NANO:.4f}"
