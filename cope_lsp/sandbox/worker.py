"""Starts a warm worker: warden and zygote in a bubblewrap of their own, with a channel to the warden."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from cope_lsp.sandbox import cgroup, mounts, namespaces, seccomp
from cope_lsp.sandbox.child import JOIN, kill, to_its_end
from cope_lsp.sandbox.inside import wire
from cope_lsp.sandbox.job import Job, SetUpFailed, View
from cope_lsp.sandbox.prepare import base_environment, private_folder

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from anyio.abc import Process

    from cope_lsp.sandbox.isolation import Isolation
    from cope_lsp.sandbox.job import Warm

INSIDE = Path(__file__).parent / "inside"

_STARTS_WITHIN_S = 30.0
_MOST_JOBS = 2000
# bubblewrap outside and inside, the warden, the zygote.
_OURS = 4
_STAGE = namespaces.Stage(wire.PROJECT, wire.LAYERS, wire.UPPER)
_CHANNEL = 3
"""Where the zygote finds its end of the channel; the warden puts it there."""


@dataclass(slots=True)
class Worker:
    """A warm worker: its channel, the folder of its jobs' layers, and what tells that it has grown old.

    `modules` are the names it was to import, `loaded` what it imported for them; `stamps` the state of the
    folders that it found them in. `covered` is what of its view each job's own scratch would hide.
    """

    process: Process
    channel: socket.socket
    folder: Path
    group: Path | None
    modules: frozenset[str]
    covered: mounts.Readable
    loaded: frozenset[str] = frozenset()
    stamps: dict[str, int] = field(default_factory=dict[str, int])
    handle: int = -1
    zygote: int = 0
    memory_kb: int = 0
    jobs: int = 0
    running: int = 0
    proved: bool = False
    retired: bool = False
    used: float = field(default_factory=time.monotonic)

    @property
    def layers(self) -> Path:
        """Where each job's layer lies, by the job's number."""
        return self.folder / "layers"


async def start(job: Job, warm: Warm, isolation: Isolation) -> Worker:
    """Start a worker for jobs like this one; raises CannotIsolate where none can hold them."""
    try:
        return await _started(job, warm, isolation)
    except _Unfit:
        # What starts a thread or meets the project's own names is left to the jobs that want it.
        worker = await _started(job, replace(warm, modules=()), isolation)
        worker.modules = frozenset(warm.modules)
        return worker


def is_old(worker: Worker, warm: Warm) -> bool:
    """Whether a worker must be replaced: gone, worn, grown, or what it loaded is not what a job would."""
    return (
        worker.process.returncode is not None
        or not worker.modules.issuperset(warm.modules)
        or worker.jobs >= _MOST_JOBS
        or not worker.loaded.isdisjoint(warm.avoided)
        or worker.stamps != _stamps(worker.stamps)
        or not 0 < _memory_kb(worker.zygote) < 2 * worker.memory_kb
    )


async def stop(worker: Worker) -> None:
    """End a worker with everything in it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker.process.pid, signal.SIGKILL)
    worker.channel.close()
    with anyio.CancelScope(shield=True):
        await worker.process.wait()
        await worker.process.aclose()
        if worker.handle >= 0:
            await kill(worker.handle)
            os.close(worker.handle)
            worker.handle = -1
    shutil.rmtree(worker.folder, ignore_errors=True)
    _remove(worker.group)


class _Unfit(SetUpFailed):
    """The worker's own process cannot be forked with what it has imported."""


async def _started(job: Job, warm: Warm, isolation: Isolation) -> Worker:
    root = mounts.project_root(job)
    order = _order(job, warm, root, _own(root, warm, job))
    shown = _readable(job, warm, root)
    with contextlib.ExitStack() as undo:
        folder = private_folder()
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        group = cgroup.make(job.limits.processes + _OURS)
        undo.callback(_remove, group)
        ours, theirs = wire.pair()
        undo.enter_context(ours)
        ours.setblocking(False)  # noqa: FBT003 -- the standard library's signature
        with theirs:
            process = await to_its_end(
                lambda: _opened(_Site(job, root, folder, shown, group), isolation, theirs.fileno())
            )
        undo.pop_all()
    worker = Worker(process, ours, folder, group, frozenset(warm.modules), _covered(shown, order))
    try:
        await _introduced(worker, order)
    except BaseException:
        await stop(worker)
        raise
    return worker


async def _introduced(worker: Worker, order: dict[str, object]) -> None:
    """Tell the worker what to load, and wait until it has."""
    try:
        wire.send(worker.channel, order)
        with anyio.fail_after(_STARTS_WITHIN_S):
            await anyio.wait_readable(worker.channel)
        said, handles = wire.receive(worker.channel)
    except (OSError, TimeoutError) as broken:
        raise SetUpFailed(f"No warm worker could start: {broken}.") from broken
    if not handles:
        raise SetUpFailed(f"No warm worker could start: {_said(worker)}.")
    worker.handle = handles[0]
    worker.zygote = process_behind(worker.handle)
    if said.get("problem") or "loaded" not in said:
        raise _Unfit(f"No warm worker could start: {said.get('problem') or _said(worker)}.")
    worker.loaded, worker.stamps = frozenset(said["loaded"]), _stamps(said["places"])
    worker.memory_kb = _memory_kb(worker.zygote)


