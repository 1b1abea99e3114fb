"""Starts a process for each group of cases, watches the clock, and signs what they report.

Cases run in children that never hold descriptor 3. A child that hangs is killed and the rest of its
cases go to a new one; what a dead child did not report is missing, whatever its exit code.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
import types
from typing import TYPE_CHECKING, NamedTuple

from cope_lsp.languages.python.runner import again, calls, channel, integrity, pytests, secrecy, unittests
from cope_lsp.languages.python.runner.order import Order, order_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cope_lsp.languages.python.runner.order import Body, Send

RECORDS = 3
STARTS = 6
GRACE_S = 2.0
LINE_LIMIT = 1 << 20

# Tests come first: what a candidate leaves on disk when it is called elsewhere must not meet them.
GROUPS: dict[str, Callable[[Order, Send], None]] = {
    "pytest": pytests.run_tests,
    "unittest": unittests.run_tests,
    "examples": calls.run_examples,
    "calls": calls.run_calls,
    "assertions": calls.run_assertions,
}


class Ended(NamedTuple):
    """How a child ended: `complete` if it said so itself; `current` is the case it was in."""

    complete: bool
    timed_out: bool
    current: str
    exit_code: int
    done: list[str]


def supervise() -> int:
    """Run all groups of the work on standard input; the last record says that it came to its end."""
    if sys.argv[1:] == [again.WORD]:
        return calls.answer_again()
    secrecy.hide()  # what runs in the children must not find the key here
    work: Body = json.loads(sys.stdin.buffer.read())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    send = channel.writer(RECORDS, bytes.fromhex(work.pop("key")))
    work["root"] = os.getcwd()  # where the view of the project is: a copy stands elsewhere than the original
    deadline = time.monotonic() + work["wall_s"]
    changed = integrity.remember_files(work["root"])
    if work["pytest"]:
        pytests.preload()
    for group in GROUPS:
        if work[group]:
            _run_group(group, order_of(work, group), send, deadline)
            for path in changed()[:1]:
                send({"kind": "tampered", "path": path})
    send({"kind": "end"})
    return 0


def _run_group(group: str, order: Order, send: Send, deadline: float) -> None:
    done: list[str] = []
    for _ in range(STARTS):
        ended = _run_child(group, order._replace(done=done), send, deadline)
        if ended.complete:
            return
        done += ended.done
        outcome = "timed out" if ended.timed_out else "missing"
        detail = "no result within its time" if ended.timed_out else _death(ended.exit_code)
        if not ended.current or time.monotonic() > deadline:
            send({"kind": "broken", "group": group, "outcome": outcome, "detail": detail})
            return
        send({"kind": "case", "id": ended.current, "outcome": outcome, "detail": detail, "ran": False})
        done.append(ended.current)
    send(
        {
            "kind": "broken",
            "group": group,
            "outcome": "missing",
            "detail": "too many cases ended their process",
        }
    )


def _death(exit_code: int) -> str:
    if exit_code < 0:
        return f"the process was ended by signal {-exit_code} before it reported"
    return f"the process ended (exit code {exit_code}) before it reported"


def _run_child(group: str, order: Order, send: Send, deadline: float) -> Ended:
    key = os.urandom(32)
    incoming, outgoing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(incoming)
        os.close(RECORDS)
        _be_child(group, order, channel.writer(outgoing, key))
    os.close(outgoing)
    clock = _Clock(order.limit_s + GRACE_S, deadline)
    heard = _listen(incoming, channel.reader(key), send, clock)
    os.close(incoming)
    _kill(child)
    return heard._replace(exit_code=_reap(child))


class _Clock(NamedTuple):
    case_s: float
    deadline: float


def _listen(incoming: int, receive: Callable[[bytes], Body | None], send: Send, clock: _Clock) -> Ended:
    """Forward authentic records until the child says it is done, hangs, or is gone."""
    rest, current = b"", ""
    done: list[str] = []
    since = time.monotonic()
    while True:
        wait = min(since + clock.case_s, clock.deadline) - time.monotonic()
        if wait <= 0 or not select.select([incoming], [], [], wait)[0]:
            return Ended(complete=False, timed_out=True, current=current, exit_code=0, done=done)
        piece = os.read(incoming, 65536)
        *lines, rest = (rest + piece).split(b"\n")
        for body in filter(None, map(receive, lines)):
            kind = body["kind"]
            if kind == "done":
                return Ended(complete=True, timed_out=False, current="", exit_code=0, done=done)
            if kind == "start":
                current, since = body["id"], time.monotonic()
            elif kind in ("case", "collected", "broken"):
                send(body)
                since = time.monotonic()
                if kind == "case":
                    done.append(body["id"])
                    current = ""
        if not piece or len(rest) > LINE_LIMIT:
            return Ended(complete=False, timed_out=False, current=current, exit_code=0, done=done)


def _be_child(group: str, order: Order, send: Send) -> None:
    """Run the group in this process; never returns."""
    code = 1
    try:
        os.setsid()
        secrecy.show()
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.modules["__main__"] = types.ModuleType("__main__")
        GROUPS[group](order, send)
        send({"kind": "done"})
        code = 0
    finally:
        os._exit(code)


def _kill(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except OSError:
        os.kill(child, signal.SIGKILL)


def _reap(child: int) -> int:
    status = os.waitpid(child, 0)[1]
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
