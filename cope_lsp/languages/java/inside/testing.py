"""The step `test`: each test told of by a line, whatever the tests before it did to their process."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cope_lsp.languages.java.inside import jdk, plan, reports
from cope_lsp.languages.java.inside.building import folder_of
from cope_lsp.languages.java.inside.telling import tell

if TYPE_CHECKING:
    from pathlib import Path

    from cope_lsp.languages.java.inside.plan import Plan

_START_S = 30.0
_CHUNK = 1 << 16


@dataclass(slots=True)
class Run:
    """One virtual machine over tests that wait: what it has told so far."""

    waiting: list[dict[str, Any]]
    unread: bytes = b""
    begun: str = ""
    since: float = field(default_factory=time.monotonic)


def test(order: dict[str, Any], cache: Path, scratch: Path) -> int:
    """Run the order's tests."""
    made = plan.load(folder_of(order, cache)) if order["tool"] == "maven" else None
    if made is None or not made.way:
        return reports.test(order)
    waiting: list[dict[str, Any]] = list(order["tests"])
    while waiting:
        waiting = _round(order, made, cache, scratch, waiting)
    return 0


def _round(
    order: dict[str, Any], made: Plan, cache: Path, scratch: Path, waiting: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """One virtual machine, until it has told of all tests or can tell of no more; the tests that are left."""
    child = subprocess.Popen(  # noqa: S603 -- the project's tests, in the sandbox
        _command(order, made, cache, scratch),
        cwd=made.working,
        env={**os.environ, **made.env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdin and child.stdout  # noqa: S101, PT018 -- for the type checker
    lines = (f"{each['number']} {each['code']} {each['class']} {each['method']}\n" for each in waiting)
    with contextlib.suppress(OSError):
        child.stdin.write("".join(lines).encode())
        child.stdin.close()
    run = Run(list(waiting))
    late = _followed(child, run, order["timeout_s"])
    with contextlib.suppress(OSError):
        os.killpg(child.pid, signal.SIGKILL)
    status = child.wait()
    if run.waiting:
        first = run.waiting.pop(0)
        tell(*(("late", first["number"]) if late else ("gone", first["number"], str(status))))
    return run.waiting


def _command(order: dict[str, Any], made: Plan, cache: Path, scratch: Path) -> list[str]:
    shared = [plan.in_cache(path, cache) for path in made.shared]
    classpath = [plan.in_cache(path, cache) for path in made.classpath]
    archive = folder_of(order, cache) / "tests.jsa"
    if jdk.archives(order["java"]) and made.way == "Platform" and not archive.is_file():
        _archive(order, shared, archive)
    flags = [*jdk.archived(archive), *made.flags]
    whole = ":".join([*shared, str(scratch / "classes"), *classpath])
    return [*jdk.java(order["java"], flags), "-cp", whole, "copelsp.Tests", made.way]


def _archive(order: dict[str, Any], shared: list[str], archive: Path) -> None:
    """Let a run of a sample write down which classes any test needs."""
    flags = jdk.archiving(archive)
    subprocess.run(  # noqa: S603 -- our own launcher, in the sandbox
        [*jdk.java(order["java"], flags), "-cp", ":".join(shared), "copelsp.Tests", "Platform"],
        input=b"0 0 copelsp.Sample passes\n1 1 copelsp.Sample fails\n",
        capture_output=True,
        check=False,
    )


def _followed(child: subprocess.Popen[bytes], run: Run, timeout_s: float) -> bool:
    """Read what it tells until it ends; whether the test that has begun took too long."""
    assert child.stdout  # noqa: S101 -- for the type checker
    stream = child.stdout.fileno()
    while run.waiting:
        allowed = timeout_s if run.begun else _START_S + timeout_s
        left = run.since + allowed - time.monotonic()
        if left <= 0:
            return True
        if not select.select([stream], [], [], min(left, 0.2))[0]:
            if child.poll() is not None:
                return False
            continue
        more = os.read(stream, _CHUNK)
        if not more:
            return False
        _heard(run, more)
    return False


def _heard(run: Run, more: bytes) -> None:
    *lines, run.unread = (run.unread + more).split(b"\n")
    run.unread = run.unread[-_CHUNK:]
    for line in lines:
        if run.waiting:
            _line(run, line.decode("utf-8", "replace").split(" "))


def _line(run: Run, words: list[str]) -> None:
    """One line of the launcher's, or of anyone who prints: only the test whose turn it is can be told of."""
    first = run.waiting[0]
    if len(words) < 2 or words[1] != first["number"]:  # noqa: PLR2004 -- a word and a number
        return
    if words[0] == "begin" and run.begun != first["number"]:
        run.begun, run.since = first["number"], time.monotonic()
    elif words[0] == "fail" or words == ["ok", first["number"], first["code"]]:
        tell(*words[:3])
        run.waiting.pop(0)
        run.since = time.monotonic()
