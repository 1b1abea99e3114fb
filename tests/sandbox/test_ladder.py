"""The ladder: which rungs there are, what the probe finds wrong with one, and what a person is told."""

from __future__ import annotations

import platform
from dataclasses import replace
from typing import TYPE_CHECKING

import anyio
import pytest

from cope_lsp.sandbox.isolation import EVERY, UNISOLATED, Isolation, Kind, Projection, Protection
from cope_lsp.sandbox.job import CannotIsolate, Job, View
from cope_lsp.sandbox.ladder import attack, bubblewraps, probe, strongest
from cope_lsp.sandbox.remedy import Host, remedy
from cope_lsp.sandbox.run import capacity, run, run_exactly
from cope_lsp.sandbox.seatbelt import profile
from tests.sandbox.box import NAMESPACES, shell

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.box import Place


@pytest.mark.parametrize("program", bubblewraps(), ids=str)
@pytest.mark.parametrize("projection", list(Projection))
async def test_each_rung_holds_or_says_why(program: Path, projection: Projection) -> None:
    """Forced one by one, a rung withstands the probe's attack, or its set-up fails with a reason."""
    found = await attack(Isolation(Kind.NAMESPACES, str(program), projection))
    assert not found or found.startswith("The sandbox did not start: "), found


@pytest.mark.parametrize("protection", [Protection.NETWORK, Protection.ALLOW_LIST])
async def test_the_probe_notices_what_does_not_hold(protection: Protection) -> None:
    """The probe's attack comes through once a protection is gone, so it can fail."""
    careless = replace(NAMESPACES, protections=EVERY - {protection, Protection.PRIVATE_TMP})
    assert await attack(careless)


async def test_the_probe_notices_that_nothing_holds() -> None:
    """Without isolation the attack reads and writes what lies outside."""
    found = await attack(UNISOLATED)
    assert "outside" in found
    assert "wrote new on the host" in found


async def test_every_rung_is_told_once_and_in_order() -> None:
    """Overlays come before copies, `none` last; each rung says what holds, or why not and the fix."""
    rungs = await probe()
    assert rungs == await probe()
    assert rungs[-1].name == Kind.NONE
    assert all(rung.detail for rung in rungs)
    available = [rung.name for rung in rungs if rung.available]
    assert "overlay" in available[0]


async def test_the_strongest_rung_is_namespaces_here() -> None:
    """On a machine that can run these tests, namespaces with an overlay hold."""
    isolation = await strongest()
    assert (isolation.kind, isolation.projection) == (Kind.NAMESPACES, Projection.OVERLAY)
    assert isolation.protections == EVERY


async def test_a_broken_bubblewrap_is_an_error_with_a_fix(place: Place, tmp_path: Path) -> None:
    """What bubblewrap said is in the message, and it is not taken for the program's own end."""
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(CannotIsolate, match=r"No permissions to create new namespace.*doctor"):
        await run(shell("true", View(place.project)), Isolation(Kind.NAMESPACES, str(broken)))


async def test_an_overlay_that_fails_becomes_a_copy(place: Place, tmp_path: Path) -> None:
    """Where overlays cannot be mounted, the same isolation runs over a copy; never without isolation."""
    (place.project / "a.py").write_text("kept")
    without_overlay = tmp_path / "bwrap"
    without_overlay.write_text(
        '#!/bin/sh\ncase "$*" in *--tmp-overlay*) echo "bwrap: no overlay mount" >&2; exit 1;; esac\n'
        f'exec {NAMESPACES.program} "$@"\n'
    )
    without_overlay.chmod(0o755)
    isolation = replace(NAMESPACES, program=str(without_overlay))
    job = shell("cat a.py; ls /proc | grep -c '^[0-9]'", View(place.project))
    finished = await run(job, isolation)
    assert finished.stdout.decode().startswith("kept")
    with pytest.raises(CannotIsolate):
        await run_exactly(job, isolation)


@pytest.mark.parametrize(
    ("host", "said", "named"),
    [
        (Host("Linux", apparmor=True), "setting up uid map: Permission denied", "apparmor_parser"),
        (Host("Linux", in_container=True), "No permissions", "systempaths=unconfined"),
        (Host("Linux", limit=0), "No space left on device", "user.max_user_namespaces"),
        (Host("Linux", switched_off=True), "Operation not permitted", "unprivileged_userns_clone=1"),
        (Host("Linux"), "Unknown option --overlay-src", "0.11"),
        (Host("Linux"), "not found", "Install bubblewrap"),
        (Host("Windows"), "", "WSL 2"),
    ],
)
def test_the_fix_fits_the_machine(host: Host, said: str, named: str) -> None:
    """Ubuntu's AppArmor, containers, switched-off namespaces and Windows each have their own remedy."""
    assert named in remedy(host, said)


async def test_jobs_run_at_the_same_time(place: Place) -> None:
    """Eight jobs at once keep apart, and the limiter is bound to the cores."""
    results: dict[int, bytes] = {}
    limiter = capacity()

    async def one(number: int) -> None:
        script = f"echo {number} >mine; echo {number} >/tmp/mine; sleep 0.05; cat mine /tmp/mine"
        async with limiter:
            results[number] = (await run(shell(script, View(place.project)), NAMESPACES)).stdout

    async with anyio.create_task_group() as group:
        for number in range(8):
            group.start_soon(one, number)
    assert results == {number: f"{number}\n{number}\n".encode() for number in range(8)}


def test_the_seatbelt_profile_denies_by_default(tmp_path: Path) -> None:
    """The macOS profile opens only what it names, and quotes hostile names."""
    hostile = tmp_path / 'a") (allow network*) ("'
    text = profile(tmp_path / "work", (hostile,))
    assert text.startswith("(version 1)\n(deny default)\n")
    assert "network" not in text.replace(str(hostile).replace('"', '\\"'), "")
    assert text.count("file-write*") == 1


@pytest.mark.parametrize("kind", [Kind.LANDLOCK])
async def test_a_rung_that_is_not_built_refuses(place: Place, kind: Kind) -> None:
    """A rung that does not exist is an error, never a weaker run."""
    with pytest.raises(CannotIsolate):
        await run(Job(("true",), View(place.project)), Isolation(kind))


def test_these_tests_run_where_namespaces_exist() -> None:
    """The sandbox ring needs Linux with user namespaces, so that it cannot pass by skipping."""
    assert platform.system() == "Linux"
    assert bubblewraps()
