"""The driver: it alone writes records, and nothing of a step outlives it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cope_lsp.languages.running import Work
from cope_lsp.languages.toolchain.results import Result, results
from cope_lsp.languages.toolchain.steps import Recipe, Step, invocation
from cope_lsp.sandbox.job import Finished, Job, Limits, View
from cope_lsp.sandbox.run import run
from tests.sandbox.box import NAMESPACES, Place

KEY = "f00d"


def script(name: str, text: str, *, needs: str = "", timeout_s: float = 10.0) -> Step:
    """A step that runs a shell script."""
    return Step(name, ("/bin/sh", "-c", text), timeout_s, needs=needs)


async def taken(place: Place, *steps: Step) -> Finished:
    """The run of a recipe."""
    work = Work(path="", qualname="", lines=(0, 0), nonce=KEY, wall_s=30.0, build_s=0.0)
    made = invocation(Recipe(steps), work)
    job = Job(made.argv, View(place.project), made.readable, made.env, made.stdin, Limits(wall_s=40.0))
    return await run(job, NAMESPACES)


async def seen(place: Place, *steps: Step) -> dict[str, Result]:
    """What the driver saw of each step."""
    return dict(results((await taken(place, *steps)).records, KEY))


async def test_a_step_tells_its_end_and_its_words(place: Place) -> None:
    """Exit status and both streams; a signal is a negative status."""
    found = await seen(place, script("a", "echo out; echo err >&2; exit 3"), script("b", "kill -9 $$"))
    assert (found["a"].exit, found["a"].out, found["a"].err) == (3, "out\n", "err\n")
    assert found["b"].exit == -9


async def test_a_step_is_skipped_where_what_it_needs_failed(place: Place) -> None:
    """What was not built cannot be run."""
    found = await seen(place, script("a", "exit 1"), script("b", "true", needs="a"), script("c", "true"))
    assert set(found) == {"a", "c"}


async def test_a_step_is_skipped_where_another_one_settled_it(place: Place) -> None:
    """What that one says must match, and its end agree."""
    good = replace(script("a", "echo 3 of 3"), settles="3 of")
    bad = replace(script("b", "echo 3 of 3; exit 1"), settles="3 of")
    silent = replace(script("c", "echo 2 of 3"), settles="3 of")
    after = [replace(script(f"after {each}", "true"), unless=each) for each in "abc"]
    assert set(await seen(place, good, bad, silent, *after)) == {"a", "b", "c", "after b", "after c"}


async def test_time_runs_out_for_a_step_and_for_what_it_started(place: Place) -> None:
    """A step that hangs is ended with its children; the next one runs."""
    hangs = script("a", "(setsid sleep 60 &) ; sleep 60", timeout_s=0.5)
    found = await seen(place, hangs, script("b", "ps -e -o args= | grep -c '[s]leep 60'; true"))
    assert found["a"].timed_out
    assert found["b"].out == "0\n"


async def test_what_a_step_leaves_behind_is_ended(place: Place) -> None:
    """Also in a session of its own, with its streams closed."""
    leaves = script("a", "setsid sh -c 'sleep 60' >/dev/null 2>&1 </dev/null &")
    found = await seen(place, leaves, script("b", "ps -e -o args= | grep -c '[s]leep 60'; true"))
    assert found["b"].out == "0\n"


@pytest.mark.parametrize(
    "attempt",
    [
        "echo forged >&3",
        "for each in /proc/[0-9]*/fd/3; do echo forged >$each; done",
        "exec 3>/proc/$PPID/fd/3; echo forged >&3",
        "cat /proc/$PPID/environ /proc/$PPID/mem /proc/$PPID/maps",
    ],
)
async def test_a_step_cannot_reach_the_records_nor_the_key(place: Place, attempt: str) -> None:
    """Neither by a descriptor of its own, nor by the driver's, nor in its memory."""
    finished = await taken(place, script("a", f"({attempt}) 2>/dev/null; true"))
    assert b"forged" not in finished.records
    found = results(finished.records, KEY)
    assert KEY not in found["a"].said
    assert set(found) == {"a"}


async def test_a_forged_record_does_not_count(place: Place) -> None:
    """Without the key nothing is authentic, and the first record of a step is the one that counts."""
    finished = await taken(place, script("a", "exit 1"))
    forged = b"0" * 64 + b' {"id": "b", "exit": 0, "out": "", "err": "", "timed_out": false, "seconds": 0}\n'
    twice = finished.records + forged + finished.records
    assert set(results(twice, KEY)) == {"a"}
    assert results(twice, "other") == {}


async def test_a_flood_is_cut(place: Place) -> None:
    """The first and the last of it come back, and the run goes on."""
    flood = script("a", "echo begun; head -c 20000000 /dev/zero | tr '\\0' x; echo ended")
    found = await seen(place, flood, script("b", "true"))
    assert found["a"].out.startswith("begun")
    assert found["a"].out.endswith("ended\n")
    assert len(found["a"].out) < 10_000
    assert found["b"].exit == 0


async def test_folders_are_filled_in(place: Place) -> None:
    """`{scratch}` and `{cache}` are places that can be written, in words, folders and environment."""
    step = replace(script("a", "echo x >$PLACE/a && cat {scratch}/a && pwd"), env={"PLACE": "{scratch}"})
    found = await seen(place, replace(step, folder="{scratch}"), script("b", "echo y >{cache}/b"))
    assert found["a"].out.startswith("x\n")
    assert found["b"].exit == 0


async def test_a_program_that_is_not_there_is_said(place: Place) -> None:
    """Status 127 and the system's words."""
    found = await seen(place, Step("a", ("/nowhere/tool",), 5.0))
    assert (found["a"].exit, "No such file" in found["a"].err) == (127, True)
