"""Plans on disk: found again, kept apart, and never unpickled."""

from __future__ import annotations

import os
import pickle
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
import pytest

from cope_lsp.cascade.problem import Candidate, Plan, Remembered, Role, Usage
from cope_lsp.storage.json_disk import ForeignRow, JsonDisk
from cope_lsp.storage.plan_store import (
    SCHEMA_VERSION,
    DiskPlans,
    NoPlans,
    PlanCache,
    clear_plans,
    shared_plans,
    workspace_plans,
)

PLAN = Plan("do it ü\n", Role.GUIDELINE, "large", ("assert f(1) == 2",), Usage(1, 0, 2, 0.5, 0.01, 1))
DRAFT = Candidate("draft", "small")
SOLUTION = Candidate("code", "small", "local", PLAN, DRAFT, -0.25, usage=Usage(calls=1, cost_usd=None))


@pytest.fixture
def cache(tmp_path: Path) -> PlanCache:
    """A fresh cache."""
    return PlanCache(tmp_path / "plans", 16)


def database(cache: PlanCache) -> sqlite3.Connection:
    """The cache's file as an attacker sees it."""
    return sqlite3.connect(cache.folder / "cache.db", isolation_level=None)


async def test_a_plan_is_found_again(cache: PlanCache, tmp_path: Path) -> None:
    """By another store over the same folder, whole."""
    await workspace_plans(cache, tmp_path).put("key", PLAN)
    assert await workspace_plans(cache, tmp_path).get("key") == PLAN
    assert await workspace_plans(cache, tmp_path).get("other") is None


async def test_a_solution_is_found_again_without_its_drafts(cache: PlanCache, tmp_path: Path) -> None:
    """What it repaired has no use later."""
    store = workspace_plans(cache, tmp_path)
    await store.remember("key", Remembered(SOLUTION, 0.97))
    found = await store.recall("key")
    assert found == Remembered(replace(SOLUTION, repairs=None), 0.97)


async def test_a_plan_is_no_solution(cache: PlanCache, tmp_path: Path) -> None:
    """Both may stand under one key."""
    store = workspace_plans(cache, tmp_path)
    await store.put("key", PLAN)
    assert await store.recall("key") is None


async def test_workspaces_do_not_see_each_other(cache: PlanCache, tmp_path: Path) -> None:
    """The partition is the real path, so a link to a workspace is that workspace."""
    (tmp_path / "one").mkdir()
    (tmp_path / "link").symlink_to("one")
    await workspace_plans(cache, tmp_path / "one").put("key", PLAN)
    assert await workspace_plans(cache, tmp_path / "two").get("key") is None
    assert await shared_plans(cache).get("key") is None
    assert await workspace_plans(cache, tmp_path / "link").get("key") == PLAN


async def test_an_untrusted_workspace_neither_reads_nor_writes() -> None:
    """Its store holds nothing."""
    store = NoPlans()
    await store.put("key", PLAN)
    await store.remember("key", Remembered(SOLUTION, 0.97))
    assert (await store.get("key"), await store.recall("key")) == (None, None)


async def test_an_empty_key_stores_nothing(cache: PlanCache, tmp_path: Path) -> None:
    """It stands for a question that must not be stored."""
    store = workspace_plans(cache, tmp_path)
    await store.put("", PLAN)
    assert await store.get("") is None
    assert not cache.folder.exists()


async def test_a_plan_expires(cache: PlanCache, tmp_path: Path) -> None:
    """After 30 days."""
    store = workspace_plans(cache, tmp_path)
    await store.put("key", PLAN)
    with database(cache) as rows:
        ((days,),) = rows.execute("SELECT (expire_time - store_time) / 86400 FROM Cache").fetchall()
        rows.execute("UPDATE Cache SET expire_time = expire_time - 31 * 86400")
    rows.close()
    assert days == pytest.approx(30)
    assert await store.get("key") is None


async def test_the_cache_stays_within_its_size(tmp_path: Path) -> None:
    """Old plans give way; new ones are found."""
    cache = PlanCache(tmp_path / "plans", 1)
    store = workspace_plans(cache, tmp_path)
    for number in range(60):
        await store.put(str(number), Plan("x" * 50_000, Role.GOAL, "m"))
    assert sum(file.stat().st_size for file in cache.folder.rglob("*") if file.name == "cache.db") < 2 * 2**20
    assert await store.get("59") is not None
    assert await store.get("0") is None


async def test_an_oversized_plan_is_not_kept(cache: PlanCache, tmp_path: Path) -> None:
    """It would push everything else out."""
    store = workspace_plans(cache, tmp_path)
    await store.put("key", Plan("x" * 600_000, Role.GOAL, "m"))
    assert await store.get("key") is None


@dataclass(frozen=True)
class Bomb:
    """Executes code when it is unpickled."""

    mark: Path

    def __reduce__(self) -> tuple[object, ...]:
        """Make a file."""
        return (Path.touch, (self.mark,))


@pytest.mark.parametrize("mode", [2, 3, 4])
async def test_a_tampered_value_is_never_unpickled_nor_read_from_a_file(
    cache: PlanCache, tmp_path: Path, mode: int
) -> None:
    """CVE-2025-69872: a row in pickle mode executes code in diskcache, its JSONDisk included."""
    store, mark, bomb = workspace_plans(cache, tmp_path), tmp_path / "mark", tmp_path / "bomb"
    bomb.write_bytes(pickle.dumps(Bomb(mark)))
    await store.put("key", PLAN)
    for value, file in ((bomb.read_bytes(), None), (None, "../bomb")):
        with database(cache) as rows:
            rows.execute("UPDATE Cache SET mode = ?, value = ?, filename = ?", (mode, value, file))
        rows.close()
        assert await store.get("key") is None
    assert not mark.exists()


