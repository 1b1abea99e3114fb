"""Turns a job and a rung into a command that can be started, with the private files that it needs."""

from __future__ import annotations

import contextlib
import os
import secrets
import shlex
import shutil
import stat
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from cope_lsp.sandbox import caches, cgroup, limits, mounts, namespaces, seatbelt, seccomp, view
from cope_lsp.sandbox.child import Start
from cope_lsp.sandbox.isolation import Kind, Projection, Protection
from cope_lsp.sandbox.job import CannotIsolate, SetUpFailed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from cope_lsp.sandbox.isolation import Isolation
    from cope_lsp.sandbox.job import Job

_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
_BARE = {"PATH": _PATH, "LANG": "C.UTF-8"}
_PREFIX = "cope-run-"
_STDERR = 2
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Prepared:
    """What to start, and the mounts in memory that a job may fill."""

    start: Start
    scratch: tuple[Path, ...] = ()


@contextlib.asynccontextmanager
async def prepared(job: Job, isolation: Isolation) -> AsyncGenerator[Prepared]:
    """Lay a job out in a private folder that goes away with the run; raises CannotIsolate."""
    root = mounts.project_root(job)
    folder = private_folder()
    try:
        with contextlib.ExitStack() as ours:
            await _lay_out(job, root, folder / "project", isolation.projection)
            yield (
                _in_namespaces(job, root, folder, isolation, ours)
                if isolation.kind is Kind.NAMESPACES
                else _in_copy(job, root, folder, isolation, ours)
            )
    finally:
        with anyio.CancelScope(shield=True):
            await _remove(folder, isolation.projection)


def kept(job: Job) -> tuple[Path, ...]:
    """What no mask may hide: the job's readable paths, and what they lead to; nothing where none hides."""
    if not job.view.masked:
        return ()
    ends = {end for path in job.readable for end in (path.parent.resolve() / path.name, path.resolve())}
    return tuple(ends)


def base_environment(job: Job) -> dict[str, str]:
    """All the environment that a job in namespaces has."""
    cached = {caches.VARIABLE: caches.INSIDE} if job.cache is not None else {}
    return {**_home(Path(namespaces.HOME)), "TMPDIR": "/tmp", **cached, **job.env}  # noqa: S108 -- the sandbox's own


def sweep() -> None:
    """Remove what servers that were killed in mid-run left behind, after a day."""
    cgroup.sweep()
    yesterday = time.time() - _DAY_S
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            left = folder.lstat()
            if stat.S_ISDIR(left.st_mode) and left.st_uid == os.getuid() and left.st_mtime < yesterday:
                _remove_tree(folder)


def private_folder() -> Path:
    """A new folder of ours that no other user can enter, and that `sweep` finds."""
    return Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()


async def _lay_out(job: Job, root: Path, layer: Path, projection: Projection) -> None:
    changed = view.changes(root, job.view.layer, job.view.masked, kept(job))
    try:
        if projection is Projection.COPY:
            await _copy(changed, root, layer)
        elif mounts.has_mounts_below(root):
            raise SetUpFailed(f"An overlay would not show what is mounted below {root}.")
        else:
            view.write_layer(changed, root, layer)
    except OSError as broken:
        raise SetUpFailed(f"The project could not be made into a view: {broken}.") from broken


async def _copy(changed: view.Changes, root: Path, folder: Path) -> None:
    abandoned = threading.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(_when_cancelled, abandoned)
        await anyio.to_thread.run_sync(view.copy_project, changed, root, folder, abandoned.is_set)
        group.cancel_scope.cancel()


async def _when_cancelled(flag: threading.Event) -> None:
    try:
        await anyio.sleep_forever()
    finally:
        flag.set()


def _in_namespaces(
    job: Job, root: Path, folder: Path, isolation: Isolation, ours: contextlib.ExitStack
) -> Prepared:
    layers = _layers(job, isolation, ours)
    for name, text in namespaces.FACES.items():
        (folder / name).write_text(text)
    scene = namespaces.Scene(
        root=root,
        layer=folder / "project",
        faces=folder,
        readable=mounts.readable(job, root),
        env=base_environment(job),
        scratch_mb=job.limits.memory_mb,
        cache=layers,
    )
    status, to_status = os.pipe()
    ours.callback(os.close, status)
    plumbing = namespaces.Plumbing(to_status, _filter(folder / "filter"))
    bounds = (*limits.per_process(job.limits), *limits.per_namespace(job.limits))
    start = Start(
        command=(*namespaces.command(isolation, scene, plumbing), *limits.launcher(bounds), *job.argv),
        records=folder / "records",
        env=_BARE if Protection.ENVIRONMENT in isolation.protections else dict(os.environ),
        passed=(plumbing.status, plumbing.filter, *_inherited(isolation)),
        status=status,
        group=ours.enter_context(cgroup.bounded(job.limits.processes)),
    )
    cached = (Path(caches.INSIDE),) if layers is not None and layers.above is None and layers.below else ()
    return Prepared(start, (*_scratch(root, isolation), *cached))


