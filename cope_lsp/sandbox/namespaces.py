"""The bubblewrap command line of a job: a pure function of what is shown and of what protects."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cope_lsp.sandbox.caches import INSIDE
from cope_lsp.sandbox.isolation import EVERY, Projection, Protection
from cope_lsp.sandbox.mounts import ETC, SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cope_lsp.sandbox.caches import Layers
    from cope_lsp.sandbox.isolation import Isolation
    from cope_lsp.sandbox.mounts import Readable

HOME = "/tmp/home"  # noqa: S108 -- inside the sandbox's own /tmp
_USER = "1000"
_ACCOUNTS = f"""\
root:x:0:0::/:/bin/sh
user:x:{_USER}:{_USER}::{HOME}:/bin/sh
nobody:x:65534:65534::/:/bin/sh
"""
_GROUPS = f"root:x:0:\nuser:x:{_USER}:\nnogroup:x:65534:\n"
_HOSTS = "127.0.0.1 localhost\n::1 localhost\n"

# Files of /etc that are ours: the host's would name its users and machines.
FACES: Mapping[str, str] = {"passwd": _ACCOUNTS, "group": _GROUPS, "hosts": _HOSTS}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a job sees: its project at `root`, drawn from `layer` (over the project, or a copy of it).

    `faces` is the folder that holds `FACES`. `scratch_mb` bounds /tmp and /dev/shm, each.
    """

    root: Path
    layer: Path
    faces: Path
    readable: Readable
    env: Mapping[str, str]
    scratch_mb: int
    cache: Layers | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a worker's warden finds the project, its jobs' layers, and room for what they write."""

    project: str
    layers: str
    upper: str


@dataclass(frozen=True, slots=True)
class Plumbing:
    """Descriptors bubblewrap gets and keeps to itself: where it reports, and the filter it loads."""

    status: int
    filter: int


def command(isolation: Isolation, scene: Scene, plumbing: Plumbing) -> tuple[str, ...]:
    """The bubblewrap arguments up to the program, in the order in which they take effect."""
    held = isolation.protections
    return (
        isolation.program,
        *_walls(isolation, plumbing),
        *(_system() if Protection.ALLOW_LIST in held else _whole_host(held)),
        *_faces(scene, held),
        *_scratch(scene, held),
        *_readable(scene.readable, held),
        *_project(scene, isolation.projection),
        *_cache(scene.cache),
        *_sealed(held),
        *_environment(scene.env, held),
        *("--chdir", str(scene.root), "--"),
    )


def worker_command(isolation: Isolation, scene: Scene, stage: Stage, loaded: int) -> tuple[str, ...]:
    """The bubblewrap arguments of a worker up to its program; `loaded` is the filter's descriptor.

    What its jobs hold beyond a job of `command`, the worker's own programs take away: it needs its rights and
    nested user namespaces to give each job namespaces of its own, and seals its root itself.
    """
    walls = ("--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
    mounts = (("--ro-bind", str(scene.root), stage.project), ("--ro-bind", str(scene.layer), stage.layers))
    return (
        isolation.program,
        *("--unshare-user", "--uid", "0", "--gid", "0", "--new-session", *walls, "--die-with-parent"),
        *("--cap-add", "ALL", "--seccomp", str(loaded)),
        *_system(),
        *_faces(scene, EVERY),
        *_scratch(scene, EVERY),
        *_readable(scene.readable, EVERY),
        *(part for mount in mounts for part in mount),
        *("--dir", stage.upper, "--dir", str(scene.root)),
        *_environment(scene.env, EVERY),
        *("--chdir", "/", "--"),
    )


def _walls(isolation: Isolation, plumbing: Plumbing) -> tuple[str, ...]:
    by_protection: dict[Protection, tuple[str, ...]] = {
        Protection.NETWORK: ("--unshare-net",),
        Protection.PROCESSES: ("--unshare-pid",),
        Protection.IPC: ("--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox"),
        Protection.NESTING: ("--disable-userns",),
        Protection.CAPABILITIES: ("--cap-drop", "ALL"),
        Protection.SYSCALLS: ("--seccomp", str(plumbing.filter)),
        Protection.LIFELINE: ("--die-with-parent",),
    }
    walls = [part for key, parts in by_protection.items() if key in isolation.protections for part in parts]
    identity = ("--unshare-user", "--uid", _USER, "--gid", _USER)
    return (*identity, "--new-session", *walls, "--json-status-fd", str(plumbing.status))


def _system() -> tuple[str, ...]:
    return tuple(part for path in (*SYSTEM, *ETC) for part in _shown(path))


def _shown(path: Path) -> tuple[str, ...]:
    if path.is_symlink():
        return ("--symlink", os.readlink(path), str(path))  # noqa: PTH115 -- kept to the letter
    return ("--ro-bind", str(path), str(path)) if path.exists() else ()


def _whole_host(held: frozenset[Protection]) -> tuple[str, ...]:
    return (_bind(held), "/", "/")


def _faces(scene: Scene, held: frozenset[Protection]) -> tuple[str, ...]:
    if Protection.ALLOW_LIST not in held:
        return ()
    return tuple(part for name in FACES for part in ("--ro-bind", str(scene.faces / name), f"/etc/{name}"))


def _scratch(scene: Scene, held: frozenset[Protection]) -> tuple[str, ...]:
    size = ("--size", str(scene.scratch_mb << 20))
    devices = ("--proc", "/proc", "--dev", "/dev")
    if Protection.PRIVATE_TMP not in held:
        return (*devices, "--bind", "/dev/shm", "/dev/shm", "--bind", "/tmp", "/tmp")  # noqa: S108 -- the host's, as said
    private = (*size, "--tmpfs", "/dev/shm", "--perms", "1777", *size, "--tmpfs", "/tmp", "--dir", HOME)  # noqa: S108 -- its own
    return (*devices, *private)


def _readable(readable: Readable, held: frozenset[Protection]) -> tuple[str, ...]:
    links = [part for link in readable.links for part in ("--symlink", link.target, str(link.path))]
    mounts = [part for path in readable.paths for part in (_bind(held), str(path), str(path))]
    return (*(links if Protection.ALLOW_LIST in held else ()), *mounts)


def _project(scene: Scene, projection: Projection) -> tuple[str, ...]:
    if projection is Projection.COPY:
        return ("--bind", str(scene.layer), str(scene.root))
    below = ("--overlay-src", str(scene.root), "--overlay-src", str(scene.layer))
    return (*below, "--tmp-overlay", str(scene.root))


def _cache(layers: Layers | None) -> tuple[str, ...]:
    """Kept builds, over which this run writes: for itself alone, or into a layer of its own."""
    if layers is None:
        return ()
    below = tuple(part for layer in layers.below for part in ("--overlay-src", str(layer)))
    if layers.above is not None and layers.work is not None:
        kept = ("--overlay", str(layers.above), str(layers.work), INSIDE)
        return (*below, *kept) if below else ("--bind", str(layers.above), INSIDE)
    return (*below, "--tmp-overlay", INSIDE) if below else ("--dir", INSIDE)


def _sealed(held: frozenset[Protection]) -> tuple[str, ...]:
    """Root owns what lies in /proc and /dev even without capabilities, so they are made read-only."""
    if Protection.READ_ONLY not in held:
        return ()
    return tuple(part for path in ("/proc", "/dev", "/") for part in ("--remount-ro", path))


def _environment(env: Mapping[str, str], held: frozenset[Protection]) -> tuple[str, ...]:
    cleared = ("--clearenv",) if Protection.ENVIRONMENT in held else ()
    return (*cleared, *(part for name, value in env.items() for part in ("--setenv", name, value)))


def _bind(held: frozenset[Protection]) -> str:
    return "--ro-bind" if Protection.READ_ONLY in held else "--bind"
