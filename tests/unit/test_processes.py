"""The programs that are ours: empty stdin, own session, and none of them outlives us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import anyio
import psutil
import pytest

from cope_lsp import processes

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = sys.executable


def gone(pid: int, seconds: float = 3.0) -> bool:
    """Whether a process ends within some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


async def test_a_program_gets_its_input_and_says_its_output() -> None:
    """Bytes in, bytes out, exit status."""
    code = "import sys; d = sys.stdin.read(); print(d.upper()); print('e', file=sys.stderr); sys.exit(3)"
    done = await processes.run([PYTHON, "-c", code], input_bytes=b"abc", timeout_s=20)
    assert done == processes.Completed(3, b"ABC\n", b"e\n")


async def test_without_input_stdin_is_empty() -> None:
    """A child can never read the protocol."""
    done = await processes.run([PYTHON, "-c", "import sys; print(repr(sys.stdin.read()))"], timeout_s=20)
    assert done.stdout == b"''\n"


async def test_large_input_and_output_do_not_block_each_other() -> None:
    """A program that writes while it reads is fine."""
    data = b"x" * 2_000_000
    code = "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"
    assert (await processes.run([PYTHON, "-c", code], input_bytes=data, timeout_s=30)).stdout == data


async def test_a_program_that_does_not_read_its_input_is_fine() -> None:
    """A closed pipe is no error."""
    done = await processes.run([PYTHON, "-c", "print(1)"], input_bytes=b"x" * 2_000_000, timeout_s=20)
    assert done.stdout == b"1\n"


async def test_a_missing_program_is_said() -> None:
    """FileNotFoundError, as from any start."""
    with pytest.raises(FileNotFoundError, match="no program surely-not-here"):
        await processes.run(["surely-not-here"], timeout_s=1)


async def test_a_timeout_kills_the_whole_group(tmp_path: Path) -> None:
    """Also a grandchild that refuses SIGTERM."""
    pids = tmp_path / "pids"
    code = (
        "import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(60)"
    )
    with pytest.raises(TimeoutError):
        await processes.run([PYTHON, "-c", code], timeout_s=2)
    assert all(gone(int(pid)) for pid in pids.read_text().split())


async def test_cancelling_kills_the_program() -> None:
    """Before the cancelled call returns."""
    began = time.monotonic()
    with anyio.move_on_after(0.3):
        await processes.run(["sleep", "60"], timeout_s=120)
    assert time.monotonic() - began < 10
    assert not [child for child in psutil.Process().children() if child.name() == "sleep"]


async def test_a_program_that_stays_is_in_its_own_session_until_it_is_stopped() -> None:
    """An interrupt of the editor's terminal does not reach it; `stop` does."""
    process = await processes.start(["sleep", "60"])
    assert os.getsid(process.pid) == process.pid
    await processes.stop(process)
    assert gone(process.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent by itself")
def test_a_program_dies_with_us_even_by_sigkill() -> None:
    """No child is left when the server is killed without a chance to clean up."""
    code = (
        "import anyio\nfrom cope_lsp import processes\n"
        "async def main():\n"
        "    process = await processes.start(['sleep', '60'])\n"
        "    await anyio.sleep(0.5)\n"
        "    print(process.pid, flush=True)\n"
        "    await anyio.sleep(60)\n"
        "anyio.run(main)"
    )
    with subprocess.Popen([PYTHON, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert psutil.Process(child).name() == "sleep"
        parent.send_signal(signal.SIGKILL)
        assert gone(child)
