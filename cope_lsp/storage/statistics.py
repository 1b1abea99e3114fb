"""What became of requests, and the sums that `cope-lsp stats` shows. No code, no path, no text is kept."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from anyio import to_thread

from cope_lsp.storage.database import transaction
from cope_lsp.storage.ledger import SCHEMA
from cope_lsp.storage.money import NANO
from cope_lsp.storage.places import StoreUnsafe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cope_lsp.storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request as it ended: which stage answered, how (`accepted`, `unverified`, …), in how many seconds.

    `delivery` is what the front end did with it (`applied`, `proposed`, …); empty until it is known.
    """

    id: str
    kind: str
    language: str
    ending: str
    stage: str
    seconds: float
    samples: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_plan: bool = False
    cached_solution: bool = False
    delivery: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One calendar day of the user's; `by_stage` counts the requests that a stage answered."""

    date: str
    requests: int
    usd: float
    by_stage: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Sums over a period. Counts by name are sorted by size; `days` run from the oldest."""

    requests: int
    usd: float
    calls: int
    seconds_median: float
    by_stage: Mapping[str, int]
    by_ending: Mapping[str, int]
    by_delivery: Mapping[str, int]
    by_model_usd: Mapping[str, float]
    cached_plans: int
    cached_solutions: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    days: tuple[Day, ...]


async def record(ledger: Ledger, request: RequestRecord) -> None:
    """Keep how a request ended. Never raises: a number less in the statistics is no reason to fail."""
    await to_thread.run_sync(partial(_record, ledger, request))


async def delivered(ledger: Ledger, request: str, delivery: str) -> None:
    """Keep what the front end did with a recorded request. Never raises."""
    await to_thread.run_sync(partial(_delivered, ledger, request, delivery))


async def statistics(ledger: Ledger, days: int = 30) -> Statistics:
    """Sums over the last `days`. Raises: sqlite3.Error, OSError, StoreUnsafe."""
    return await to_thread.run_sync(partial(_statistics, ledger, days))


def _record(ledger: Ledger, request: RequestRecord) -> None:
    row = (
        request.id,
        time.time(),
        request.kind,
        request.language,
        request.ending,
        request.stage,
        request.seconds,
        request.samples,
        request.input_tokens,
        request.output_tokens,
        request.cached_plan,
        request.cached_solution,
        request.delivery,
    )
    marks = ", ".join("?" * len(row))
    with suppress(sqlite3.Error, OSError, StoreUnsafe), transaction(ledger.file, SCHEMA) as rows:
        rows.execute(f"INSERT OR REPLACE INTO requests VALUES ({marks})", row)  # noqa: S608 -- only marks


def _delivered(ledger: Ledger, request: str, delivery: str) -> None:
    with suppress(sqlite3.Error, OSError, StoreUnsafe), transaction(ledger.file, SCHEMA) as rows:
        rows.execute("UPDATE requests SET delivery = ? WHERE id = ?", (delivery, request))


def _statistics(ledger: Ledger, days: int) -> Statistics:
    since = time.time() - days * 86400
    with transaction(ledger.file, SCHEMA) as rows:
        (requests, plans, solutions) = rows.execute(
            "SELECT COUNT(*), COALESCE(SUM(cached_plan), 0), COALESCE(SUM(cached_solution), 0) "
            "FROM requests WHERE at > ?",
            (since,),
        ).fetchone()
        (calls, nano, given, cached, written) = rows.execute(
            "SELECT COUNT(*), COALESCE(SUM(COALESCE(settled, reserved)), 0), COALESCE(SUM(input_tokens), 0), "
            "COALESCE(SUM(cached_tokens), 0), COALESCE(SUM(output_tokens), 0) FROM calls WHERE at > ?",
            (since,),
        ).fetchone()
        return Statistics(
            requests=requests,
            usd=nano / NANO,
            calls=calls,
            seconds_median=_median(rows, since),
            by_stage=_counts(rows, "stage", since),
            by_ending=_counts(rows, "ending", since),
            by_delivery=_counts(rows, "delivery", since),
            by_model_usd=_by_model(rows, since),
            cached_plans=plans,
            cached_solutions=solutions,
            input_tokens=given,
            cached_tokens=cached,
            output_tokens=written,
            days=_days(rows, since),
        )


def _median(rows: sqlite3.Connection, since: float) -> float:
    seconds = [
        row[0] for row in rows.execute("SELECT seconds FROM requests WHERE at > ? ORDER BY 1", (since,))
    ]
    return seconds[len(seconds) // 2] if seconds else 0.0


def _counts(rows: sqlite3.Connection, column: str, since: float) -> dict[str, int]:
    query = f"SELECT {column}, COUNT(*) FROM requests WHERE at > ? GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608 -- our names
    return {name: count for name, count in rows.execute(query, (since,)) if name}


def _by_model(rows: sqlite3.Connection, since: float) -> dict[str, float]:
    query = (
        "SELECT model || ' at ' || host, SUM(COALESCE(settled, reserved)) FROM calls "
        "WHERE at > ? GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return {name: nano / NANO for name, nano in rows.execute(query, (since,))}


def _days(rows: sqlite3.Connection, since: float) -> tuple[Day, ...]:
    query = (
        "SELECT day, SUM(requests), SUM(nano) FROM ("
        "SELECT date(at, 'unixepoch', 'localtime') AS day, 1 AS requests, 0 AS nano "
        "FROM requests WHERE at > ? "
        "UNION ALL "
        "SELECT date(at, 'unixepoch', 'localtime'), 0, COALESCE(settled, reserved) FROM calls WHERE at > ?"
        ") GROUP BY day ORDER BY day"
    )
    stages = _stages_of_days(rows, since)
    return tuple(
        Day(date, count, nano / NANO, stages.get(date, {}))
        for date, count, nano in rows.execute(query, (since, since))
    )


def _stages_of_days(rows: sqlite3.Connection, since: float) -> dict[str, dict[str, int]]:
    query = (
        "SELECT date(at, 'unixepoch', 'localtime'), stage, COUNT(*) FROM requests "
        "WHERE at > ? AND stage != '' GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"
    )
    found: dict[str, dict[str, int]] = {}
    for date, stage, count in rows.execute(query, (since,)):
        found.setdefault(date, {})[stage] = count
    return found