def _stamps(places: Iterable[str]) -> dict[str, int]:
    """When each folder last got or lost an entry, as an installation would do."""
    found: dict[str, int] = {}
    for place in places:
        with contextlib.suppress(OSError):
            found[place] = os.stat(place).st_mtime_ns  # noqa: PTH116 -- called for every job
    return found


def process_behind(handle: int) -> int:
    """The process behind a handle, by its number here."""
    lines = Path(f"/proc/self/fdinfo/{handle}").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pid:")))


def _memory_kb(process: int) -> int:
    """What a process holds in memory of its own; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon:")), 0)


def _own(root: Path, warm: Warm, job: Job) -> tuple[Path, ...]:
    """Folders of the project that the worker sees: what is masked must not lie in them."""
    wanted = [
        path for path in (*warm.own, *job.readable, warm.entry.parent, INSIDE) if path.is_relative_to(root)
    ]
    if any((root / mask).is_relative_to(path) for path in wanted for mask in job.view.masked):
        raise SetUpFailed("A file that is hidden lies in a folder that the interpreter needs.")
    return tuple(dict.fromkeys(wanted))


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a worker is set up: for which job's like, in which private folder, in which control group."""

    job: Job
    root: Path
    folder: Path
    readable: mounts.Readable
    group: Path | None


async def _opened(site: _Site, isolation: Isolation, channel: int) -> Process:
    folder = site.folder
    (folder / "layers").mkdir()
    for name, text in namespaces.FACES.items():
        (folder / name).write_text(text)
    scene = namespaces.Scene(
        root=site.root,
        layer=folder / "layers",
        faces=folder,
        readable=site.readable,
        env=base_environment(site.job),
        scratch_mb=site.job.limits.memory_mb,
    )
    os.set_inheritable(channel, True)  # noqa: FBT003 -- the standard library's signature
    (folder / "filter").write_bytes(seccomp.program())
    loaded = os.open(folder / "filter", os.O_RDONLY | os.O_CLOEXEC)
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    program = (sys.executable, "-I", "-S", str(INSIDE / "main.py"), "warden", str(channel))
    try:
        command = (*namespaces.worker_command(isolation, scene, _STAGE, loaded), *_real(program))
        return await anyio.open_process(
            _joined(command, site.group),
            stdin=-3,
            stdout=-3,
            stderr=said,
            cwd="/",
            env={},
            pass_fds=(channel, loaded),
            start_new_session=True,
        )
    finally:
        os.close(loaded)
        os.close(said)


def _remove(group: Path | None) -> None:
    """What is not empty yet is left to the next sweep."""
    if group:
        with contextlib.suppress(OSError):
            group.rmdir()


def _joined(command: tuple[str, ...], group: Path | None) -> tuple[str, ...]:
    if group is None:
        return command
    return ("/bin/sh", "-c", JOIN + 'exec "$@"', "sandbox", str(group / "cgroup.procs"), *command)


def _real(program: tuple[str, ...]) -> tuple[str, ...]:
    return (str(Path(program[0]).resolve()), *program[1:])


def _our_base() -> Path:
    return Path(sys.base_prefix).resolve()


def _readable(job: Job, warm: Warm, root: Path) -> mounts.Readable:
    shown = (*job.readable, warm.entry.parent, INSIDE, _our_base())
    return mounts.readable(Job(job.argv, View(job.view.root), shown), root)


def _covered(shown: mounts.Readable, order: dict[str, object]) -> mounts.Readable:
    """What stands in folders that each job has for itself, and must be shown there again."""

    def is_covered(path: Path) -> bool:
        return any(path.is_relative_to(own) for own in (Path("/tmp"), Path("/dev/shm")))  # noqa: S108 -- the job's own

    hidden = order["hidden"]
    paths = (path for path in shown.paths if is_covered(path) and str(path) != hidden)
    return mounts.Readable(tuple(paths), tuple(link for link in shown.links if is_covered(link.path)))


def _order(job: Job, warm: Warm, root: Path, own: tuple[Path, ...]) -> dict[str, object]:
    program = (
        *warm.command,
        *(str(INSIDE / "main.py"), "zygote", str(_CHANNEL), str(warm.entry), warm.base),
        *(",".join(names) for names in (warm.modules, sorted(warm.avoided))),
    )
    base = _our_base()
    is_needed = base.is_relative_to("/usr") or base in map(Path.resolve, job.readable)
    return {
        "root": str(root),
        "own": [str(path) for path in own],
        "hidden": "" if is_needed else str(base),
        "memory_mb": job.limits.memory_mb,
        "command": program,
    }


def _said(worker: Worker) -> str:
    text = (
        (worker.folder / "said").read_text(encoding="utf-8", errors="replace")
        if worker.folder.exists()
        else ""
    )
    return text.strip().rpartition("\n")[2] or "it gave no reason"
