"""The warden: mounts each job's project, names its user, and tells the server which process it is.

It runs on cope-lsp's own interpreter and imports nothing foreign, since it is the only process here that
sees the project whole and holds rights over the worker's namespaces.
"""

from __future__ import annotations

import os
import resource
import select
import socket
from typing import TYPE_CHECKING, NoReturn

from cope_lsp.sandbox.inside import kernel, wire

if TYPE_CHECKING:
    from cope_lsp.sandbox.inside.wire import Body

USER = 1000
_BARE = kernel.NO_SUID | kernel.NO_DEVICES
_SEALED = kernel.REMOUNT | kernel.BIND | kernel.READ_ONLY | _BARE
# Where the zygote finds its end of the channel.
_CHANNEL = 3


class _Job:
    """A job on its way: where the server hears of it, and the gate that holds its process back."""

    def __init__(self, told: int, gate: int) -> None:
        self.told = socket.socket(fileno=told)
        self.gate = gate

    def close(self) -> None:
        """Let go of both."""
        self.told.close()
        os.close(self.gate)


def serve(descriptor: int) -> None:
    """Start the zygote as the server's first message says, then hand it jobs until one of both is gone."""
    server = socket.socket(fileno=descriptor)
    order, _ = wire.receive(server)
    ours, theirs = wire.pair()
    zygote = os.fork()
    if zygote == 0:
        _become_zygote(order, theirs)
    theirs.close()
    _introduce(zygote, wire.receive(ours)[0], server)
    jobs: dict[int, _Job] = {}
    while True:
        ready = select.select([server, ours], [], [])[0]
        if ours in ready and not _answer(wire.receive(ours)[0], jobs):
            return
        if server in ready and not _pass_on(*wire.receive(server), ours, jobs):
            return


def _introduce(zygote: int, said: Body, server: socket.socket) -> None:
    """Tell the server what the zygote has loaded, with a handle on it."""
    handle = kernel.open_process(zygote)
    wire.send(server, said, [handle])
    os.close(handle)


def _pass_on(job: Body, descriptors: list[int], zygote: socket.socket, jobs: dict[int, _Job]) -> bool:
    """Give the zygote a job with its project's mount; False where the server is gone."""
    if not job:
        return False
    *streams, told = descriptors
    opens, gate = os.pipe()
    jobs[job["id"]] = _Job(told, gate)
    passed = [*streams, opens]
    try:
        passed.append(_project(job))
        wire.send(zygote, job, passed)
    except OSError as broken:
        _tell(jobs.pop(job["id"]), {"problem": str(broken)})
    finally:
        for each in passed:
            os.close(each)
    return True


def _answer(said: Body, jobs: dict[int, _Job]) -> bool:
    """Act on what the zygote says: all that it can do is to name a process and an exit code."""
    job = jobs.get(said.get("id", -1))
    if "process" in said and job:
        _let_in(job, int(said["process"]))
    elif job:
        del jobs[said["id"]]
        _tell(job, {"code": said.get("code", 1), "problem": said.get("problem", "")})
    return bool(said)


def _tell(job: _Job, said: Body) -> None:
    try:
        wire.send(job.told, said)
    except OSError:
        pass  # the server has given the job up
    finally:
        job.close()


def _let_in(job: _Job, process: int) -> None:
    """Map the job's user, give the server a handle on its process, and open the gate."""
    try:
        watched = kernel.open_process(process)
        for file, text in (("setgroups", "deny"), ("gid_map", f"{USER} 0 1"), ("uid_map", f"{USER} 0 1")):
            with open(f"/proc/{process}/{file}", "w", encoding="ascii") as switch:
                switch.write(text)
        wire.send(job.told, {}, [watched])
        os.close(watched)
        os.write(job.gate, b".")
    except OSError:
        os.write(job.gate, b"!")


def _project(job: Body) -> int:
    """The project under the job's layer, with a top in memory: nothing of it is left once the job ends."""
    top = f"{wire.UPPER}/{job['id']}"
    os.mkdir(top)
    try:
        kernel.mount("tmpfs", top, "tmpfs", _BARE, f"size={job['scratch_mb']}m,mode=0755")
        os.mkdir(f"{top}/upper", 0o755)
        os.mkdir(f"{top}/work", 0o755)
        options = (
            ("lowerdir", f"{wire.LAYERS}/{job['id']}:{wire.PROJECT}"),
            ("upperdir", f"{top}/upper"),
            ("workdir", f"{top}/work"),
            ("userxattr", ""),
        )
        return kernel.new_mount("overlay", options, _BARE)
    finally:
        kernel.unmount(top)
        os.rmdir(top)


def _become_zygote(order: Body, channel: socket.socket) -> NoReturn:
    """Leave the project and all rights behind, and become the project's own interpreter."""
    try:
        kernel.die_with_parent()
        kernel.unshare(kernel.NEW_MOUNTS)
        kernel.mount("none", "/", "none", kernel.RECURSIVE | kernel.PRIVATE)
        # One that nothing covers and nobody can write: the kernel lets a job mount its own only beside such.
        kernel.mount("proc", "/proc", "proc", _BARE | kernel.NO_EXEC | kernel.READ_ONLY)
        _show_own(order["root"], order["own"])
        if order["hidden"]:
            kernel.unmount(order["hidden"])
        for path in ("/", "/dev"):
            kernel.mount("none", path, "none", _SEALED)
        most = order["memory_mb"] << 20
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _keep_only(channel.fileno())
        os.chdir("/")
        kernel.drop_capabilities()
        os.execv(order["command"][0], order["command"])  # noqa: S606 -- the interpreter, without a shell
    finally:
        os._exit(1)


def _show_own(root: str, own: list[str]) -> None:
    """Show of the project what the interpreter itself needs, through no link, and nothing else."""
    trees: list[tuple[str, int]] = []
    for path in own:
        inside = f"{wire.PROJECT}/{os.path.relpath(path, root)}"
        if os.path.realpath(inside) == inside:
            trees.append((path, kernel.open_tree(inside)))
    for stage in (wire.PROJECT, wire.LAYERS):
        kernel.unmount(stage)
    for path, tree in trees:
        os.makedirs(path, exist_ok=True)
        kernel.place(tree, path)


def _keep_only(channel: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.dup2(channel, _CHANNEL)
    os.closerange(_CHANNEL + 1, max(nothing, channel, 256) + 1)
