"""Builds kept between runs: only a run that may adds to them, and no other run can change them."""

from __future__ import annotations

import os
from dataclasses import replace

import anyio
import pytest

from cope_lsp.sandbox import caches
from cope_lsp.sandbox.caches import Cache, Keeping
from cope_lsp.sandbox.isolation import Projection
from cope_lsp.sandbox.job import Ending, Limits, View
from cope_lsp.sandbox.run import run
from tests.sandbox.box import NAMESPACES, Place, shell

COPY = replace(NAMESPACES, projection=Projection.COPY)


@pytest.fixture
def kept(place: Place) -> Cache:
    """A cache that a run may add to."""
    return Cache(place.home / "builds", Keeping.ALL)


async def said(place: Place, script: str, cache: Cache) -> str:
    """What a script says that runs with a cache."""
    finished = await run(replace(shell(script, View(place.project)), cache=cache), NAMESPACES)
    return finished.stdout.decode()


def only_seen(cache: Cache) -> Cache:
    """The same cache for a run that may not add to it."""
    return replace(cache, keeping=Keeping.NOTHING)


async def test_what_a_keeping_run_builds_is_there_for_all(place: Place, kept: Cache) -> None:
    """In `$COPE_CACHE`, for runs that keep and for runs that do not."""
    assert await said(place, "echo built >$COPE_CACHE/a; mkdir $COPE_CACHE/d", kept) == ""
    assert await said(place, "cat $COPE_CACHE/a; ls $COPE_CACHE", only_seen(kept)) == "built\na\nd\n"
    assert await said(place, "cat $COPE_CACHE/a", kept) == "built\n"


async def test_a_run_with_a_models_code_keeps_nothing(place: Place, kept: Cache) -> None:
    """It may change and remove what it likes, for itself."""
    await said(place, "echo built >$COPE_CACHE/a", kept)
    script = "echo poison >$COPE_CACHE/a; echo more >$COPE_CACHE/b; cat $COPE_CACHE/a"
    assert await said(place, script, only_seen(kept)) == "poison\n"
    assert await said(place, "rm $COPE_CACHE/a; ls $COPE_CACHE", only_seen(kept)) == ""
    assert await said(place, "cat $COPE_CACHE/*", only_seen(kept)) == "built\n"


async def test_an_empty_cache_can_be_written(place: Place, kept: Cache) -> None:
    """The first run of all may be one that keeps nothing."""
    assert await said(place, "echo x >$COPE_CACHE/a; cat $COPE_CACHE/a", only_seen(kept)) == "x\n"
    assert await said(place, "ls $COPE_CACHE", only_seen(kept)) == ""


async def test_later_layers_lie_over_earlier_ones(place: Place, kept: Cache) -> None:
    """What was changed or removed by a keeping run stays so."""
    await said(place, "echo 1 >$COPE_CACHE/a; echo 1 >$COPE_CACHE/b", kept)
    await said(place, "echo 2 >$COPE_CACHE/a; rm $COPE_CACHE/b", kept)
    assert await said(place, "cat $COPE_CACHE/a; ls $COPE_CACHE", only_seen(kept)) == "2\na\n"


async def test_a_cancelled_build_is_not_kept(place: Place, kept: Cache) -> None:
    """Half a build would be taken for a whole one."""
    script = "echo half >$COPE_CACHE/a; exec sleep 60"
    with anyio.move_on_after(1.0):
        await said(place, script, kept)
    assert await said(place, "ls $COPE_CACHE", only_seen(kept)) == ""
    assert [path.name for path in (place.home / "builds").rglob("new-*")] == []


async def test_half_a_build_is_kept_where_its_tool_checks_what_it_finds(place: Place, kept: Cache) -> None:
    """A deadline that is too short for it does not begin it anew each time."""
    with anyio.move_on_after(1.0):
        await said(place, "echo half >$COPE_CACHE/a; exec sleep 60", replace(kept, keeping=Keeping.HALF))
    assert await said(place, "cat $COPE_CACHE/a", only_seen(kept)) == "half\n"
    assert [path.name for path in (place.home / "builds").rglob("new-*")] == []


