"""Plans and accepted solutions on disk, each workspace in its own partition.

The store may forget at any time and never raises: a damaged, locked, foreign or full store is an empty
one. Only plain JSON is ever read back.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import to_thread

from cope_lsp.cascade.problem import Candidate, Plan, Remembered, Role, Usage
from cope_lsp.storage.places import StoreUnsafe, private_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from diskcache import Cache

    from cope_lsp.cascade.ports import PlanStore

SCHEMA_VERSION = 2
KEEP_DAYS = 30
_LARGEST_ROW = 512 * 1024
_FILES = ("cache.db", "cache.db-wal", "cache.db-shm")

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PlanCache:
    """A folder of plans, the most it may hold, and how long a locked one is waited for."""

    folder: Path
    size_mb: int
    busy_s: float = 2.0


def workspace_plans(cache: PlanCache, root: Path) -> PlanStore:
    """The plans of one trusted workspace, by its real path."""
    return DiskPlans(cache, f"workspace {root.resolve()}")


def shared_plans(cache: PlanCache) -> PlanStore:
    """Plans that all of the user's trusted workspaces share."""
    return DiskPlans(cache, "shared")


async def clear_plans(cache: PlanCache) -> None:
    """Forget everything. Raises: OSError."""
    await to_thread.run_sync(partial(_clear, cache))


@dataclass(frozen=True, slots=True)
class NoPlans:
    """The store of an untrusted workspace: it neither reads nor writes."""

    async def get(self, key: str) -> Plan | None:
        """Nothing."""

    async def put(self, key: str, plan: Plan) -> None:
        """Nothing."""

    async def recall(self, key: str) -> Remembered | None:
        """Nothing."""

    async def remember(self, key: str, solution: Remembered) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class DiskPlans:
    """One partition of a plan cache; every access is a worker thread's."""

    cache: PlanCache
    partition: str
    version: int = SCHEMA_VERSION

    async def get(self, key: str) -> Plan | None:
        """The plan stored under `key`."""
        return await to_thread.run_sync(partial(_read, self, "plan", key, _plan))

    async def put(self, key: str, plan: Plan) -> None:
        """Keep a plan."""
        await to_thread.run_sync(partial(_write, self, "plan", key, asdict(plan)))

    async def recall(self, key: str) -> Remembered | None:
        """The accepted solution stored under `key`."""
        return await to_thread.run_sync(partial(_read, self, "solution", key, _remembered))

    async def remember(self, key: str, solution: Remembered) -> None:
        """Keep an accepted solution, without the drafts it repaired."""
        row = asdict(replace(solution.candidate, repairs=None)) | {"confidence": solution.confidence}
        await to_thread.run_sync(partial(_write, self, "solution", key, row))


def _read(store: DiskPlans, kind: str, key: str, read: Callable[[Any], _T]) -> _T | None:
    if not key:
        return None
    return _survive(store.cache, lambda cache: _row(cache.get(_name(store, kind, key)), read))


def _write(store: DiskPlans, kind: str, key: str, row: dict[str, Any]) -> None:
    if key:
        _survive(store.cache, lambda cache: _set(cache, _name(store, kind, key), row))


def _name(store: DiskPlans, kind: str, key: str) -> str:
    parts = (str(store.version), store.partition, kind, key)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _row(value: Any, read: Callable[[Any], _T]) -> _T | None:  # noqa: ANN401 -- JSON
    return None if value is None else read(value)


def _set(cache: Cache, name: str, row: dict[str, Any]) -> None:
    if sum(len(value) for value in row.values() if isinstance(value, str)) <= _LARGEST_ROW:
        cache.set(name, row, expire=KEEP_DAYS * 86400.0)


def _survive(cache: PlanCache, use: Callable[[Cache], _T]) -> _T | None:
    """Use the cache; whatever is wrong with it, it is as if it were empty."""
    import diskcache  # noqa: PLC0415 -- costs a server's start nothing until the first request

    try:
        with _open(cache) as opened:
            return use(opened)
    except StoreUnsafe as error:
        _log.warning("Plans are not kept: %s", error)
    except diskcache.Timeout:
        _log.info("The plan cache is busy; going on without it")
    except sqlite3.DatabaseError as error:
        _log.warning("The plan cache cannot be used: %s", error)
        if type(error) is sqlite3.DatabaseError:  # damaged, not merely locked or full
            _clear(cache)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        _log.warning("A row of the plan cache is not ours: %s", error)
    return None


def _open(cache: PlanCache) -> Cache:
    import diskcache  # noqa: PLC0415 -- see above

    from cope_lsp.storage.json_disk import JsonDisk  # noqa: PLC0415 -- see above

    private_folder(cache.folder)
    _demand_free(cache)
    return diskcache.Cache(
        str(cache.folder),
        timeout=cache.busy_s,
        disk=JsonDisk,
        size_limit=cache.size_mb * 2**20,
        cull_limit=10,
    )


def _demand_free(cache: PlanCache) -> None:
    """Raise where another process holds the file: diskcache would wait a minute for it while it opens."""
    with closing(
        sqlite3.connect(cache.folder / _FILES[0], timeout=cache.busy_s, isolation_level=None)
    ) as rows:
        rows.execute("BEGIN IMMEDIATE")
        rows.execute("ROLLBACK")


def _clear(cache: PlanCache) -> None:
    for name in _FILES:
        (cache.folder / name).unlink(missing_ok=True)


def _plan(row: Any) -> Plan:  # noqa: ANN401 -- JSON
    return Plan(
        text=_text(row["text"]),
        role=Role(row["role"]),
        model=_text(row["model"]),
        tests=tuple(_text(test) for test in row["tests"]),
        usage=Usage(**row["usage"]),
    )


def _remembered(row: Any) -> Remembered:  # noqa: ANN401 -- JSON
    return Remembered(_candidate(row), float(row["confidence"]))


def _candidate(row: Any) -> Candidate:  # noqa: ANN401 -- JSON
    return Candidate(
        text=_text(row["text"]),
        model=_text(row["model"]),
        stage=_text(row["stage"]),
        plan=None if row["plan"] is None else _plan(row["plan"]),
        logprob=None if row["logprob"] is None else float(row["logprob"]),
        truncated=bool(row["truncated"]),
        usage=Usage(**row["usage"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a field is not text")
    return value