async def test_the_bomb_would_go_off_in_plain_diskcache(tmp_path: Path) -> None:
    """So that the test above tests something."""
    mark = tmp_path / "mark"
    pickle.loads(pickle.dumps(Bomb(mark)))  # noqa: S301 -- ours
    assert mark.exists()


def test_a_pickled_key_is_refused(tmp_path: Path) -> None:
    """`get` is the second place where diskcache unpickles: on iteration and eviction."""
    mark = tmp_path / "mark"
    disk = JsonDisk(str(tmp_path))
    with pytest.raises(ForeignRow):
        disk.get(pickle.dumps(Bomb(mark)), raw=False)
    with pytest.raises(ForeignRow):
        disk.get(b"bytes", raw=True)
    assert not mark.exists()


def test_only_plain_text_rows_are_fetched(tmp_path: Path) -> None:
    """Whatever else a row asks for is refused before it is looked at."""
    disk = JsonDisk(str(tmp_path))
    rows = [
        (4, None, b"x", False),
        (1, "../x", "1", False),
        (1, None, "1", True),
        (1, None, b"1", False),
        (3, "x", None, False),
    ]
    for mode, filename, value, read in rows:
        with pytest.raises(ForeignRow):
            disk.fetch(mode, filename, value, read)
    assert disk.fetch(1, None, "[1]", read=False) == [1]


async def test_a_file_that_a_row_names_is_not_removed(cache: PlanCache, tmp_path: Path) -> None:
    """Diskcache removes a replaced or expired row's file, by whatever path stands there."""
    store, victim = workspace_plans(cache, tmp_path), tmp_path / "victim"
    victim.touch()
    await store.put("key", PLAN)
    with database(cache) as rows:
        rows.execute("UPDATE Cache SET filename = '../victim', mode = 3")
    rows.close()
    await store.put("key", PLAN)
    assert victim.exists()


@pytest.mark.parametrize(
    "value",
    [
        "not json",
        "[]",
        "3",
        "null",
        '{"text": 3}',
        '{"text": "x", "role": "boss", "model": "m", "tests": [], "usage": {}}',
        '{"text": "x", "role": "goal", "model": "m", "tests": [1], "usage": {}}',
        '{"text": "x", "role": "goal", "model": "m", "tests": [], "usage": {"surprise": 1}}',
        '{"text": "x", "role": "goal", "model": "m", "tests": null, "usage": {}}',
    ],
)
async def test_a_row_that_is_not_ours_is_no_plan(cache: PlanCache, tmp_path: Path, value: str) -> None:
    """It is as if nothing were stored, and the next plan replaces it."""
    store = workspace_plans(cache, tmp_path)
    await store.put("key", PLAN)
    with database(cache) as rows:
        rows.execute("UPDATE Cache SET value = ?", (value,))
    rows.close()
    assert await store.get("key") is None
    await store.put("key", PLAN)
    assert await store.get("key") == PLAN


async def test_a_damaged_database_is_begun_anew(cache: PlanCache, tmp_path: Path) -> None:
    """The first access forgets, the next one works; other files in the folder stay."""
    store = workspace_plans(cache, tmp_path)
    await store.put("key", PLAN)
    (cache.folder / "note").touch()
    (cache.folder / "cache.db").write_bytes(b"garbage " * 1000)
    assert await store.get("key") is None
    await store.put("key", PLAN)
    assert await store.get("key") == PLAN
    assert (cache.folder / "note").exists()


async def test_a_locked_database_is_given_up(cache: PlanCache, tmp_path: Path) -> None:
    """A plan less is better than waiting for another server."""
    store = workspace_plans(replace(cache, busy_s=0.05), tmp_path)
    await store.put("key", PLAN)
    other = database(cache)
    other.execute("BEGIN IMMEDIATE")
    began = anyio.current_time()
    await store.put("other", PLAN)
    assert anyio.current_time() - began < 2
    other.execute("ROLLBACK")
    other.close()
    assert await store.get("other") is None
    assert await store.get("key") == PLAN


async def test_a_folder_open_to_others_holds_no_plans(cache: PlanCache, tmp_path: Path) -> None:
    """Nothing is written there and nothing believed."""
    store = workspace_plans(cache, tmp_path)
    await store.put("key", PLAN)
    cache.folder.chmod(0o755)
    assert await store.get("key") is None
    cache.folder.chmod(0o700)
    assert await store.get("key") == PLAN


async def test_a_folder_that_cannot_be_made_holds_no_plans(tmp_path: Path) -> None:
    """A full or read-only disk is no reason to fail."""
    (tmp_path / "file").touch()
    store = workspace_plans(PlanCache(tmp_path / "file" / "plans", 1), tmp_path)
    await store.put("key", PLAN)
    assert await store.get("key") is None


async def test_another_versions_rows_are_not_seen(cache: PlanCache) -> None:
    """The version is part of every key."""
    await DiskPlans(cache, "one").put("key", PLAN)
    assert await DiskPlans(cache, "one", version=SCHEMA_VERSION + 1).get("key") is None
    assert await DiskPlans(cache, "one").get("key") == PLAN


async def test_clearing_forgets_everything_and_keeps_the_folder(cache: PlanCache, tmp_path: Path) -> None:
    """`cope-lsp cache clear`, also when there is nothing, and while a store is in use."""
    store = workspace_plans(cache, tmp_path)
    await clear_plans(cache)
    await store.put("key", PLAN)
    await clear_plans(cache)
    assert await store.get("key") is None
    await store.put("key", PLAN)
    assert await store.get("key") == PLAN
    assert os.listdir(cache.folder)  # noqa: PTH208 -- any name will do