def _layers(job: Job, isolation: Isolation, ours: contextlib.ExitStack) -> caches.Layers | None:
    """Kept builds, where the rung can lay a run's own over them."""
    if job.cache is None or isolation.projection is not Projection.OVERLAY:
        return None
    return ours.enter_context(caches.opened(job.cache))


def _scratch(root: Path, isolation: Isolation) -> tuple[Path, ...]:
    project = (root,) if isolation.projection is Projection.OVERLAY else ()
    own = (Path("/tmp"), Path("/dev/shm"))  # noqa: S108 -- the sandbox's own
    return (*project, *own) if Protection.PRIVATE_TMP in isolation.protections else project


def _in_copy(
    job: Job, root: Path, folder: Path, isolation: Isolation, ours: contextlib.ExitStack
) -> Prepared:
    """Without mounts: the program works in a copy elsewhere, and a pipe tells it that we are still there."""
    home, project = folder / "home", folder / "project"
    home.mkdir()
    alive = folder / "alive"
    os.mkfifo(alive, 0o600)
    ours.callback(os.close, os.open(alive, os.O_RDWR | os.O_NONBLOCK))
    token = f"COPE_JOB={secrets.token_hex(16)}"
    walls = _walls(job, root, folder, isolation)
    start = Start(
        command=(
            *walls,
            *limits.launcher((_dies_with_us(alive), *limits.per_process(job.limits))),
            *job.argv,
        ),
        records=folder / "records",
        env={**_home(home), "TMPDIR": str(home), **job.env, **dict([token.split("=")])},
        folder=project,
        token=token,
    )
    return Prepared(start)


def _walls(job: Job, root: Path, folder: Path, isolation: Isolation) -> tuple[str, ...]:
    match isolation.kind:
        case Kind.NONE:
            return ()
        case Kind.SEATBELT:
            return (isolation.program, "-p", seatbelt.profile(folder, mounts.readable(job, root).paths))
        case Kind.NAMESPACES | Kind.LANDLOCK:
            raise CannotIsolate(f"{isolation.kind} cannot run a job in a copy.")


def _dies_with_us(alive: Path) -> str:
    """A shell command that kills the job's group once our end of the pipe `alive` is closed."""
    waits = f"read -r _ <{shlex.quote(str(alive))}; kill -KILL 0"
    return f"( ({waits}) & ) </dev/null >/dev/null 2>&1 3>&-"


def _home(home: Path) -> dict[str, str]:
    return {**_BARE, "HOME": str(home), "USER": "user", "LOGNAME": "user"}


def _filter(file: Path) -> int:
    file.write_bytes(seccomp.program())
    return os.open(file, os.O_RDONLY | os.O_CLOEXEC)


def _inherited(isolation: Isolation) -> tuple[int, ...]:
    """Copies of what a careless start would leave open: nothing, but where a test takes the care away."""
    if Protection.DESCRIPTORS in isolation.protections:
        return ()
    ours = (int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208 -- numbers, not paths
    return tuple(
        os.dup(descriptor) for descriptor in ours if descriptor > _STDERR and _is_inheritable(descriptor)
    )


def _is_inheritable(descriptor: int) -> bool:
    try:
        return os.get_inheritable(descriptor)
    except OSError:
        return False


async def _remove(folder: Path, projection: Projection) -> None:
    if projection is Projection.OVERLAY:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        await anyio.to_thread.run_sync(_remove_tree, folder)


def _remove_tree(folder: Path) -> None:
    """Remove a copy that a job may have left without permissions, or deeper than we could recurse."""
    for command in (("/bin/chmod", "-R", "u+rwX"), ("/bin/rm", "-rf")):
        subprocess.run((*command, "--", folder), check=False, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: S603 -- a fixed program
