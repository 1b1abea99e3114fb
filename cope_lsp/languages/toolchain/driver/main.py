"""Takes a recipe's steps inside the sandbox and tells what it saw of each: `python -I -S main.py <recipe`.

Standard library only. Records go to descriptor 3, each with a code made with the recipe's key; no step
inherits the descriptor, and none may look into this process.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import hmac
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]
Process: TypeAlias = "subprocess.Popen[bytes]"

RECORDS = 3
MOST = 128 * 1024
"""Bytes of a stream that are kept, of its beginning and of its end."""

SET_DUMPABLE, SET_CHILD_SUBREAPER = 4, 36
NOT_FOUND = 127
_CHUNK = 1 << 16
_TICK_S = 0.05


def main() -> None:
    """Take the steps in turn."""
    order: Body = json.loads(sys.stdin.buffer.read())
    os.set_inheritable(RECORDS, False)  # noqa: FBT003 -- the library's signature
    _close_to_others()
    key, deadline = order["key"].encode(), time.monotonic() + order["wall_s"]
    scratch = _made(_temporary() / "scratch")
    places = {"{cache}": _kept_folder(), "{scratch}": scratch, "{python}": sys.executable}
    env = {**os.environ, **{name: _filled(value, places) for name, value in order["env"].items()}}
    exits: dict[str, int] = {}
    settled: set[str] = set()
    for step in order["steps"]:
        if step["unless"] in settled or (step["needs"] and exits.get(step["needs"]) != 0):
            continue
        left = deadline - time.monotonic()
        if left <= 0:
            break
        seen = _take(step, places, env, min(left, step["timeout_s"]))
        exits[step["id"]] = seen["exit"]
        if step["settles"] and seen["exit"] == 0 and re.search(step["settles"], seen["out"]):
            settled.add(step["id"])
        _tell(key, {**seen, "id": step["id"]})


def _close_to_others() -> None:
    """Let no process of the same user trace this one or open its descriptors; orphans become ours."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        library.prctl(SET_DUMPABLE, 0, 0, 0, 0)
        library.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _kept_folder() -> str:
    """Where builds are kept, if this sandbox has such a place; else a folder of this run."""
    kept = os.environ.get("COPE_CACHE", "")
    if kept and Path(kept).is_dir() and os.access(kept, os.W_OK):
        return kept
    return _made(_temporary() / "cache")


def _temporary() -> Path:
    return Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 -- the sandbox's own


def _made(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _filled(text: str, places: dict[str, str]) -> str:
    for name, folder in places.items():
        text = text.replace(name, folder)
    return text


def _take(step: Body, places: dict[str, str], env: dict[str, str], timeout_s: float) -> Body:
    """Run one step to its end or its time; what it started ends with it."""
    begun = time.monotonic()
    own = {**env, **{name: _filled(value, places) for name, value in step["env"].items()}}
    argv = [_filled(part, places) for part in step["argv"]]
    folder = _filled(step["folder"], places)
    pipe = subprocess.PIPE
    try:
        child = subprocess.Popen(  # noqa: S603 -- the recipe's own command, in the sandbox
            argv, cwd=folder, env=own, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
    except OSError as error:
        return {"exit": NOT_FOUND, "out": "", "err": str(error), "timed_out": False, "seconds": 0.0}
    out, err, timed_out = _watched(child, step["stdin"].encode(), begun + timeout_s)
    with contextlib.suppress(OSError):
        os.killpg(child.pid, signal.SIGKILL)
    status = child.wait()
    _end_children()
    return {
        "exit": status,
        "out": _shown(out, step["told"]),
        "err": _shown(err, step["told"]),
        "timed_out": timed_out,
        "seconds": round(time.monotonic() - begun, 3),
    }


def _watched(child: Process, text: bytes, deadline: float) -> tuple[bytearray, bytearray, bool]:
    """Both streams, until they end, or the program has and nothing more comes, or time is up."""
    assert child.stdin and child.stdout and child.stderr  # noqa: S101, PT018 -- for the type checker
    with contextlib.suppress(OSError):
        child.stdin.write(text)
        child.stdin.close()
    out, err = bytearray(), bytearray()
    reading = {child.stdout.fileno(): out, child.stderr.fileno(): err}
    while reading or child.poll() is None:
        left = deadline - time.monotonic()
        if left <= 0:
            return out, err, True
        if not reading:
            time.sleep(min(left, _TICK_S / 10))
            continue
        ready = select.select(list(reading), [], [], min(left, _TICK_S))[0]
        if not ready and child.poll() is not None:
            break
        for stream in ready:
            more = os.read(stream, _CHUNK)
            _kept(reading[stream], more)
            if not more:
                del reading[stream]
    return out, err, False


def _kept(text: bytearray, more: bytes) -> None:
    """Keep a stream's beginning and end; a flood does not fill the memory."""
    text += more
    if len(text) > 3 * MOST:
        text[MOST:-MOST] = b"\n...\n"


def _shown(text: bytearray, most: int) -> str:
    whole = bytes(text)
    if len(whole) > most:
        whole = whole[: most // 2] + b"\n...\n" + whole[-(most // 2) :]
    return whole.decode("utf-8", "replace")


def _end_children() -> None:
    """End what a step has left behind, in whatever session."""
    for _ in range(64):
        children = _children()
        if not children:
            return
        for pid in children:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _children() -> list[int]:
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(pid) for pid in listed.split()]


def _tell(key: bytes, seen: Body) -> None:
    body = json.dumps(seen, sort_keys=True).encode()
    code = hmac.new(key, body, hashlib.sha256).hexdigest().encode()
    line = memoryview(code + b" " + body + b"\n")
    while line:
        line = line[os.write(RECORDS, line) :]


if __name__ == "__main__":
    main()