async def test_two_runs_do_not_keep_at_once(place: Place, kept: Cache) -> None:
    """The second sees what there is and keeps nothing."""
    with caches.opened(kept) as first:
        assert first.above is not None
        await said(place, "echo second >$COPE_CACHE/b", kept)
        (first.above / "a").write_text("first\n")
    assert await said(place, "cat $COPE_CACHE/*", only_seen(kept)) == "first\n"


async def test_too_many_layers_make_a_new_generation(
    place: Place, kept: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins empty; runs that use the old one at that moment are not disturbed."""
    monkeypatch.setattr(caches, "MOST_LAYERS", 2)
    for number in range(2):
        await said(place, f"echo {number} >$COPE_CACHE/{number}", kept)
    assert await said(place, "ls $COPE_CACHE", only_seen(kept)) == "0\n1\n"
    await said(place, "echo 2 >$COPE_CACHE/2", kept)
    assert await said(place, "ls $COPE_CACHE", only_seen(kept)) == "2\n"


async def test_where_no_overlay_is_there_is_no_cache(place: Place, kept: Cache) -> None:
    """A copy has none: programs build in a folder of the run."""
    job = replace(shell("test -d $COPE_CACHE && echo there", View(place.project)), cache=kept)
    assert (await run(job, COPY)).stdout == b""


async def test_what_fills_memory_there_is_counted(place: Place, kept: Cache) -> None:
    """What a run lays over a cache is held in memory, and bounded as the rest is."""
    await said(place, "echo built >$COPE_CACHE/a", kept)
    script = "head -c 200M /dev/zero >$COPE_CACHE/big; sleep 5"
    job = replace(shell(script, View(place.project)), cache=only_seen(kept))
    bounded = replace(job, limits=Limits(memory_mb=64, file_mb=512))
    finished = await run(bounded, NAMESPACES)
    assert finished.ending is Ending.KILLED
    assert "memory" in finished.reason


async def test_what_lies_below_is_seen_and_never_added_to(place: Place, kept: Cache) -> None:
    """Another cache's builds serve every run; what a keeping run writes over them is its own cache's."""
    await said(place, "echo library >$COPE_CACHE/a; echo common >$COPE_CACHE/b", kept)
    above = Cache(place.home / "above", Keeping.ALL, below=kept.folder)
    assert await said(place, "cat $COPE_CACHE/a; echo mine >$COPE_CACHE/a", above) == "library\n"
    assert await said(place, "cat $COPE_CACHE/a $COPE_CACHE/b", only_seen(above)) == "mine\ncommon\n"
    assert await said(place, "cat $COPE_CACHE/a", only_seen(kept)) == "library\n"


async def test_builds_that_are_not_used_go(place: Place) -> None:
    """Those of a project that is gone; what a run used today or uses now, or lies below it, stays."""
    builds = place.home / "builds"
    old, below = (Cache(builds / name, Keeping.ALL) for name in ("old", "below"))
    for cache in (old, below):
        await said(place, "echo built >$COPE_CACHE/a", cache)
        os.utime(cache.folder, (0, 0))
    used = Cache(builds / "used", below=below.folder)
    (builds / "other").mkdir()
    assert await said(place, "cat $COPE_CACHE/a", used) == "built\n"
    caches.sweep(builds)
    assert {path.name for path in builds.iterdir()} == {"below", "other", "used"}
    with caches.opened(used):
        caches.sweep(builds, older_than_s=0)
    assert await said(place, "cat $COPE_CACHE/a", used) == "built\n"
    caches.sweep(builds, older_than_s=0)
    assert [path.name for path in builds.iterdir()] == ["other"]
