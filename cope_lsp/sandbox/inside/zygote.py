"""The zygote: imports once what every job needs, then forks a cell for each job."""

from __future__ import annotations

import gc
import importlib.util
import os
import select
import socket
import sys
from typing import TYPE_CHECKING, Any

from cope_lsp.sandbox.inside import cell, kernel, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.sandbox.inside.wire import Body


# Imported by these programs, and by none that starts alone.
OWN = ("resource",)


def serve(descriptor: int) -> None:
    """Load what the command line names, say what is loaded, and fork until the warden is gone."""
    warden = socket.socket(fileno=descriptor)
    kernel.hide_memory()
    entry, base = sys.argv[3:5]
    modules, avoided = map(_split, sys.argv[5:7])
    run, names = _entered(entry)(base, modules, avoided)
    gc.collect()
    gc.freeze()
    loaded = sorted({*names, *OWN})
    wire.send(warden, {"loaded": loaded, "places": _places(), "problem": _problem(loaded, avoided)})
    cells: dict[int, tuple[int, int]] = {}
    while True:
        for ready in select.select([descriptor, *cells], [], [])[0]:
            if ready in cells:
                _bury(ready, cells, warden)
            elif not _fork(*wire.receive(warden), warden, cells, run):
                return


def _split(names: str) -> list[str]:
    return names.split(",") if names else []


def _entered(entry: str) -> Callable[[str, list[str], list[str]], tuple[Callable[[], int], list[str]]]:
    """`prepare` of the entry's file.

    Given its kind, names to import and names to leave alone, it returns what a job runs, and the top-level
    names that are imported now and would not be in a process that starts alone.
    """
    spec = importlib.util.spec_from_file_location("__entry__", entry)
    if spec is None or spec.loader is None:
        raise ImportError(entry)
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.prepare


def _places() -> list[str]:
    """Folders that modules are found in: when one changes, what was loaded may be old."""
    return [path for path in sys.path if os.path.isdir(path)]


def _problem(loaded: list[str], avoided: list[str]) -> str:
    """Why no job can be forked from this process."""
    with open("/proc/self/status", encoding="ascii") as status:
        threads = next(line.split()[1] for line in status if line.startswith("Threads:"))
    if threads != "1":
        return "an imported module has started a thread"
    both = set(loaded).intersection(avoided)
    return "the project has modules of its own by the names " + ", ".join(sorted(both)) if both else ""


def _fork(
    job: Body,
    descriptors: list[int],
    warden: socket.socket,
    cells: dict[int, tuple[int, int]],
    run: Callable[[], int],
) -> bool:
    if not job:
        return False
    try:
        child = kernel.fork_into(cell.flags(job))
    except OSError as refused:
        wire.send(warden, {"id": job["id"], "problem": "no new namespaces: " + str(refused)})
    else:
        if child == 0:
            cell.live(job, descriptors, run)
        cells[kernel.open_process(child)] = (child, job["id"])
        wire.send(warden, {"id": job["id"], "process": child})
    finally:
        for each in descriptors:
            os.close(each)
    return True


def _bury(watched: int, cells: dict[int, tuple[int, int]], warden: socket.socket) -> None:
    child, number = cells.pop(watched)
    os.close(watched)
    status = os.waitpid(child, 0)[1]
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    wire.send(warden, {"id": number, "code": code})
